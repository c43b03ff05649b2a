"""A technician who speaks Dutch reads no English: in every help, in what goes wrong and in what goes well."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import click
import pytest

from firmware_tools.command import main
from tests.bundle.makers import MADE, packages
from tests.firmware_tools.test_help import SPOKEN, commands
from tests.tour.servers import BIN

# words that English sentences are made of and Dutch ones are not
ENGLISH = re.compile(
    r"\b(the|and|with|this|that|for|not|from|are|has|have|must|there|does|it|only|no|to|by|be|file|text|"
    r"missing|invalid|usage|error|options?|commands?|try|show|did|you|made|built|signed|fresh|good|wrong|"
    r"integer|float|directory|required|default|unexpected)\b",
    re.IGNORECASE,
)
# what is typed exactly so in every language: options, values, files and the columns of a list
TYPED = re.compile(
    r"--[a-z-]+|'[^']*'|`[^`]*`|desk-token-tool .*|\S+\.(?:key|pub|json|csv|jsonl|toml)\b|/\S+|\[[a-z|]+\]"
    r"|name, address, fingerprint, code|for=\S+"
)
ROWS = "address,name,code\n"
MISSPELLED = {
    "no command": [],
    "a command that is none": ["prepared"],
    "an option that is none": ["prepare", "--boots", "x"],
    "an option without its value": ["prepare", "--boot"],
    "a choice that is none": ["prepare", "--suite", "buster"],
    "a folder that is not there": ["prepare", "--boot", "/nowhere"],
    "a file that is not there": ["audit", "/nowhere"],
    "an argument that is missing": ["bundle", "sign"],
    "an option that is missing": ["bundle", "verify", "x"],
    "too many arguments": ["audit", "/dev/null", "more"],
    "a number that is none": ["bundle", "verify", "x", "--root", "y", "--at", "noon"],
    "a number out of its range": ["line", "--book", "x", "--count", "0"],
    "a value for a flag": ["profiles", "--json=yes"],
    "too few values of two": ["bundle", "rotate", "x", "--joins", "root"],
    "a role that is none": ["bundle", "rotate", "x", "--joins", "roof", "new.pub", "--key", "k"],
    "a name that is none": ["prepare", "--boot", ".", "--name", "Token 1"],
    "a country that is none": ["provision", "--ssid", "Station", "--country", "Holland"],
    "a port that is not there": ["selftest", "--port", "/nowhere"],
    "a disk that is none": ["prepare", "--image", "/etc/hostname", "--disk", "/dev/none"],
    "a key that is none": ["prepare", "--boot", ".", "--key", "/etc/hostname"],
    "a list that is none": ["fleet", "status", "--list", "rows.csv"],
    "a setting that is none": ["fleet", "set", "volume", "11", "--list", "rows.csv"],
    "a portal list that is none": ["fleet", "inventory", "--portal-csv", "rows.csv"],
    "a batch that is none": ["prepare", "--boot", ".", "--batch", "rows.csv"],
    "an audit log that is none": ["audit", "rows.csv"],
    "a configuration that is none": ["profiles", "--config", "rows.csv"],
    "a configuration that is not there": ["profiles", "--config", "none.toml"],
    "a folder without profiles": ["profiles", "--folder", "."],
}  # fmt: skip


def run(folder: Path, *words: object, language: str = "nl") -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "desk-token-tool"), "--language", language, *map(str, words)]
    env = {**os.environ, "COLUMNS": "100"}
    return subprocess.run(
        command,
        cwd=folder,
        env=env,
        input="",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def english_in(said: str) -> list[str]:
    """The English words of what a person read."""
    return ENGLISH.findall(TYPED.sub("", said))


@pytest.mark.parametrize("path", [path for path, _command in commands(main)])
def test_no_help_has_an_english_word(path: str, tmp_path: Path) -> None:
    done = run(tmp_path, *path.split(), "--help")
    assert english_in(done.stdout + done.stderr) == [], done.stdout
    assert len(english_in(SPOKEN["en"][path].get_help(click.Context(SPOKEN["en"][path])))) > 3


@pytest.mark.parametrize("words", MISSPELLED.values(), ids=MISSPELLED)
def test_no_trouble_is_told_in_english(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(ROWS)
    done = run(tmp_path, *words)
    assert done.returncode in (1, 2, 3), done.stderr
    assert done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert english_in(done.stdout + done.stderr) == [], done.stdout + done.stderr


def test_the_same_trouble_is_english_for_who_speaks_it(tmp_path: Path) -> None:
    """Without this the test above could not fail."""
    for name in ("a choice that is none", "a file that is not there", "a disk that is none"):
        done = run(tmp_path, *MISSPELLED[name], language="en")
        assert len(english_in(done.stdout + done.stderr)) > 1


def test_the_life_of_a_bundle_is_told_in_dutch(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("a passphrase for a test\n")
    (tmp_path / "wheels").mkdir()
    for name, content in packages("1.2.0").items():
        (tmp_path / "wheels" / name).write_bytes(content)
    opens, at = ("--passphrase-file", "words"), ("--at", MADE)
    build = ("build", "--wheels", "wheels", "--roots", "keys", "--version", "1.2.0", "--hardware", "aarch64",
             "--python", "cp311", "--out", "b.desk-token", *at)  # fmt: skip
    sign = ("sign", "b.desk-token", "--key", "keys/targets-1.key", "--key", "keys/online.key")
    verify = ("verify", "b.desk-token", "--root", "keys/1.root.json", "--at", MADE + 60)
    told = [
        (("keys", "keys", *opens, *at), 0, "gemaakt   3 rootsleutels"),
        (("keys", "keys", *opens, *at), 1, "Fout: keys is er al en wordt nooit overschreven"),
        (build, 0, "gemaakt   b.desk-token: versie 1.2.0, 2 pakketten; nog niet ondertekend"),
        (build, 1, "Fout: b.desk-token is er al"),
        (verify, 1, "fout   De update is niet door genoeg"),
        ((*sign, *opens), 0, "getekend  targets met targets-1.key"),
        ((*sign, "--passphrase-file", "wheels.txt"), 1, "Fout: wheels.txt is er niet"),
        (verify, 0, "goed   versie 1.2.0 voor aarch64, cp311, 2 pakketten"),
        (("refresh", "b.desk-token", "--key", "keys/online.key", *opens, "--at", MADE + 9), 0, "vers      voor 7"),
        (("rotate", "keys/1.root.json", "--key", "keys/root-1.key", *opens, *at), 1, "Fout: te weinig sleutels"),
        (("sign", "nowhere", "--key", "keys/online.key", *opens), 1, "Fout: nowhere is er niet"),
        (("sign", "keys", "--key", "keys/online.key", *opens), 2, "'keys' is een map"),
    ]  # fmt: skip
    for words, code, said in told:
        done = run(tmp_path, "bundle", *words)
        everything = done.stdout + done.stderr
        assert (done.returncode, said in everything) == (code, True), everything
        assert english_in(everything) == [], everything


def test_what_a_key_file_lacks_is_said_in_dutch_and_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "b.key").write_bytes(b"\xff\xfe")
    (tmp_path / "words").write_bytes(b"\xff\xfe\xff")
    for opens, said in (("words", "words is geen tekst"), ("b.key", "b.key is geen tekst")):
        done = run(tmp_path, "bundle", "keys", "new", "--passphrase-file", opens)
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr
        assert not (tmp_path / "new").exists()
