"""One version of the device as a folder: interpreter by name, libraries by lock, our own code. A slot is never changed.

Made without running a line of the target machine's code, so an x86 computer builds for a Pi. That is why it is not laid
by `appliance.updater.first_slot`, which compiles with the very Python that will run; the environment has one form.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from firmware_tools.debian.target import Target
from firmware_tools.source.building import FROM_THE_SYSTEM, built

# an update's slot has these too: its wheel is placed whole, as it was signed, and no unit starts them
NOT_ON_A_DEVICE = ("web/login_portal", "web/bench", "firmware_tools")
COMMANDS = {"desk-token": "appliance.command", "desk-token-scan": "appliance.scanner.command"}
SLOTS = "/opt/desk-token"


def make_slot(source: Path, target: Target, moment: int, slot: Path) -> None:
    """Fill this empty folder from a clean source; `moment` is in seconds since 1970.

    Raises CalledProcessError when a wheel is missing or its hash is not the lock's.
    """
    libraries = slot / "lib" / f"python{target.python}" / "site-packages"
    libraries.mkdir(parents=True)
    lock = (source / "config" / "locks" / "device.txt").read_text(encoding="utf-8")
    _install_locked(without_the_systems(lock), libraries, target)
    _install_own(source, libraries, moment)
    _make_environment(slot, target)
    for name, module in COMMANDS.items():
        _write_command(slot / "bin" / name, module)


def without_the_systems(lock: str) -> str:
    """The lock without what the device takes from its system, hashes and all."""
    names = "|".join(FROM_THE_SYSTEM)
    return re.sub(rf"^(?:{names})==.*\n(?:[ \t].*\n)*", "", lock, flags=re.MULTILINE)


def _install_locked(lock: str, libraries: Path, target: Target) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as wanted:
        wanted.write(lock)
        wanted.flush()
        subprocess.run(
            [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--target",
             str(libraries), "--no-compile", "--no-deps", "--only-binary", ":all:", *target.pip_words(),
             "--require-hashes", "--requirement", wanted.name],
            check=True,
        )  # fmt: skip
    shutil.rmtree(libraries / "bin", ignore_errors=True)


def _install_own(source: Path, libraries: Path, moment: int) -> None:
    """Our own code, without what a device does not need: less to attack, less to explain."""
    with tempfile.TemporaryDirectory() as made:
        built(source, Path(made), moment)
        (wheel,) = Path(made).glob("desk_token-*.whl")
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(libraries)
    for folder in NOT_ON_A_DEVICE:
        shutil.rmtree(libraries / folder, ignore_errors=True)


def _make_environment(slot: Path, target: Target) -> None:
    """What `python3 -m venv --system-site-packages` would leave behind, without running the target's Python."""
    (slot / "bin").mkdir()
    (slot / "bin" / "python").symlink_to(f"/usr/bin/python{target.python}")
    (slot / "pyvenv.cfg").write_text(
        f"home = /usr/bin\ninclude-system-site-packages = true\nversion = {target.python}\n"
    )


def _write_command(path: Path, module: str) -> None:
    path.write_text(
        f'#!/bin/sh\nexec {SLOTS}/current/bin/python -P -s -m {module} "$@"\n', encoding="utf-8"
    )
    path.chmod(0o755)
