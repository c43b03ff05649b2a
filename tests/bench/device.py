"""The whole device on its real processes: how soon it shows something, what it keeps resident, how live its camera is.

The supervisor of the bench plays systemd; the world around the simulated parts is where the clock is stopped.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import numpy as np

from appliance.hardware.simulated.server import WorldServer
from appliance.hardware.simulated.world import Snapshot, World
from tests.bench.table import Row, row
from web.bench.device_programs import device_programs, page_address
from web.bench.supervisor import Supervisor

STARTS, PATIENCE, SETTLED, WATCHED = 7, 20.0, 6.0, 5.0
IDLE_MIB = 120.0
COMPILED = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPYCACHEPREFIX": str(Path("build/compiled").absolute()),
}
LIBRARIES = """
import sys
import appliance.authenticator.__main__, appliance.authenticator.running, appliance.hardware.simulated.device
print(",".join(sorted(
    name for name, module in sys.modules.items()
    if getattr(module, "__spec__", None) and not name.startswith(("__", "_dist", "appliance"))
)))
"""


def rows() -> dict[str, Row]:
    """The rows of the whole device."""
    with _device() as (world, run, _supervisor):
        idle = _idle(run)
        frames = _viewfinder(world)
    home, starting, bare = _starts()
    return {
        "device start to home on the panel": row(
            home, bare, "no goal: it has read the vault by then", "ms"
        ),
        "device start to its first words on the panel": row(starting, bare, "<= 1.5", "ms"),
        "device idle, all processes": row(idle, IDLE_MIB, "ours <= 120", "MiB (Pss)"),
        "device viewfinder": row(frames, 8.0, "ours >= 8", "frames a second"),
    }


@contextmanager
def _device() -> Iterator[tuple[World, Path, Supervisor]]:
    with tempfile.TemporaryDirectory(prefix="dt-") as folder:
        run, state, port = Path(folder) / "run", Path(folder) / "state", _free_port()
        run.mkdir()
        world = World(time.monotonic)
        server = WorldServer(run, world)
        programs = device_programs(run, state, "one", "nl", port)
        page = page_address(port)
        supervisor = Supervisor(programs, run, Path(folder) / "log", world, page)
        try:
            supervisor.power(on=True)
            _until(world, lambda now: _title(now, "Desk Token"))
            yield world, run, supervisor
        finally:
            supervisor.close()
            server.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _title(now: Snapshot, title: str) -> bool:
    return now.visible is not None and now.visible.title == title


def _until(world: World, seen: Callable[[Snapshot], bool]) -> float:
    """When this was first seen, in monotonic seconds."""
    now, until = world.now, time.monotonic() + PATIENCE
    while not seen(now):
        if time.monotonic() > until:
            raise TimeoutError("the device does not show it")
        now = world.wait(now.version, 1.0)
    return time.monotonic()


def _idle(run: Path) -> float:
    """What the processes of this device share and keep, in MiB, when nothing has happened for a while."""
    threading.Event().wait(SETTLED)
    sizes = [_pss(process) for process in Path("/proc").glob("[0-9]*") if _is_of(process, run)]
    return sum(sizes) / 1024


def _is_of(process: Path, run: Path) -> bool:
    try:
        return str(run).encode() in (process / "cmdline").read_bytes()
    except OSError:
        return False


def _pss(process: Path) -> int:
    lines = (process / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _viewfinder(world: World) -> float:
    """How many different pictures a second the panel shows while something moves before the camera."""
    world.move("ok", down=True)
    threading.Event().wait(1.3)
    world.move("ok", down=False)
    _until(world, lambda now: _title(now, "Camera aan"))
    threading.Event().wait(1.0)
    seen, until = set(), time.monotonic() + WATCHED
    step = 0
    while time.monotonic() < until:
        step += 1
        world.hold_before_camera(640, 480, _moving(step))
        threading.Event().wait(0.02)
        glass = world.now.visible
        seen.add(None if glass is None else glass.bits)
    return len(seen) / WATCHED


def _moving(step: int) -> bytes:
    grey = np.full((480, 640), 40, np.uint8)
    left = step * 12 % 560
    grey[100:380, left : left + 80] = 220
    return grey.tobytes()


def _starts() -> tuple[float, float, float]:
    """Milliseconds from the start of the process to home, to the first words, and of its libraries alone."""
    said = subprocess.run(
        (sys.executable, "-c", LIBRARIES), capture_output=True, text=True, check=True
    )
    bare = f"import {said.stdout.strip()}"
    homes, firsts, alone = [], [], []
    _one_start()  # the first one compiles what an installed device has compiled
    for _ in range(STARTS):
        first, home = _one_start()
        firsts.append(first)
        homes.append(home)
        began = time.monotonic()
        subprocess.run((sys.executable, "-c", bare), check=True, env=COMPILED)
        alone.append((time.monotonic() - began) * 1e3)
    return median(homes), median(firsts), median(alone)


def _one_start() -> tuple[float, float]:
    with tempfile.TemporaryDirectory(prefix="dt-") as folder:
        run = Path(folder)
        world = World(time.monotonic)
        server = WorldServer(run, world)
        state = str(run / "state")
        words = ("--run", str(run), "--state", state, "--hardware", "simulated", "--language", "nl")
        began = time.monotonic()
        process = subprocess.Popen(
            (sys.executable, "-m", "appliance.authenticator", *words),
            stderr=subprocess.DEVNULL,
            env=COMPILED,
        )
        try:
            first = _until(world, lambda now: now.visible is not None) - began
            home = _until(world, lambda now: _says(now, "Niet gekoppeld")) - began
        finally:
            process.terminate()
            process.wait()
            server.close()
    return first * 1e3, home * 1e3


def _says(now: Snapshot, words: str) -> bool:
    return now.visible is not None and words in now.visible.lines
