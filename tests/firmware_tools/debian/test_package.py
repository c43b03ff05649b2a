"""The Debian package as dpkg sees it: nothing of systemd/ is forgotten, and two builds are one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from firmware_tools.debian.package import PLACES, build
from firmware_tools.debian.target import Target

PROJECT = Path(__file__).resolve().parents[3]
TRIXIE = Target("trixie", "arm64")


def fill(slot: Path) -> None:
    """A slot with next to nothing in it, made anew each time."""
    (slot / "bin").mkdir()
    (slot / "bin" / "desk-token").write_text("#!/bin/sh\n")
    (slot / "bin" / "desk-token").chmod(0o755)


def made(into: Path, project: Path = PROJECT) -> Path:
    into.mkdir(parents=True, exist_ok=True)
    return build(project, into, TRIXIE, "1.2.3", 1_700_000_000, fill)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("deb"))


def told(*words: str | Path) -> str:
    return subprocess.run([*map(str, words)], capture_output=True, text=True, check=True).stdout


def test_every_file_of_the_units_folder_is_in_the_package(package: Path) -> None:
    listed = told("dpkg-deb", "--contents", package)
    for path in (PROJECT / "systemd").rglob("*"):
        if path.is_file():
            place = PLACES.get(f"systemd/{path.relative_to(PROJECT / 'systemd')}", path.name)
            assert f"{place}\n" in listed, path.name


def test_two_builds_in_different_places_are_equal_byte_for_byte(
    package: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "elsewhere"
    for folder in ("systemd", "config"):
        shutil.copytree(PROJECT / folder, copy / folder)
    for name in PLACES:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PROJECT / name, copy / name)
        shutil.copymode(PROJECT / name, copy / name)
    assert made(tmp_path / "other", copy).read_bytes() == package.read_bytes()


def test_what_a_person_may_change_is_marked_as_configuration(package: Path) -> None:
    marked = told("dpkg-deb", "--info", package, "conffiles").split()
    assert "/etc/desk-token/desk-token.toml" in marked
    assert all(path.startswith("/etc/desk-token/") for path in marked)


def test_the_package_fits_the_release_it_was_made_for(package: Path) -> None:
    needs = told("dpkg-deb", "--field", package, "Depends")
    assert "python3 (>= 3.13), python3 (<< 3.14)" in needs
    assert told("dpkg-deb", "--field", package, "Architecture").strip() == "arm64"


@pytest.mark.parametrize("script", ["postinst", "prerm", "postrm"])
def test_no_word_is_left_open_in_a_script_and_a_shell_can_read_it(
    package: Path, script: str, tmp_path: Path
) -> None:
    told("dpkg-deb", "--control", package, tmp_path / "control")
    text = (tmp_path / "control" / script).read_text()
    assert "@" not in text
    told("sh", "-n", tmp_path / "control" / script)


def test_the_connection_of_the_cable_is_private_as_networkmanager_demands(package: Path) -> None:
    (line,) = (
        line
        for line in told("dpkg-deb", "--contents", package).splitlines()
        if line.endswith(".nmconnection")
    )
    assert line.startswith("-rw------- root/root")
