"""A virtual token that runs from slots: every process is started from `current`, as its unit would be.

The wheels are really built, of what is committed with a few words changed; the libraries that they need are those of
this environment. A service manager of our own restarts what the updater names, the guard stands before the updater.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from appliance.hardware.simulated.server import WorldServer
from appliance.hardware.simulated.world import World
from appliance.updater.first_slot import lay
from firmware_tools.bundle.building import Members
from firmware_tools.source.building import built, committed
from tests.bundle.makers import MADE, wheel
from tests.tour.hands import Hands
from tests.updater.service_manager import service_manager
from web.bench.app import create_app
from web.bench.device_programs import device_programs, page_address
from web.bench.doors import free_port, listen, port_of
from web.bench.gauges import simulated_gauges
from web.bench.serving import served
from web.bench.supervisor import Programs, Supervisor

NAMES = {"page": "device_page"}
STATES = {"running": "active", "waiting": "activating", "failed": "failed", "off": "inactive"}
INTERPRETER = Path(getattr(sys, "_base_executable", sys.executable))
GUARD = Path(__file__).parents[2] / "appliance" / "updater" / "guard.py"
PYTHON = f"python{sys.version_info[0]}.{sys.version_info[1]}"
LIBRARIES = f"{Path(sys.executable).parents[1]}/lib/{PYTHON}/site-packages"
PATIENCE = 15.0


def wheels_of(
    folder: Path,
    version: str,
    changed: Mapping[str, tuple[str, str]],
    libraries: str = LIBRARIES,
) -> Members:
    """Our wheel, built as this version with these words changed, and a way to libraries that are there already."""
    source, out = committed(folder / f"source-{version}"), folder / f"wheel-{version}"
    out.mkdir()
    for file, (old, new) in {
        "pyproject.toml": ('version = "0.1.0"', f'version = "{version}"'),
        **changed,
    }.items():
        text = (source / file).read_text()
        assert text.count(old) == 1, (file, old)
        (source / file).write_text(text.replace(old, new))
    built(source, out, MADE)
    (ours,) = out.glob("*.whl")
    return {
        ours.name: ours.read_bytes(),
        "libraries-1.0-py3-none-any.whl": wheel(
            "libraries", "1.0", {"libraries.pth": libraries.encode()}
        ),
    }


@dataclass
class Units:
    """The units of this device, which are the supervisor's processes."""

    supervisor: Supervisor

    def state(self, unit: str) -> str:
        return STATES[self.supervisor.processes().get(_name(unit), "off")]

    def restart(self, unit: str) -> None:
        self.supervisor.restart(_name(unit))


def _name(unit: str) -> str:
    name = unit.removeprefix("desk-token-").removesuffix(".service")
    return NAMES.get(name, name)


@dataclass
class SlotDevice:
    """A device in this folder, its hands, and what its service manager was asked."""

    folder: Path
    hands: Hands
    asked: list[tuple[str, str]]

    @property
    def current(self) -> str:
        """The version that is started."""
        return (self.folder / "slots" / "current").readlink().name

    def log(self) -> str:
        """What its processes have said."""
        return (self.folder / "bench.log").read_text(errors="replace")


@contextmanager
def running_from_slots(
    folder: Path, version: str, wheels: Members, root: bytes
) -> Iterator[SlotDevice]:
    """A powered device whose first slot holds these wheels and that believes this root."""
    _lay_first(folder, version, wheels)
    (folder / "update-root.json").write_bytes(root)
    (folder / "state").mkdir(mode=0o700)
    (folder / "updater").mkdir()
    run = Path(tempfile.mkdtemp(prefix="desk-token-"))
    simulated_gauges(run / "sys")
    world, port, door = World(time.monotonic), free_port(0), listen(0)
    server = WorldServer(run, world)
    address = f"unix:path={folder / 'bus' / 'bus'}"
    programs = _from_slots(
        device_programs(run, folder / "state", "one", "nl", port), folder, address
    )
    device = Supervisor(programs, run, folder / "bench.log", world, page_address(port))
    try:
        with (
            service_manager(folder / "bus", Units(device)) as manager,
            door,
            served(create_app(world, device, "one", "nl"), door),
        ):
            device.power(on=True)
            hands = Hands(f"http://127.0.0.1:{port_of(door)}")
            yield SlotDevice(folder, hands, manager.asked)
            hands.close()
    finally:
        device.close()
        server.close()
        shutil.rmtree(run, ignore_errors=True)


def _lay_first(folder: Path, version: str, wheels: Members) -> None:
    house = folder / "wheelhouse"
    house.mkdir(parents=True)
    for name, content in wheels.items():
        (house / name).write_bytes(content)
    lay(house, folder / "slots", version, INTERPRETER, folder / "slots")


def _from_slots(programs: Programs, folder: Path, bus: str) -> Programs:
    """The same command lines with the interpreter of `current`, read anew at each start."""
    slots = folder / "slots"

    def moved(words: tuple[str, ...]) -> tuple[str, ...]:
        return (str(slots / "current" / "bin" / "python"), "-P", "-s", *words[1:])

    updater = tuple(
        word for word in moved(tuple(programs.updater)) if word not in ("--hardware", "simulated")
    )
    guarded = f'/usr/bin/python3 -I {GUARD} {slots} {folder / "updater"} && exec "$@"'
    return replace(
        programs,
        living={name: moved(tuple(words)) for name, words in programs.living.items()},
        scanner=moved(tuple(programs.scanner)),
        updater=(
            "sh",
            "-c",
            guarded,
            "updater",
            *updater,
            "--bus",
            bus,
            "--patience",
            str(PATIENCE),
        ),
    )
