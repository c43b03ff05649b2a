"""Plays systemd for a virtual device: its processes, its scanner socket, and its plug.

One thread owns every child, so that the kernel can end them all with us. It hands a scanner its connection as
input and output and reads none of it; what the processes write goes to one log file in the data folder.
"""

from __future__ import annotations

import select
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from appliance.hardware.simulated.world import World
from web.bench.child import Child, kill, spawn

_MOST_SCANNERS = 4
ANEW = 75  # by this an updater asks to be started again, from the version that is current then
_TURN = 0.1


@dataclass(frozen=True, slots=True)
class Programs:
    """Command lines: `living` must always run, `scanner` is started once a connection.

    `updater` is started when somebody rings at its socket, and ends by itself.
    """

    living: Mapping[str, Sequence[str]]
    scanner: Sequence[str]
    updater: Sequence[str] = ()


class Supervisor:
    """A device's processes around a world. `page` is the address that the device's own page has."""

    def __init__(self, programs: Programs, run: Path, log: Path, world: World, page: str) -> None:
        self.page = page
        self._programs = programs
        self._children = tuple(Child(name, tuple(of)) for name, of in programs.living.items())
        self._scanners: list[subprocess.Popen[bytes]] = []
        self._world = world
        self._orders: list[tuple[Callable[[IO[bytes]], None], threading.Event]] = []
        self._bell, self._ringer = socket.socketpair()
        self._powered = self._ended = False
        self._updater = Child("updater", tuple(programs.updater))
        self._door, self._doorbell = (_listening(run / f"{n}.sock") for n in ("scanner", "updater"))
        self._thread = threading.Thread(target=self._live, args=(log,), name="supervisor")
        self._thread.start()

    def power(self, *, on: bool) -> None:
        """Kill every process at once, or start them; returns when it is done."""
        self._world.power(on=on)
        self._order(self._start_all if on else self._cut_all)

    def restart(self, name: str) -> None:
        """Start this one anew, from the program that its command line means now."""
        self._order(lambda log: self._restart(name, log))

    def processes(self) -> dict[str, str]:
        """Process by name, and its state."""
        states = {child.name: child.state for child in self._children}
        return states | {
            "scanner": "running" if self._scanners else "off",
            "updater": "running" if self._updater.process else "off",
        }

    def close(self) -> None:
        """Kill them all and let everything go."""
        self._order(self._end)
        self._thread.join()
        for end in (self._bell, self._ringer, self._door, self._doorbell):
            end.close()

    def _order(self, work: Callable[[IO[bytes]], None]) -> None:
        done = threading.Event()
        self._orders.append((work, done))
        self._ringer.send(b"!")
        done.wait()

    def _live(self, log_path: Path) -> None:
        with log_path.open("wb") as log:
            log_path.chmod(0o600)
            while not self._ended:
                self._turn(log)

    def _turn(self, log: IO[bytes]) -> None:
        woken, _, _ = select.select((self._bell, self._door, self._doorbell), (), (), _TURN)
        if self._bell in woken:
            self._bell.recv(1)
            work, done = self._orders.pop(0)
            work(log)
            done.set()
        if self._door in woken:
            self._scan(log)
        if self._doorbell in woken:
            self._rung(log)
        self._look_after(log)

    def _look_after(self, log: IO[bytes]) -> None:
        now = self._world.monotonic()
        self._scanners = [scanner for scanner in self._scanners if scanner.poll() is None]
        if self._updater.process is not None and self._updater.process.poll() is not None:
            wants_more = self._updater.process.returncode == ANEW
            self._updater.cut()
            if wants_more:
                self._updater.start(now, log)
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                child.died(now)
            if child.due is not None and child.due <= now:
                child.start(now, log)

    def _rung(self, log: IO[bytes]) -> None:
        self._doorbell.accept()[0].close()
        if self._powered and self._programs.updater and self._updater.process is None:
            self._updater.start(self._world.monotonic(), log)

    def _scan(self, log: IO[bytes]) -> None:
        connection, _ = self._door.accept()
        with connection:
            if self._powered and len(self._scanners) < _MOST_SCANNERS:
                self._scanners.append(spawn(self._programs.scanner, log, connection.fileno()))

    def _start_all(self, log: IO[bytes]) -> None:
        self._powered = True
        for child in self._children:
            if child.process is None:
                child.start(self._world.monotonic(), log)

    def _restart(self, name: str, log: IO[bytes]) -> None:
        for child in self._children:
            if self._powered and child.name == name:
                child.cut()
                child.start(self._world.monotonic(), log)

    def _cut_all(self, log: IO[bytes]) -> None:
        self._powered = False
        for child in (*self._children, self._updater):
            child.cut()
        for scanner in self._scanners:
            kill(scanner)
        log.flush()

    def _end(self, log: IO[bytes]) -> None:
        self._cut_all(log)
        self._ended = True


def _listening(path: Path) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(path))
    listening.listen(_MOST_SCANNERS)
    return listening
