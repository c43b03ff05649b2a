"""Lays the first slot from a folder of wheels: `python -m appliance.updater.first_slot WHEELS ROOT VERSION`.

For whoever builds the Debian package or a card. The same code as for an update fills it, so that both have one form;
with the same wheels and interpreter two runs give the same bytes. It signs and checks nothing: the package does.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from appliance.core.errors import DeskTokenError, Refused
from appliance.updater.guard import SLOTS
from appliance.updater.packages import Place, place
from appliance.updater.slots import Slots
from appliance.wire.bundle import LARGEST_BUNDLE, version_of

MOST = 4 * LARGEST_BUNDLE


def lay(wheels: Path, root: Path, version: str, interpreter: Path, runs_at: Path) -> None:
    """A whole slot of these wheels, made current; `runs_at` is the root as the device will see it. Raises Refused."""
    version_of(version)
    found = sorted(wheels.glob("*.whl"))
    if not found:
        raise Refused("There is no update to install")
    (root / SLOTS).mkdir(parents=True, exist_ok=True)
    slots = Slots(root, interpreter=interpreter, runs_at=runs_at)

    def fill(there: Place) -> None:
        for wheel in found:
            with wheel.open("rb") as opened:
                place(opened, there)

    slots.make(version, MOST, fill)
    slots.use(version)


def main() -> int:
    """0 when the slot is there; 1 with a sentence when it is not."""
    parser = argparse.ArgumentParser(prog="first_slot", description=__doc__)
    parser.add_argument("wheels", type=Path)
    parser.add_argument("root", type=Path)
    parser.add_argument("version")
    parser.add_argument("--interpreter", type=Path, default=Path("/usr/bin/python3"))
    parser.add_argument("--runs-at", type=Path, default=Path("/opt/desk-token"))
    chosen = parser.parse_args()
    os.umask(0o022)
    try:
        lay(chosen.wheels, chosen.root, chosen.version, chosen.interpreter, chosen.runs_at)
    except DeskTokenError as trouble:
        sys.stderr.write(f"first slot: {trouble}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
