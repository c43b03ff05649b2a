"""`desk-token-tool bundle`: the whole life of a bundle at the bench, and a sentence for everything that is refused."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from firmware_tools.command import main
from tests.bundle.makers import MADE, packages

WORDS = "a passphrase for a test"


class Bench:
    """A folder with keys, packages and the tool."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keys, self.file = folder / "keys", folder / "a.desk-token"
        (folder / "words").write_text(WORDS + "\n")
        (folder / "wheels").mkdir()
        for name, content in packages("1.2.0").items():
            (folder / "wheels" / name).write_bytes(content)

    def run(self, *words: object) -> Result:
        return CliRunner().invoke(main, ["bundle", *map(str, words)])

    def made(self) -> Result:
        return self.run("keys", self.keys, *self.opens, "--at", MADE - 100)

    @property
    def opens(self) -> tuple[object, ...]:
        return ("--passphrase-file", self.folder / "words")

    def built(self, **changed: object) -> Result:
        values = {
            "wheels": self.folder / "wheels",
            "roots": self.keys,
            "version": "1.2.0",
            "hardware": "aarch64",
            "python": "cp311",
            "out": self.file,
            "at": MADE,
        }
        words = [(f"--{key}", value) for key, value in {**values, **changed}.items()]
        return self.run("build", *(word for pair in words for word in pair))

    def signs(self, *names: str) -> Result:
        given = [word for name in names for word in ("--key", self.keys / name)]
        return self.run("sign", self.file, *given, *self.opens)

    def verified(self, *more: object) -> Result:
        root = self.keys / "1.root.json"
        return self.run("verify", self.file, "--root", root, "--at", MADE + 60, *more)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    assert bench.made().exit_code == 0
    return bench


def test_keys_build_sign_and_verify(bench: Bench) -> None:
    assert bench.built().exit_code == 0
    assert (
        bench.verified().output == "wrong  The update is not signed by enough of the right keys\n"
    )
    assert bench.signs("targets-2.key", "online.key").exit_code == 0
    assert bench.verified().output == "good   version 1.2.0 for aarch64, cp311, 2 packages\n"
    told = json.loads(bench.verified("--json").stdout)
    assert told["manifest"]["version"] == "1.2.0"


def test_private_keys_lie_under_their_passphrase_and_for_their_owner_alone(bench: Bench) -> None:
    for file in bench.keys.glob("*.key"):
        assert b"ENCRYPTED" in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0


def test_a_key_is_never_written_over(bench: Bench) -> None:
    before = {path: path.read_bytes() for path in bench.keys.iterdir()}
    again = bench.made()
    assert again.exit_code == 1
    assert "is there already and is never written over" in again.output
    assert {path: path.read_bytes() for path in bench.keys.iterdir()} == before


def test_a_wrong_passphrase_signs_nothing(bench: Bench) -> None:
    bench.built()
    before = bench.file.read_bytes()
    (bench.folder / "words").write_text("something else entirely")
    done = bench.signs("targets-1.key")
    assert (done.exit_code, bench.file.read_bytes()) == (1, before)
    assert "does not open with this passphrase" in done.output
    assert WORDS not in done.output


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("short")
    words = ["bundle", "keys", str(tmp_path / "k"), "--passphrase-file", str(tmp_path / "words")]
    assert "at least 12 characters" in CliRunner().invoke(main, words).output


def test_a_root_key_signs_no_bundle(bench: Bench) -> None:
    bench.built()
    assert "this key may sign nothing in this bundle" in bench.signs("root-1.key").output


def test_what_a_device_takes_from_its_system_stays_out(bench: Bench) -> None:
    (bench.folder / "wheels" / "numpy-2.4.6-cp311-cp311-linux_aarch64.whl").write_bytes(b"x")
    assert bench.built().exit_code == 0
    with zipfile.ZipFile(bench.file) as written:
        assert not [name for name in written.namelist() if "numpy" in name]


def test_a_package_that_the_lock_does_not_name_is_refused(bench: Bench) -> None:
    lock = bench.folder / "lock.txt"
    lock.write_text("other==1.0 --hash=sha256:" + "0" * 64 + "\n")
    done = bench.built(lock=lock)
    assert done.exit_code == 1
    assert "other-1.0-py3-none-any.whl is not the file that the lock names" in done.output
    assert not bench.file.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"version": "1.2"}, "not such as a device takes"),
        ({"minimum": "2.0.0"}, "not such as a device takes"),
        ({"python": "311"}, "not such as a device takes"),
        ({"hardware": "Pi 5"}, "not such as a device takes"),
    ],
)
def test_a_release_that_no_device_would_take_is_not_built(
    bench: Bench, changed: dict[str, object], sentence: str
) -> None:
    done = bench.built(**changed)
    assert (done.exit_code, bench.file.exists()) == (1, False)
    assert sentence in done.output


def test_packages_for_another_python_are_not_built_in(bench: Bench) -> None:
    name = "other-1.0-cp313-cp313-manylinux_2_17_aarch64.whl"
    (bench.folder / "wheels" / "other-1.0-py3-none-any.whl").rename(bench.folder / "wheels" / name)
    assert "is for another Python than cp311" in bench.built().output


def test_a_rotation_needs_two_of_the_old_root_keys(bench: Bench) -> None:
    old = bench.keys / "1.root.json"
    more = Bench.run(bench, "keys", bench.folder / "new", *bench.opens, "--at", MADE)
    assert more.exit_code == 0
    words = ("rotate", old, "--leaves", bench.keys / "targets-1.pub", "--joins", "targets",
             bench.folder / "new" / "targets-1.pub", *bench.opens, "--at", MADE)  # fmt: skip
    alone = bench.run(*words, "--key", bench.keys / "root-1.key")
    assert alone.exit_code == 1
    assert "too few keys of the root before have signed" in alone.output
    both = bench.run(*words, "--key", bench.keys / "root-1.key", "--key", bench.keys / "root-3.key")
    assert both.exit_code == 0
    assert (bench.keys / "2.root.json").is_file()


def test_a_stale_bundle_is_made_fresh_without_the_key_of_its_content(bench: Bench) -> None:
    bench.built()
    bench.signs("targets-1.key", "online.key")
    late = MADE + 20 * 86400
    online = ("--key", bench.keys / "online.key", *bench.opens)
    assert bench.run("refresh", bench.file, *online, "--at", late).exit_code == 0
    root = bench.keys / "1.root.json"
    assert bench.run("verify", bench.file, "--root", root, "--at", late + 60).exit_code == 0


def test_every_command_tells_scripts_one_json_line(bench: Bench) -> None:
    opens, online = bench.opens, bench.keys / "online.key"
    build = [word for pair in (("--wheels", bench.folder / "wheels"), ("--roots", bench.keys),
             ("--version", "1.2.0"), ("--hardware", "aarch64"), ("--python", "cp311"),
             ("--out", bench.file), ("--at", MADE)) for word in pair]  # fmt: skip
    runs = [
        ("keys", bench.folder / "more", *opens),
        ("build", *build),
        ("sign", bench.file, "--key", bench.keys / "targets-1.key", *opens),
        ("refresh", bench.file, "--key", online, *opens, "--at", MADE + 86400),
    ]
    for words in runs:
        assert json.loads(bench.run(*words, "--json").stdout), words


def test_a_ceremony_that_was_interrupted_leaves_no_folder_that_looks_done(tmp_path: Path) -> None:
    half = tmp_path / ".keys.draft"
    half.mkdir()
    (half / "root-1.key").write_bytes(b"half")
    done = Bench(tmp_path).made()
    assert done.exit_code == 0
    assert not half.exists()
    assert b"ENCRYPTED" in (tmp_path / "keys" / "root-1.key").read_bytes()


def test_two_runs_make_the_same_bytes(bench: Bench) -> None:
    files = []
    for name in ("one", "two"):
        bench.file = bench.folder / f"{name}.desk-token"
        bench.built(out=bench.file)
        bench.signs("online.key", "targets-1.key")
        files.append(bench.file.read_bytes())
    assert files[0] == files[1]
