"""What fuzzing has found and what was mended since, each with the shortest input that shows it."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import httpx
import msgspec
import pytest

from appliance.authenticator.control import Control
from appliance.config import ConfigTrouble, load
from appliance.core.errors import Refused
from appliance.core.screen import name
from appliance.courier.event_stream import letters
from appliance.credentials.candidates import NotTaken
from appliance.credentials.scanned import Sort, Unknown, understand
from appliance.wire.asking import Identify, Identity
from appliance.wire.call import Call, Reply
from appliance.wire.enrolment import open_grant
from appliance.wire.framing import END, Line
from tests.fuzz.letters import AGREEING, SIGNING, base64url
from tests.house.source import ROOT

PEAK = """
import resource, sys
from appliance.scanner.images import picture_from
data = sys.stdin.buffer.read()
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
assert picture_from(data).shape == (4000, 5000)
print(before, peak())
"""


def test_a_grant_for_a_key_of_another_kind_is_refused() -> None:
    header = b'{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}}'
    with pytest.raises(Refused, match="The portal's answer is not valid"):
        open_grant(f"{base64url(header)}..AAAA.AAAA.AAAA", AGREEING, [SIGNING])


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 3000, "a = " + "9" * 5000, '"\\u001b[31m" = 1', "x" * 900 + " = 1"],
    ids=["deep", "long number", "terminal signs", "long key"],
)
def test_a_hostile_configuration_is_one_short_plain_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "desk-token.toml"
    path.write_text(text)
    with pytest.raises(ConfigTrouble) as trouble:
        load(path)
    assert str(trouble.value).isprintable()
    assert len(str(trouble.value)) < 400


@pytest.mark.parametrize("origin", ["https://lo gin.example", "https://a,b", "https://a\\\\b"])
def test_an_allowed_origin_has_a_host_that_exists(tmp_path: Path, origin: str) -> None:
    path = tmp_path / "desk-token.toml"
    path.write_text(f'[hardware]\nprofile = "any"\n[portal]\nallow = ["{origin}"]\n')
    (tmp_path / "profiles").mkdir()
    board = 'name = "x"\n[display]\ndriver = "sh1106"\nbus = "i2c"\n[keys]\nok = 5\n'
    (tmp_path / "profiles" / "any.toml").write_text(board)
    with pytest.raises(ConfigTrouble, match="each entry is an https origin"):
        load(path)


@pytest.mark.parametrize("origin", ["http://127.5.5.5", "http://LOCALHOST"])
def test_a_link_to_where_the_courier_may_not_go_is_refused(origin: str) -> None:
    with pytest.raises(NotTaken, match="must begin with https"):
        understand(f"{origin}/e#ABCDEFGHIJKLMNOPQRSTUVWXY2")


@pytest.mark.parametrize("origin", ["http://[::1]:5000", "https://[::1]"])
def test_an_address_that_no_enrolment_can_use_is_not_a_link(origin: str) -> None:
    assert understand(f"{origin}/e#ABCDEFGHIJKLMNOPQRSTUVWXY2") == Unknown(Sort.WEB)


@pytest.mark.parametrize("coding", ["hex", "undefined", "zlib", "utf-7", "idna"])
def test_no_content_type_names_the_codec_that_reads_the_stream(coding: str) -> None:
    response = httpx.Response(
        200,
        headers={"content-type": f"text/event-stream; charset={coding}"},
        content=b"id: 5\nevent: letter\ndata: abc\n\n",
    )
    assert list(letters(response)) == [(5, "abc")]


@pytest.mark.parametrize(
    ("words", "clean"),
    [
        ("a \u200b b", "a b"),
        ("\u200b x", "x"),
        ("e\u200b\u0301", "é"),
        ("a" * 511 + " b", "a" * 511),
    ],
    ids=["hidden between spaces", "hidden in front", "hidden in a letter", "cut at a space"],
)
def test_a_clean_name_has_single_spaces_and_whole_letters(words: str, clean: str) -> None:
    assert name(words).words == clean


def test_two_calls_in_one_breath_get_two_replies(tmp_path: Path) -> None:
    users = {"console": frozenset({os.getuid()})}
    control = Control(tmp_path, users, lambda _role, _asked: Identity("serial", "1"), lambda: 0.0)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(10.0)
        caller.connect(str(tmp_path / "console.sock"))
        call = msgspec.json.encode(Call(Identify.__name__)) + END
        caller.sendall(call + call)
        line = Line(caller)
        replies: list[Reply | None] = [line.receive(Reply) for _ in range(2)]
    control.close()
    assert [reply.error for reply in replies if reply] == ["", ""]


@pytest.mark.parametrize(
    ("depth", "kind", "channels"),
    [(8, 0, 1), (16, 0, 1), (8, 2, 3), (8, 3, 1), (8, 6, 4), (16, 6, 4), (16, 4, 2)],
    ids=["grey", "deep grey", "colour", "palette", "transparent", "deep", "deep grey transparent"],
)
def test_the_largest_picture_fits_the_scanners_memory(depth: int, kind: int, channels: int) -> None:
    """In a process of its own, which tells its peak before and after, in kilobytes."""
    header = struct.pack(">IIBBBBB", 5000, 4000, depth, kind, 0, 0, 0)
    rows = zlib.compress(bytes((5000 * channels * depth // 8 + 1) * 4000), 1)
    palette = (b"PLTE", bytes(6)), (b"tRNS", b"\0")
    chunks = [(b"IHDR", header), *(palette if kind == 3 else ()), (b"IDAT", rows), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    done = subprocess.run(
        [sys.executable, "-c", PEAK], input=data, capture_output=True, check=True, cwd=ROOT
    )
    before, after = map(int, done.stdout.split())
    assert after - before < 180_000
