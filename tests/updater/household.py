"""A device, its desk and its runner, in memory but for the slots: whatever a trial may meet can be said in a line."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from appliance.core.errors import PeerTrouble
from appliance.updater.guard import CURRENT, pointed
from appliance.updater.runner import Runner
from appliance.wire.updates import (
    Health,
    HealthReply,
    Job,
    JobDone,
    JobList,
    NextJob,
    UpdateReport,
    UpdateState,
)
from tests.updater.device import NOW, VENDOR, Device, release

WELL = {"panel": "good", "keys": "good", "storage": "good", "network": "good", "portal": "good"}


@dataclass
class Desk:
    """A second authenticator: it has jobs, hears reports, and is as well as the test says."""

    version: str = "1.1.0"
    parts: dict[str, str] = field(default_factory=lambda: dict(WELL))
    away: bool = False
    jobs: list[Job] = field(default_factory=list)
    done: list[JobDone] = field(default_factory=list)
    heard: list[UpdateState] = field(default_factory=list)
    root: Path | None = None
    looked_by: list[str] = field(default_factory=list)
    opens: bool = False
    deaf: bool = False
    deaf_after: int = 0
    deaf_until: float = math.inf
    waits: Callable[[float], object] = lambda _seconds: None

    def call(self, ask: msgspec.Struct, reply: type[Any], extra: float = 0.0) -> Any:  # noqa: ANN401 - whatever is asked
        match ask:
            case NextJob(wait):
                if self.jobs:
                    return JobList((self.jobs.pop(0),))
                self.waits(wait)
                return JobList()
            case JobDone():
                self.done.append(ask)
            case UpdateReport() if self.deaf:
                raise PeerTrouble("The other side is gone")
            case UpdateReport():
                self.heard.append(ask.state)
            case Health(look):
                if look and self.opens:
                    self.parts["camera"] = "good"
                if look and self.root:
                    self.looked_by.append(pointed(self.root, CURRENT))
                if self.away:
                    raise PeerTrouble("The other side is gone")
                looking = {"camera": "unknown"} if look and "camera" in self.parts else {}
                return HealthReply(self.version, {**self.parts, **looking})
        return reply()

    @property
    def phases(self) -> list[str]:
        """The phases so far, each once in a row."""
        seen = [state.phase for state in self.heard]
        return [phase for phase, before in zip(seen, ["", *seen], strict=False) if phase != before]


@dataclass
class Restarts:
    """The other processes: a restart lets what `current` names run, if it runs at all."""

    root: Path
    desk: Desk
    broken: set[str] = field(default_factory=set)
    count: int = 0
    same_code: bool = False

    def restart(self) -> None:
        self.count += 1
        version = pointed(self.root, CURRENT)
        self.desk.away = version in self.broken
        self.desk.version = version
        self.desk.deaf = self.count == self.desk.deaf_after


@dataclass
class House:
    """A device, its desk and its runner, with a clock that moves when somebody waits."""

    device: Device
    desk: Desk
    services: Restarts
    time: list[float]

    def passes(self, seconds: float) -> None:
        """Time goes by; a desk that was away may be back."""
        self.time[0] += seconds
        if self.time[0] >= self.desk.deaf_until:
            self.desk.deaf = False

    def runner(self) -> Runner:
        """A new process."""
        self.device = Device(self.device.folder)
        stick = (self.device.folder / "stick",)
        clock = lambda: self.time[0]  # noqa: E731
        return Runner(self.device.engine, self.desk, self.services, stick, clock, self.passes)

    def does(self, *jobs: Job) -> Runner:
        """One process does these."""
        runner = self.runner()
        runner.begin()
        self.desk.jobs.extend(jobs)
        while not runner.handed_over and runner.turn():
            pass
        return runner


def job(what: str, **more: object) -> Job:
    return Job(what, what, wall=NOW.wall, certain=True, **more)


def sent(bundle: bytes) -> tuple[Job, ...]:
    """A file as it comes in."""
    pieces = (
        job("piece", number="n", at=at, data=bundle[at : at + 3000])
        for at in range(0, len(bundle), 3000)
    )
    return (job("begin", number="n", size=len(bundle)), *pieces)


GOOD = VENDOR.bundle(release=release())
INSTALL = job("install", version="1.2.0")
