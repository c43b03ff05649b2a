"""A device's update half in a folder: slots, book, spool, engine, and the first slot as a package would install it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from appliance.updater.engine import Engine
from appliance.updater.guard import CURRENT, SLOTS, Calls, point
from appliance.updater.slots import Slots
from appliance.updater.spool import Spool
from appliance.wire.bundle import Here
from appliance.wire.bundle_trust import Moment
from firmware_tools.bundle.building import Release
from tests.bundle.makers import MADE, RELEASE, Vendor

VENDOR = Vendor()
NOW = Moment(MADE + 3600.0, certain=True)
HERE = Here("0.0.0", "", "x86_64", f"cp{sys.version_info[0]}{sys.version_info[1]}")


@dataclass
class Device:
    """Everything under one folder; a new one on the same folder is a restart."""

    folder: Path
    calls: Calls = field(default_factory=lambda: os)
    here: Here = HERE

    def __post_init__(self) -> None:
        self.root, self.state = self.folder / "opt", self.folder / "state"
        self.keys = self.folder / "root.json"
        if not self.root.exists():
            self.install_first("1.1.0")
        slots = Slots(self.root, self.calls)
        self.engine = Engine(slots, self.state, Spool(self.state), self.keys, self.here, self.calls)

    def install_first(self, version: str) -> None:
        """What the Debian package does."""
        self.state.mkdir(parents=True, exist_ok=True)
        self.keys.write_bytes(VENDOR.root)
        (self.root / SLOTS / version / "bin").mkdir(parents=True)
        (self.root / SLOTS / version / "bin" / "python").symlink_to("/usr/bin/python3")
        point(self.root, CURRENT, version)

    def receive(self, bundle: bytes) -> None:
        """The file comes in, piece by piece."""
        spool = self.engine.spool
        spool.begin("n", len(bundle))
        for at in range(0, len(bundle), 4096):
            spool.take("n", at, bundle[at : at + 4096])

    def installs(self, version: str = "1.2.0", moment: Moment = NOW, **about: object) -> None:
        """A good bundle comes in and is installed; it is on trial then."""
        self.receive(VENDOR.bundle(version, release=release(**about)))
        self.engine.install(version, moment, lambda _percent: None)

    @property
    def current(self) -> str:
        return self.engine.slots.current

    def tree(self) -> set[str]:
        """Every name under the software's folder."""
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*")}


def release(**changed: object) -> Release:
    """The usual release, for this Python, with something changed."""
    return replace(RELEASE, **{"python": HERE.python, **changed})
