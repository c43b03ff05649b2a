"""Which wheels of the device's lock exist for which board: `python -m tests.supply.wheels` asks pip and writes docs.

Asks the package index through pip and downloads nothing that it keeps; the hashes of the lock decide, so a wheel that
the lock does not name does not count.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "config" / "locks" / "device.txt"
TABLE = ROOT / "docs" / "wheels.md"
BOARDS = {
    "x86-64": ("manylinux2014_x86_64", "manylinux_2_28_x86_64", "manylinux_2_34_x86_64"),
    "arm64": ("manylinux2014_aarch64", "manylinux_2_28_aarch64", "manylinux_2_34_aarch64"),
    "armv7": ("manylinux2014_armv7l", "manylinux_2_31_armv7l", "manylinux_2_35_armv7l"),
}
PYTHONS = ("3.11", "3.13")
NOT_FOR_US = re.compile(r"sys_platform == 'win32'|sys_platform == 'darwin'")
HEAD = """# Wheels of the device's lock

For which boards and Pythons each locked package exists as a wheel whose hash stands in `config/locks/device.txt`.
Made by `make wheels`. Where it says no, Raspberry Pi OS has the package from apt or from piwheels; an armv7 bundle is
built on such a board from its own wheelhouse. A bundle never contains a source package.

"""


def main() -> int:
    """Write the table."""
    entries = [entry for entry in requirements() if not NOT_FOR_US.search(entry)]
    columns = [(board, python) for board in BOARDS for python in PYTHONS]
    rows = []
    for entry in entries:
        found = ["yes" if there(entry, *column) else "**no**" for column in columns]
        rows.append([entry.split(" ")[0].replace("==", " "), *found])
        print(f"wheels: {' '.join(rows[-1])}", flush=True)
    TABLE.write_text(HEAD + table(columns, rows))
    return 0


def requirements() -> list[str]:
    """The lines of the lock, each with its hashes."""
    whole = LOCK.read_text().replace("\\\n", " ")
    return [re.sub(r"\s+", " ", line) for line in whole.splitlines() if "==" in line]


def there(entry: str, board: str, python: str) -> bool:
    """Whether pip finds a wheel of this entry for that board and Python."""
    platforms = [word for name in BOARDS[board] for word in ("--platform", name)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "one.txt"
        file.write_text(re.sub(r" ; [^-]*(?= --hash)", "", entry) + "\n")
        done = subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder,
             "--only-binary", ":all:", "--require-hashes", "--python-version", python,
             *platforms, "--requirement", str(file)],
            capture_output=True, check=False,
        )  # fmt: skip
    return done.returncode == 0


def table(columns: list[tuple[str, str]], rows: list[list[str]]) -> str:
    """The table as Markdown."""
    head = "| package | " + " | ".join(f"{board}, {python}" for board, python in columns) + " |\n"
    line = "| --- |" + " --- |" * len(columns) + "\n"
    return head + line + "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
