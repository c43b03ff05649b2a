"""The supervisor keeps a device's processes alive, ends them at once, and hands a scanner its connection."""

from __future__ import annotations

import io
import socket
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.hardware.simulated.world import World
from tests.hardware.bodies import soon
from web.bench.child import Child
from web.bench.supervisor import Programs, Supervisor

STEADY = (
    sys.executable,
    "-c",
    "import signal, sys; print('steady', file=sys.stderr); signal.pause()",
)
FRAGILE = (sys.executable, "-c", "import sys; sys.exit('fragile')")
ENDING = (sys.executable, "-c", "import sys; print('rung', file=sys.stderr); input()")
ALL_OFF = dict.fromkeys(("steady", "fragile", "scanner", "updater"), "off")
SHOUTING = (
    sys.executable,
    "-c",
    "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read1(99).upper()); sys.stdout.flush()",
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "bench.log"


@pytest.fixture
def supervisor(run: Path, log: Path) -> Iterator[Supervisor]:
    world = World(time.monotonic)
    programs = Programs({"steady": STEADY, "fragile": FRAGILE}, SHOUTING, ENDING)
    made = Supervisor(programs, run, log, world, page="")
    yield made
    made.close()


def test_nothing_runs_before_the_power_is_on(supervisor: Supervisor) -> None:
    assert supervisor.processes() == ALL_OFF


def test_what_dies_is_started_again(supervisor: Supervisor, log: Path) -> None:
    supervisor.power(on=True)
    assert soon(lambda: log.read_bytes().count(b"fragile") >= 3)
    assert supervisor.processes()["steady"] == "running"
    assert log.read_bytes().count(b"steady") == 1


def test_a_cut_ends_everything_before_it_returns(supervisor: Supervisor) -> None:
    supervisor.power(on=True)
    supervisor.power(on=False)
    assert supervisor.processes() == ALL_OFF


def test_power_that_comes_twice_starts_everything_once(supervisor: Supervisor, log: Path) -> None:
    supervisor.power(on=True)
    supervisor.power(on=True)
    assert soon(lambda: log.read_bytes().count(b"fragile") >= 2)
    assert log.read_bytes().count(b"steady") == 1


def test_a_connection_becomes_the_input_and_output_of_a_scanner(
    supervisor: Supervisor, run: Path
) -> None:
    supervisor.power(on=True)
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(10)
        caller.connect(str(run / "scanner.sock"))
        caller.sendall(b"look")
        assert caller.recv(99) == b"LOOK"
        assert caller.recv(99) == b""
    assert soon(lambda: supervisor.processes()["scanner"] == "off")


def test_without_power_a_scanner_is_not_started(supervisor: Supervisor, run: Path) -> None:
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(10)
        caller.connect(str(run / "scanner.sock"))
        assert caller.recv(99) == b""
    assert supervisor.processes()["scanner"] == "off"


def test_the_updater_runs_when_somebody_rings_and_is_not_started_again(
    supervisor: Supervisor, run: Path, log: Path
) -> None:
    supervisor.power(on=True)
    assert supervisor.processes()["updater"] == "off"
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(run / "updater.sock"))
    assert soon(lambda: "rung" in log.read_text())
    assert soon(lambda: supervisor.processes()["updater"] == "off")


def test_the_log_is_for_its_owner_alone(supervisor: Supervisor, log: Path) -> None:
    supervisor.power(on=True)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_process_that_keeps_dying_is_left_alone_until_the_next_power(tmp_path: Path) -> None:
    child, waits = Child("short", ("true",)), []
    with (tmp_path / "log").open("wb") as log:
        now = 0.0
        while child.state != "failed":
            child.start(now, log)
            assert child.process is not None
            child.process.wait()
            child.died(now)
            waits.append(0.0 if child.due is None else round(child.due - now, 3))
            now = child.due or now
    assert len(waits) == 10
    assert waits[:-1] == sorted(waits[:-1])
    child.cut()
    assert child.state == "off"


def test_a_process_that_dies_now_and_then_is_started_for_ever() -> None:
    child = Child("rare", ("true",))
    log = io.BytesIO()
    for day in range(30):
        child.starts.append(day * 86400.0)
        child.died(day * 86400.0 + 1)
        assert child.state == "waiting"
    assert log.getvalue() == b""
