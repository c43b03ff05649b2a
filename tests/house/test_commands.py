"""The commands of the house: setup says what is missing in one sentence, help lists all, CI runs the README's words."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.house.source import ROOT

SENTENCES = {
    "no apt-get": (
        [],
        "please install these with your system's package tool: python3-venv libzbar0",
    ),
    "no root and no sudo": (
        ["apt-get"],
        "please run as root: apt-get install python3-venv libzbar0",
    ),
}


def machine(folder: Path, *programs: str, python: str = "exit 0") -> dict[str, str]:
    """A machine where nothing is installed: the only programs are these, and none knows a package."""
    scripts = {
        "dpkg-query": "exit 1",
        "id": "echo 1000",
        "python3": python,
        **dict.fromkeys(programs, "exit 1"),
    }
    for name, script in scripts.items():
        path = folder / name
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)
    return {"PATH": str(folder)}


def set_up(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = ["/bin/bash", str(ROOT / "config" / "setup")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("programs", "sentence"), SENTENCES.values(), ids=SENTENCES.keys())
def test_setup_says_in_one_sentence_what_it_cannot_do(
    tmp_path: Path, programs: list[str], sentence: str
) -> None:
    done = set_up(machine(tmp_path, *programs))
    assert done.returncode == 1
    assert done.stderr.startswith(f"setup: {sentence}")
    assert len(done.stderr.splitlines()) == 1


def test_setup_refuses_a_python_that_is_too_old(tmp_path: Path) -> None:
    old = '[[ $1 == -V ]] && echo "Python 3.9.2" || exit 1'
    done = set_up(machine(tmp_path, python=old))
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed, this one is Python 3.9.2" in done.stderr


def test_setup_says_nothing_when_nothing_is_missing(tmp_path: Path) -> None:
    environment = machine(tmp_path)
    (tmp_path / "dpkg-query").write_text('#!/bin/bash\necho -n "install ok installed"\n')
    done = set_up(environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_help_lists_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text()
    public = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()) - {"system"}
    done = subprocess.run(
        ["make", "--silent", "help"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert {line.split()[1] for line in done.stdout.splitlines()} == public


def test_ci_runs_the_test_command_of_the_readme_and_then_the_checks() -> None:
    commands = [
        line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line.startswith("make")
    ]
    assert commands[:2] == ["make test", "make check"]
    assert "make test" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("lock", ["device", "portal", "tools", "test"])
def test_every_dependency_is_locked_and_every_lock_has_its_hashes(lock: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = {"device": [], "test": ["portal", "tools", "test"]}.get(lock, [lock])
    further = (name for extra in extras for name in project["optional-dependencies"][extra])
    wanted = [
        *project["dependencies"],
        *(name for name in further if not name.startswith("desk-token")),
    ]
    entries = (
        (ROOT / "config" / "locks" / f"{lock}.txt").read_text().replace("\\\n", "").splitlines()
    )
    assert all("--hash=sha256:" in entry for entry in entries)
    locked = {plain(entry.split("==")[0]) for entry in entries}
    assert {plain(re.split(r"[<>=\[]", name)[0]) for name in wanted} <= locked


def test_the_device_installs_nothing_that_only_the_portal_or_a_test_needs() -> None:
    text = (ROOT / "config" / "locks" / "device.txt").read_text().lower()
    assert not re.findall(
        r"^(sqlalchemy|psycopg|authlib|uvicorn|pytest|hypothesis)==", text, re.MULTILINE
    )


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
