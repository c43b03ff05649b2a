"""The archive: one form and no other, whole or refused, and the same bytes for the same members."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.errors import Refused
from appliance.wire.bundle import NOT_ONE
from appliance.wire.bundle_archive import CUT_SHORT, Member, index, pack, read
from tests.bundle.makers import MADE, Vendor

NAMES = st.from_regex(r"(metadata|targets)/[a-z0-9_]{1,20}", fullmatch=True)
MEMBERS = st.dictionaries(NAMES, st.binary(max_size=1500), min_size=1, max_size=6)


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    pack(out, sorted(members.items()), MADE)
    return out.getvalue()


def indexed(content: bytes) -> dict[str, Member]:
    return dict(index(io.BytesIO(content), len(content)))


@given(MEMBERS)
def test_what_is_packed_is_read_back(members: dict[str, bytes]) -> None:
    content = packed(members)
    whole = io.BytesIO(content)
    assert {name: read(whole, at, 2000) for name, at in indexed(content).items()} == members


def test_it_is_an_ordinary_tar(tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(packed({"metadata/a": b"1", "targets/b": b"22"}))
    done = subprocess.run(["tar", "tf", file], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("metadata/a\ntargets/b\n", "")


@given(MEMBERS, st.data())
def test_a_file_that_was_cut_anywhere_is_said_to_be_incomplete(
    members: dict[str, bytes], data: st.DataObject
) -> None:
    content = packed(members)
    at = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(Refused, match=CUT_SHORT):
        indexed(content[:at])


@given(MEMBERS, st.data())
def test_a_header_with_any_byte_changed_is_refused(
    members: dict[str, bytes], data: st.DataObject
) -> None:
    content = bytearray(packed(members))
    at, bit = data.draw(st.integers(0, 511)), data.draw(st.integers(0, 7))
    content[at] ^= 1 << bit
    with pytest.raises(Refused):
        indexed(bytes(content))


def odd(**changed: object) -> bytes:
    """An archive as another program would write it."""
    entry = tarfile.TarInfo("targets/a")
    entry.mtime, entry.mode = MADE, 0o644
    for key, value in changed.items():
        setattr(entry, key, value)
    kind = tarfile.PAX_FORMAT if "pax_headers" in changed else tarfile.USTAR_FORMAT
    return entry.tobuf(kind) + bytes(20480)


@pytest.mark.parametrize(
    "content",
    [
        odd(name="../../etc/passwd"),
        odd(name="targets/../../evil"),
        odd(name="/targets/a"),
        odd(name="targets/wheels/deep/a"),
        odd(type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        odd(type=tarfile.LNKTYPE, linkname="targets/b"),
        odd(type=tarfile.DIRTYPE),
        odd(type=tarfile.CHRTYPE),
        odd(type=tarfile.GNUTYPE_SPARSE),
        odd(mode=0o777),
        odd(uid=1000),
        odd(uname="root"),
        odd(pax_headers={"path": "/etc/passwd"}),
        b"PK\3\4" + bytes(10236),
        bytes(512) + b"x" * 9728,
    ],
)
def test_path_escapes_links_and_other_forms_are_refused(content: bytes) -> None:
    with pytest.raises(Refused, match=NOT_ONE):
        indexed(content)


def test_two_members_of_one_name_or_out_of_order_are_refused() -> None:
    for names in (("targets/a", "targets/a"), ("targets/b", "targets/a")):
        out = io.BytesIO()
        pack(out, [(name, b"1") for name in names], MADE)
        with pytest.raises(Refused, match=NOT_ONE):
            indexed(out.getvalue())


def test_a_size_that_reaches_beyond_the_file_is_incomplete_and_never_read() -> None:
    entry = tarfile.TarInfo("targets/a")
    entry.mtime, entry.mode, entry.size = MADE, 0o644, 8**11 - 1
    content = entry.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict") + bytes(10240)
    with pytest.raises(Refused, match=CUT_SHORT):
        indexed(content)


def test_a_file_that_is_too_big_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refused, match="too big"):
        index(io.BytesIO(), 513 * 1024 * 1024)


def test_thousands_of_members_are_refused() -> None:
    with pytest.raises(Refused, match=NOT_ONE):
        indexed(packed({f"targets/{number:04}": b"" for number in range(3000)}))


def test_two_builds_of_a_release_are_the_same_bytes() -> None:
    assert Vendor().bundle() == Vendor().bundle()
