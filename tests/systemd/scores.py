"""The unit files before systemd's own judges: `verify` finds nothing, and no process is more exposed than its limit.

Run by `make check`, which needs systemd-analyze; it reads copies and must never install or start a unit.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

UNITS = Path(__file__).resolve().parents[2] / "systemd"
WORST = 1.2
LIMITS = {"desk-token-authenticator.service": 0.4, "desk-token-page.service": 0.2}
INTERPRETER = "/opt/desk-token/current/bin/python"


def main() -> int:
    """0 when every unit passes; prints the score of each beside its limit."""
    if shutil.which("systemd-analyze") is None:
        print("unit files: not judged, systemd-analyze is not installed (Debian package systemd)")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        copies = copy_units(Path(folder) / "units")
        wrong = verify(copies) + [line for unit in services(copies) for line in judge(unit)]
    for line in wrong:
        print(f"unit files: {line}")
    return 1 if wrong else 0


def copy_units(folder: Path) -> Path:
    """The units with this machine's own interpreter, since `verify` wants the program to be there."""
    shutil.copytree(UNITS, folder)
    for path in folder.glob("*.service"):
        path.write_text(path.read_text().replace(INTERPRETER, sys.executable))
    return folder


def services(folder: Path) -> list[Path]:
    """Every service, by name."""
    return sorted(folder.glob("*.service"))


def verify(folder: Path) -> list[str]:
    """What `systemd-analyze verify` has to say about our own files."""
    units = sorted(
        str(path)
        for kind in ("service", "socket", "path", "target")
        for path in folder.glob(f"*.{kind}")
    )
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "desk-token" in line]
    return ours or ([done.stderr.strip()] if done.returncode else [])


def judge(unit: Path) -> list[str]:
    """Print the exposure of one service; a sentence when it is above its limit."""
    limit = LIMITS.get(unit.name, WORST)
    score = exposure(unit)
    print(f"unit files: {unit.name}: exposure {score} (at most {limit})")
    return [f"{unit.name}: exposure {score} is above {limit}"] if score > limit else []


def exposure(unit: Path) -> float:
    """`systemd-analyze security`: 0 is best, 10 is worst."""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"exposure level for .*: ([\d.]+)", done.stdout)
    return float(found[1]) if found else 10.0


if __name__ == "__main__":
    sys.exit(main())
