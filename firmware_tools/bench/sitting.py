"""The provisioning line: device after device on one cable, each provided, tested and labelled, until all are done.

It counts the seconds of each device and how many of them somebody had to act. Whatever stops it, the book knows which
devices are finished, and a device that was begun is gone on with where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from appliance.core.errors import DeskTokenError
from firmware_tools.bench import label
from firmware_tools.bench.book import DISK, Book, Entry
from firmware_tools.bench.link import Link
from firmware_tools.bench.provision import Step, Times, awake, provision
from firmware_tools.bench.selftest import Part, Person, Report, report, selftest
from firmware_tools.bench.wanted import Wanted
from firmware_tools.bench.wire import LineLost, PortFound, SerialWire
from firmware_tools.words import _

LOOK = 0.3
NOT_GOOD = _("A part of this token is not good; it gets no label")
Told = Callable[[Step | Part], None]


@dataclass
class Stopwatch:
    """The person's part of a device's time: it runs while somebody is asked for something."""

    times: Times
    person: Person | None
    seconds: float = 0.0
    _since: float | None = None

    def answers(self, question: str) -> bool:
        """The person answers."""
        self.start()
        try:
            return bool(self.person and self.person.answers(question))
        finally:
            self.stop()

    def presses(self, keys: tuple[str, ...]) -> None:
        """The person begins to press; the next part ends it."""
        self.start()
        if self.person:
            self.person.presses(keys)

    def shows(self, text: str) -> None:
        """The person begins to hold up a code; the next part ends it."""
        self.start()
        if self.person:
            self.person.shows(text)

    def start(self) -> None:
        """Somebody is asked."""
        self._since = self.times.monotonic() if self._since is None else self._since

    def stop(self) -> None:
        """It is the machine's turn again."""
        if self._since is not None:
            self.seconds += self.times.monotonic() - self._since
            self._since = None


def finish(desk: Link, wanted: Wanted, watch: Stopwatch, times: Times, told: Told) -> Report:
    """One device, from whatever it is to sealed and tested. Raises a DeskTokenError; begin again then.

    It is tested before it is sealed, so that a bad one stays open for the bench.
    """
    person = watch if watch.person else None
    for step in provision(desk, wanted, times, seal=False):
        _timed(watch, step, told)
    parts = []
    for part in selftest(desk, person, times):
        watch.stop()
        told(part)
        parts.append(part)
    made = report(desk, tuple(parts), times)
    if not made.good:
        return made
    for step in provision(desk, Wanted(), times, seal=True):
        if step.name in ("open", "seal"):
            _timed(watch, step, told)
    return made


def _timed(watch: Stopwatch, step: Step, told: Told) -> None:
    told(step)
    if step.how == "hold":
        watch.start()
    else:
        watch.stop()


@dataclass
class Sitting:
    """One sitting at the line. `find` gives the ports of now; `batch` is what single devices want, by serial.

    `docs` is the address in the labels' code, which holds the serial number when it is empty. `_over` are the plugs
    (`PortFound.plugged`) whose device had its turn.
    """

    book: Book
    find: Callable[[], tuple[PortFound, ...]]
    usual: Wanted
    batch: Mapping[str, Wanted]
    person: Person | None
    told: Told
    docs: str = ""
    times: Times = field(default_factory=Times)
    _over: set[str] = field(default_factory=set)

    def next(self, until: float) -> Entry | None:
        """Wait for a device that is not finished, and finish it; None when none came by then.

        A device that did not work out comes back as an entry with its reason, and is tried again when it was
        pulled out and plugged in.
        """
        done = self.book.finished()
        while self.times.monotonic() < until:
            found = self.find()
            self._over &= {port.plugged for port in found}
            for port in found:
                if port.plugged in self._over or (port.serial and port.serial in done):
                    continue
                entry = self._at(port, done)
                if entry is not None:
                    return entry
            self.times.pause(LOOK)
        return None

    def _at(self, port: PortFound, done: Mapping[str, Entry]) -> Entry | None:
        began = self.times.monotonic()
        serial, watch = port.serial, Stopwatch(self.times, self.person)
        lost: DeskTokenError | None = None
        try:
            link = Link(SerialWire(port.path))
        except LineLost:
            return None
        try:
            serial = awake(link, self.times).serial
            if serial in done:
                return None
            entry = self._finished(link, serial, watch)
        except DeskTokenError as trouble:
            entry, lost = Entry(serial, done=False, why=str(trouble)), trouble
        finally:
            link.close()
        if not serial and isinstance(lost, LineLost):
            return None  # pulled out before it said who it is
        watch.stop()
        spent = round(self.times.monotonic() - began, 1)
        entry = replace(entry, seconds=spent, person=round(watch.seconds, 1))
        self.book.write(entry)
        self._over.add(port.plugged)
        return entry

    def _finished(self, link: Link, serial: str, watch: Stopwatch) -> Entry:
        wanted = self.batch.get(serial, self.usual)
        made = finish(link, wanted, watch, self.times, self.told)
        name = wanted.name or label.usual_name(serial)
        if not made.good:
            return Entry(serial, done=False, name=name, why=NOT_GOOD, report=made)
        try:
            label.save(label.draw(serial, name, made.fingerprint, self.docs), self._stem(serial))
        except OSError as full:
            raise DeskTokenError(DISK) from full
        return Entry(serial, done=True, name=name, report=made)

    def _stem(self, serial: str) -> Path:
        folder = self.book.folder / "labels"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / serial
