"""Builds wheel and sdist from a clean copy of what is committed, for releases and for the Debian package alike.

Nothing that lies around in a checkout gets in, least of all a removed module that still stands in a build folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from firmware_tools.source import repack

ROOT = Path(__file__).resolve().parents[2]
FROM_THE_SYSTEM = ("numpy",)
"""What the camera's own libraries were compiled against: another one before it, and picamera2 cannot be imported."""
BUILD = "import sys; from setuptools import build_meta as b; o = sys.argv[1]; b.build_wheel(o); b.build_sdist(o)"


def when() -> int:
    """SOURCE_DATE_EPOCH, else the time of the last commit, in Unix seconds."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return int(given or said("git", "-C", str(ROOT), "log", "-1", "--format=%ct"))


def committed(folder: Path) -> Path:
    """A copy of what is committed, and nothing else that lies around."""
    folder.mkdir(parents=True)
    archive = folder.with_suffix(".tar")
    said("git", "-C", str(ROOT), "archive", "--output", str(archive), "HEAD")
    said("tar", "-xf", str(archive), "-C", str(folder))
    return folder


def built(source: Path, out: Path, made: int) -> None:
    """Wheel and sdist of this source, without a trace of where they were built."""
    moment = {"SOURCE_DATE_EPOCH": str(made), "PYTHONHASHSEED": "0"}
    subprocess.run(
        [sys.executable, "-c", BUILD, str(out)],
        cwd=source, env=os.environ | moment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for file in out.glob("*.whl"):
        repack.wheel(file, made)
    for file in out.glob("*.tar.gz"):
        repack.sdist(file, made)


def said(*command: str) -> str:
    """What a command said; its own words are shown when it fails."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
