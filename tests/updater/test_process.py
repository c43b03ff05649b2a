"""The updater as a process: one at a time, woken by its bell, and gone when it has nothing to do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.updater.bell import Bell, passed_in
from tests.updater.device import Device


@pytest.fixture
def listening(tmp_path: Path) -> socket.socket:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as bell:
        bell.bind(str(tmp_path / "bell"))
        bell.listen()
        yield bell


def test_every_ring_is_taken_off_the_socket(listening: socket.socket) -> None:
    bell = Bell(listening)
    assert not bell.rang()
    for _ in range(3):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as visitor:
            visitor.connect(listening.getsockname())
    assert bell.rang()
    assert not bell.rang()


def test_without_a_socket_nobody_rings() -> None:
    assert not passed_in({}).rang()
    assert not passed_in({"LISTEN_FDS": "1", "LISTEN_PID": "1"}).rang()


def command(device: Device) -> list[str]:
    places = {"run": device.folder, "state": device.state, "root": device.root, "keys": device.keys}
    words = [word for name, path in places.items() for word in (f"--{name}", str(path))]
    return [sys.executable, "-m", "appliance.updater", *words, "--hardware", "simulated"]


def test_a_second_updater_refuses_to_start(tmp_path: Path) -> None:
    device = Device(tmp_path)
    first = subprocess.Popen([*command(device), "--stay"], stderr=subprocess.PIPE, text=True)
    assert first.stderr is not None
    try:
        assert "waiting" in first.stderr.readline()
        second = subprocess.run(command(device), capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert "Another update is under way" in second.stderr
        assert "Traceback" not in second.stderr
    finally:
        first.kill()
        first.wait()
        first.stderr.close()


def test_the_guard_runs_with_nothing_but_the_systems_own_python(tmp_path: Path) -> None:
    device = Device(tmp_path)
    guard = Path(__file__).parents[2] / "appliance" / "updater" / "guard.py"
    done = subprocess.run(
        ["/usr/bin/python3", "-I", "-S", str(guard), str(device.root), str(device.state)],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    )
    assert done.stdout == "guard: slot 1.1.0\n"
