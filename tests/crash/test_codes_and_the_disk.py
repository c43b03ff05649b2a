"""A code's moment is durable before its digits, and that costs a card next to nothing."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from random import Random
from typing import Protocol

import pytest

from appliance.authenticator import effects_runner
from appliance.authenticator.vault import RESERVED
from appliance.authenticator.work import Work
from appliance.core import desk as rules
from appliance.core.accounts import Kind
from appliance.core.clock_trust import Now, Trust, not_before
from appliance.core.desk import Desk
from appliance.core.effects import GiveCode
from appliance.core.events import CodeReady, Event, Health, PartChanged, Ticked
from appliance.core.screen import Digits, Lines
from appliance.core.settings import Settings
from tests.authenticator.fakes import WALL, Signals
from tests.authenticator.test_effects_runner import DEVICE, work_on
from tests.crash.image import Fate, image
from tests.crash.journal import Fault, Journal, Write
from tests.crash.laboratory import Laboratory
from tests.crash.workloads import enrol, show

DAY, MEBIBYTE = 86_400, 1024 * 1024
Record = Callable[[str, object], None]


@dataclass
class Device:
    """The real rules, the real effects and the real vault over a watched disk; time is passed to it."""

    journal: Journal
    work: Work
    desk: Desk
    now: Now = field(default_factory=lambda: Now(0.0, WALL, Trust.SYNCED))

    def look(self, seconds: float = 0.0, *, pressed: bool = False) -> bool:
        """Let so much time pass, and see whether there are digits on the panel."""
        now = self.now
        self.now = replace(now, monotonic=now.monotonic + seconds, wall=now.wall + seconds)
        if pressed:
            self.desk = replace(self.desk, touched=self.now.monotonic)
        events: list[Event] = [Ticked(self.now)]
        while events:
            stepped = rules.step(self.desk, events.pop(0))
            self.desk = stepped.desk
            for effect in stepped.effects:
                events += effects_runner.run(self.work, effect, self.desk, self.now)
        screen = rules.view(self.desk)
        return screen.lit and isinstance(screen.body, Digits)

    @property
    def written(self) -> int:
        """Bytes that reached the disk so far."""
        return sum(len(op.content) for op in self.journal.ops if isinstance(op, Write))


def started(lab: Laboratory, kind: Kind, fault: Fault | None) -> Device:
    """A device with one account that has just started."""
    lab.lay({})
    vault = lab.start(Journal(lab.folder))
    enrol("a1", kind)(vault)
    vault.close()
    base = lab.read()
    lab.lay(base)
    journal = Journal(lab.folder, base)
    work = work_on(lab.start(journal), lab.folder, Signals())
    journal.fault = replace(fault, at=journal.calls) if fault else None
    now = Now(0.0, WALL, Trust.SYNCED)
    return Device(journal, work, rules.start(now, work.vault.accounts(), Settings(), DEVICE))


class Start(Protocol):
    """Switches a device on, with a fault from then on or without one."""

    def __call__(self, kind: Kind = ..., fault: Fault | None = ...) -> Device: ...


@pytest.fixture
def device(lab: Laboratory) -> Iterator[Start]:
    """Whatever is started is closed while its laboratory still stands."""
    with ExitStack() as ends:

        def start(kind: Kind = Kind.TOTP, fault: Fault | None = None) -> Device:
            made = started(lab, kind, fault)
            ends.callback(made.work.vault.close)
            return made

        yield start


def test_a_day_of_codes_that_never_goes_dark_writes_less_than_a_mebibyte(
    device: Start, record_property: Record
) -> None:
    lit = device()
    before, seen = lit.written, 0
    for _ in range(DAY // 10):
        seen += lit.look(10.0, pressed=True)
    assert seen == DAY // 10
    day = lit.written - before
    assert 0 < day <= MEBIBYTE
    record_property("figures of bytes written in a day", {"always lit": day})


def test_a_dark_day_writes_nothing_at_all(device: Start) -> None:
    dark = device()
    assert dark.look(1.0)
    for second in range(90):
        dark.look(float(second > 0))
    before = dark.written
    assert not any(dark.look(1.0) for _ in range(3600))
    assert dark.written == before
    assert dark.look(1.0, pressed=True)


def test_a_code_that_is_covered_writes_not_one_byte(device: Start) -> None:
    shown = device()
    assert shown.look(1.0)
    before = shown.written
    assert before > 0
    for _ in range(int(RESERVED) // 30 - 1):
        assert shown.look(30.0, pressed=True)
    assert shown.written == before


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EROFS, errno.EIO], ids=["full", "read-only", "broken"]
)
@pytest.mark.parametrize("kind", [Kind.TOTP, Kind.HOTP])
def test_where_nothing_can_be_stored_there_are_no_digits_but_the_cure(
    device: Start, number: int, kind: Kind
) -> None:
    refused = device(kind, Fault(0, number, stays=True))
    if kind is Kind.HOTP:
        events = effects_runner.run(refused.work, GiveCode("a1"), refused.desk, refused.now)
        assert events == (PartChanged("storage", Health.BAD),)
        refused.desk = rules.step(refused.desk, events[0]).desk
    assert not any(refused.look(1.0, pressed=True) for _ in range(10))
    body = rules.view(refused.desk).body
    assert isinstance(body, Lines)
    assert [getattr(line, "english", "") for line in body.lines] == [
        "Storage trouble",
        "Ask the helpdesk",
    ]


def test_a_disk_that_takes_writes_again_gives_codes_again(device: Start) -> None:
    refused = device(fault=Fault(0, errno.ENOSPC, stays=True))
    assert not refused.look(1.0)
    assert refused.desk.facts.part("storage") is Health.BAD
    refused.journal.fault = None
    refused.look(3.0)
    assert refused.look(0.1)
    assert refused.desk.facts.part("storage") is Health.GOOD


def test_the_digits_come_after_the_sync_that_covers_them(lab: Laboratory, device: Start) -> None:
    """At the very call that is the last one before the event with the digits, all of it is durable."""
    shown = device()
    events = effects_runner.run(shown.work, GiveCode("a1"), shown.desk, shown.now)
    assert [type(event) for event in events] == [CodeReady]
    left = image(shown.journal.base, shown.journal.ops, Fate.LOST, Random(1))
    shown.work.vault.close()
    lab.lay(left)
    again = lab.start(Journal(lab.folder, left))
    assert again.shown() == WALL + RESERVED
    again.close()


def test_after_a_cut_anywhere_no_older_code_is_shown(lab: Laboratory, device: Start) -> None:
    """Checklist row 20: what an unconfirmed clock says is not believed before the last moment that was on the panel."""
    shown, marks = device(), []
    for n in range(8):
        show(WALL + 300.0 * n)(shown.work.vault)
        marks.append(len(shown.journal.ops))
    shown.work.vault.close()
    for at in range(len(shown.journal.ops) + 1):
        left = image(shown.journal.base, shown.journal.ops[:at], Fate.TORN, Random(at))
        lab.lay(left)
        again = lab.start(Journal(lab.folder, left))
        acknowledged = [WALL + 300.0 * n for n, mark in enumerate(marks) if mark <= at]
        newest = max(acknowledged, default=0.0)
        older = Now(5.0, newest - 1.0, Trust.RTC)
        assert not not_before(older, again.shown()).trust.shows_codes
        again.close()
