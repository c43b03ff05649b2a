"""`make vm-test`: build the package for the virtual Pi, then play the stories in it.

The stories are no part of `make test`: they need root and half an hour. Two machines play side by side, each its own
files from its own installation on. Words are handed on to pytest.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]


def main() -> int:
    """0 when every story ended well."""
    built = [sys.executable, "-m", "firmware_tools.debian", "--architecture", "amd64"]
    subprocess.run(built, check=True, cwd=PROJECT)
    chosen = [word for word in sys.argv[1:] if not word.startswith("-")] or [
        str(path) for path in sorted(HERE.glob("story_*.py"))
    ]
    options = [word for word in sys.argv[1:] if word.startswith("-")]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--quiet",
        "-o",
        "timeout=900",
        "-o",
        "tmp_path_retention_policy=none",  # each story has a disk of half a gigabyte
        "-p",
        "no:cacheprovider",
        "--numprocesses=2",
        "--dist=loadfile",
    ]
    return subprocess.run([*command, *options, *chosen], cwd=PROJECT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
