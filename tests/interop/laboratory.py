"""The laboratory: installs the pinned privacyIDEA into an environment of its own, once, and starts it for a session.

The environment lies under `build/privacyidea` and is named after its list of packages, so another list makes another
one. It is made with the Python that runs the tests: 3.14 was seen to start on 3.11 and on 3.13.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.tour.servers import Server, serving

HERE = Path(__file__).parent
LIST = HERE / "privacyidea.txt"
BUILD = HERE.parents[1] / "build" / "privacyidea"
PASSWORD = "beheerder-van-het-laboratorium"


def installed() -> Path:
    """The Python of the laboratory's environment; the first call installs it."""
    mark = hashlib.sha256(LIST.read_bytes() + sys.version.encode()).hexdigest()[:12]
    home = BUILD / mark
    if not (home / "complete").exists():
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        words = ["--disable-pip-version-check", "--require-hashes", "-r", str(LIST)]
        subprocess.run([*pip, *words], check=True, capture_output=True)
        (home / "complete").touch()
    return home / "bin" / "python"


def running_process(folder: Path) -> AbstractContextManager[Server]:
    """A privacyIDEA with an empty database in this folder."""
    return serving(str(installed()), str(HERE / "privacyidea_server.py"), str(folder), PASSWORD)


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The same; gives its address."""
    with running_process(folder) as server:
        yield server.url


if __name__ == "__main__":
    # before the tests, so that no test's patience pays for an installation
    installed()
