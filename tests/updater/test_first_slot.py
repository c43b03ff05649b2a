"""The first slot, as a package lays it: an environment that runs, the same bytes each time, and no half of one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from appliance.core.errors import Refused
from appliance.updater.first_slot import lay
from tests.bundle.makers import packages
from tests.crash.tree_image import seen

PYTHON = Path(getattr(sys, "_base_executable", sys.executable))


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name, content in packages("1.0.0").items():
        (folder / name).write_bytes(content)
    return folder


def test_it_runs_and_is_current(wheels: Path, tmp_path: Path) -> None:
    root = tmp_path / "opt"
    lay(wheels, root, "1.0.0", PYTHON, root)
    assert (root / "current").readlink() == Path("slots/1.0.0")
    done = subprocess.run([root / "current/bin/desk-token"], capture_output=True, check=True)
    assert done.stdout == b"1.0.0\n"


def test_two_of_them_are_the_same_bytes_wherever_they_were_laid(
    wheels: Path, tmp_path: Path
) -> None:
    trees = []
    for place in ("one", "far/away"):
        root = tmp_path / place
        lay(wheels, root, "1.0.0", Path("/usr/bin/python3"), Path("/opt/desk-token"))
        trees.append(seen(root))
    assert trees[0] == trees[1]
    shebang = trees[0]["slots/1.0.0/bin/desk-token"]
    assert isinstance(shebang, bytes)
    assert shebang.startswith(b"#!/opt/desk-token/slots/1.0.0/bin/python\n")


def test_a_bad_version_or_an_empty_folder_leaves_nothing(wheels: Path, tmp_path: Path) -> None:
    for folder, version in ((wheels, "1.0"), (tmp_path, "1.0.0")):
        with pytest.raises(Refused):
            lay(folder, tmp_path / "opt", version, PYTHON, tmp_path / "opt")
    assert not (tmp_path / "opt").exists()


def test_a_broken_wheel_is_a_sentence_and_leaves_no_slot(wheels: Path, tmp_path: Path) -> None:
    (wheels / "zz-1.0-py3-none-any.whl").write_bytes(b"not a wheel")
    words = [
        sys.executable,
        "-m",
        "appliance.updater.first_slot",
        wheels,
        tmp_path / "opt",
        "1.0.0",
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("first slot: ")
    assert list((tmp_path / "opt" / "slots").iterdir()) == []
