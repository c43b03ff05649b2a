"""The supply chain: two builds are equal, licences are on the list, and the papers of a release say what they must."""

from __future__ import annotations

import email.message
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bundle.makers import MADE, packages
from tests.supply import licences, wheels
from tests.supply.release import ROOT, contents

SOURCE = ("appliance", "web", "firmware_tools", "pyproject.toml", "README.md", "LICENSE")
BUILD = """
import sys; from pathlib import Path; from tests.supply.release import built
built(Path(sys.argv[1]), Path(sys.argv[2]), 1_790_000_000)
"""


def copied(folder: Path) -> Path:
    """The source in a folder of its own, without what a run leaves behind."""
    for name in SOURCE:
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(place, folder / name)
    return folder


def build(folder: Path, zone: str, umask: int, user: str) -> dict[str, bytes]:
    """Wheel and sdist, built somewhere by somebody."""
    out = folder / "out"
    out.mkdir(parents=True)
    world = {"TZ": zone, "USER": user, "HOME": str(folder), "LC_ALL": "C", "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-c", BUILD, str(copied(folder / "source")), str(out)],
        env={"PATH": os.environ["PATH"], **world},
        umask=umask,
        cwd=ROOT,
        check=True,
    )
    return {path.name: path.read_bytes() for path in out.iterdir()}


def test_two_builds_in_other_folders_by_other_people_in_other_zones_are_equal(
    tmp_path: Path,
) -> None:
    one = build(tmp_path / "here", "Europe/Amsterdam", 0o022, "anna")
    other = build(tmp_path / "far" / "away", "Pacific/Auckland", 0o077, "bert")
    assert sorted(one) == sorted(other)
    assert [name.rpartition(".")[2] for name in sorted(one)] == ["whl", "gz"]
    assert [name for name in one if one[name] != other[name]] == []


def test_the_list_of_contents_names_the_firmware_and_every_package_in_it(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    for name, content in packages("1.2.0").items():
        (tmp_path / "wheels" / name).write_bytes(content)
    contents(tmp_path / "wheels", tmp_path / "list.json", MADE, tmp_path / "work")
    told = json.loads((tmp_path / "list.json").read_text())
    firmware = told["metadata"]["component"]
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert (firmware["name"], firmware["type"]) == ("desk-token", "firmware")
    assert [(part["name"], part["version"]) for part in told["components"]] == [("other", "1.0")]


@pytest.mark.parametrize("lock", licences.ALLOWED)
def test_every_locked_package_has_a_licence_that_is_allowed_there(lock: str) -> None:
    assert list(licences.judge(lock)) == []


@pytest.mark.parametrize(
    ("expression", "free"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("LGPL-3.0-only", False),
        ("GPL-2.0-only OR MIT", True),
        ("MIT AND GPL-2.0-only", False),
        ("(MIT OR Apache-2.0) AND BSD-3-Clause", True),
        ("AGPL-3.0-or-later", False),
        ("", False),
    ],
)
def test_the_gate_knows_choices_from_sums(expression: str, free: bool) -> None:
    assert licences.allowed(expression, licences.FREE) is free


def test_a_package_that_tells_no_licence_does_not_pass() -> None:
    told = email.message.Message()
    told["Name"] = "silent"
    assert licences.licence(told) == ""  # type: ignore[arg-type]


def test_the_table_of_wheels_names_every_package_of_the_lock() -> None:
    told = wheels.TABLE.read_text()
    for entry in wheels.requirements():
        name = entry.split(" ")[0].replace("==", " ")
        assert name in told or wheels.NOT_FOR_US.search(entry), f"{name}: make wheels"


def test_the_device_has_no_package_without_a_wheel_for_a_64_bit_board() -> None:
    """A package may be locked in two versions, each for some Pythons; together they must reach all."""
    rows = [row.split(" | ") for row in wheels.TABLE.read_text().splitlines() if " | yes" in row]
    found: dict[str, set[int]] = {}
    for row in rows:
        there = {column for column in range(1, 5) if row[column] == "yes"}
        found.setdefault(row[0].split(" ")[1], set()).update(there)
    assert [name for name, columns in found.items() if columns != {1, 2, 3, 4}] == []


def test_the_security_page_names_a_period_a_way_to_report_and_times() -> None:
    words = (ROOT / "SECURITY.md").read_text()
    for needed in ("supported until", "report", "24 hours", "72 hours", "7 days", "30 days"):
        assert needed in words.lower() or needed in words, needed
    assert not re.search(r"[\w.]+@(gmail|example)\.", words)
