"""The plug is pulled, at every flush of a day's log, at random writes behind it, and within a write: nothing that was
seen is lost.

One day on the virtual Pi is logged by QEMU below its kernel; each cut is a disk of its own, whose file system the host
repairs as the token's kernel would, and whose records the product's own code opens.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from tests.crash.laboratory import Finding
from tests.story.house import PASSWORD, add_person
from tests.story.visitor import Visitor
from tests.vm.after_cut import ACTS, RESET, Judge, Promise, Stand, Verdict, looked_at
from tests.vm.conftest import PACKAGES, SERVICE, Outside, copied, synchronise
from tests.vm.logged_day import WITHOUT_CODE, Day, live, new_code
from tests.vm.machine import Machine
from tests.vm.story_footprint import kept
from tests.vm.token import Token
from tests.vm.write_log import Cut, Replay, cuts, some, tear

SUBSETS, TEARS = 4, 3
FEWEST_TORN = 6  # in each act
LIES = 4
Record = Callable[[str, object], None]
pytestmark = pytest.mark.timeout(1200)  # the first test lives the day and cuts it everywhere


@dataclass(frozen=True, slots=True)
class Study:
    """Every cut of a day, with what was found and what that means."""

    day: Day
    found: tuple[tuple[Cut, Stand], ...]

    def verdicts(self, promises: tuple[Promise, ...]) -> tuple[Verdict, ...]:
        """How these promises were kept."""
        judge = Judge(promises, self.day.resets, self.day.erased)
        return tuple(judge.judge(cut, stand) for cut, stand in self.found)

    @property
    def flushes(self) -> tuple[tuple[Cut, Stand], ...]:
        """The cuts at the boundary of a flush."""
        return tuple((cut, stand) for cut, stand in self.found if cut.flush)

    @property
    def torn(self) -> tuple[Cut, ...]:
        """The cuts within a write."""
        return tuple(cut for cut, _ in self.found if cut.torn)

    def act(self, cut: Cut) -> str:
        """What the person was doing; nothing, once all but the reset was done."""
        if cut.at > self.day.resets:
            return RESET
        following = (promise.act for promise in self.day.promises if cut.at <= promise.entries)
        return next(following, "")

    def came(self, promise: Promise) -> int:
        """Number of the flush that first carried what was promised."""
        return next(
            number
            for number, (_, stand) in enumerate(self.flushes)
            if stand.numbers.get(promise.kind, -1) >= promise.number
        )


@pytest.fixture(scope="session")
def somebody(work: Path, outside: Outside) -> Iterator[Outside]:
    """Somebody of their own, who has no token yet."""
    add_person(work / "portal", "piet", "Piet Jansen", "+31 6 12345613", PASSWORD)
    with closing(Visitor(outside.url)) as visitor:
        yield Outside(outside.url, visitor, "piet")


@pytest.fixture(scope="session")
def day(installed: Path, somebody: Outside, tmp_path_factory: pytest.TempPathFactory) -> Day:
    """One day with the real product, and its log."""
    system = tmp_path_factory.mktemp("cuts") / "system.qcow2"
    with copied(installed, system, "installed") as machine:
        return live(Token(machine), somebody, system)


@pytest.fixture(scope="session")
def study(day: Day) -> Study:
    """That day, cut everywhere."""
    folder = day.log.parent
    replay = Replay(day.log, day.blank, folder / "replayed")
    found = tuple(
        (cut, looked_at(replay.leaves(cut, folder / "cut"), folder / "mounted", day.credentials))
        for cut in cuts(replay.entries, day.began, SUBSETS, TEARS)
    )
    return Study(day, found)


def test_no_cut_loses_what_was_seen_or_leaves_half_a_change(
    study: Study, record_property: Record
) -> None:
    verdicts = study.verdicts(study.day.promises)
    bad = [verdict for verdict in verdicts if verdict.finding is not Finding.GOOD]
    torn = Counter(study.act(cut) for cut in study.torn)
    figures = {
        "cuts at a flush": len(study.flushes),
        "cuts at a write behind a flush": len(study.found) - len(study.flushes) - len(study.torn),
        "cuts within a write": len(study.torn),
        **{f"cuts within a write, {act}": torn[act] for act in ACTS},
        "acknowledged acts": len(study.day.promises) + 1,
        "corrupt": sum(verdict.finding is Finding.CORRUPT for verdict in bad),
        "lost or half": sum(verdict.finding is not Finding.CORRUPT for verdict in bad),
    }
    kept({f"power cuts: {name}": figure for name, figure in figures.items()})
    record_property("figures of power cuts on the virtual Pi", figures)
    assert not bad, bad[:5]
    assert len(study.flushes) >= 50
    assert min(torn[act] for act in ACTS) >= FEWEST_TORN
    assert len({(stand.life, stand.version) for _, stand in study.found}) >= 8


def test_a_reset_is_all_or_nothing_at_every_cut(study: Study) -> None:
    old = study.flushes[0][1]
    during = [stand for cut, stand in study.found if cut.at > study.day.resets]
    assert {bool(stand.numbers) for stand in during} == {True, False}
    for stand in during:
        assert bool(stand.numbers) == (stand.life == old.life)
        assert not stand.numbers or stand.key == old.key


def test_the_control_an_acknowledgement_one_flush_too_early_is_found_out(
    study: Study, record_property: Record
) -> None:
    spare = {}
    for order, promise in enumerate(study.day.promises, 1):
        came = study.came(promise)
        spare[f"{order}: {promise.words}"] = sum(
            came < number and cut.kept <= promise.entries
            for number, (cut, _) in enumerate(study.flushes)
        )
        early = replace(promise, entries=study.flushes[came - 1][0].at)
        assert any(verdict.finding is Finding.LOST for verdict in study.verdicts((early,)))
    record_property("figures of flushes between the one that mattered and the words", spare)


def test_the_control_a_disk_that_only_says_that_it_flushed_is_found_out(
    day: Day, tmp_path: Path, record_property: Record
) -> None:
    verdicts = list(_lied_to(day, tmp_path))
    bad = sum(verdict.finding is not Finding.GOOD for verdict in verdicts)
    figures = {"power cuts: of a lying disk": len(verdicts), "power cuts: of those found out": bad}
    kept({name: float(figure) for name, figure in figures.items()})
    record_property("figures of the control, must fail", figures)
    assert bad > len(verdicts) / 2


def _lied_to(day: Day, folder: Path) -> Iterator[Verdict]:
    """Right after each thing that was seen: of all writes since the beginning, the disk has a random half."""
    replay = Replay(day.log, day.blank, folder / "replayed")
    for promise in day.promises:
        for number in range(LIES):
            chance = Random(f"{promise.entries} {number}")
            later = some(replay.entries, day.began, promise.entries, chance)
            cut = Cut(day.began, later, promise.entries)
            stand = looked_at(replay.leaves(cut, folder / "cut"), folder / "at", day.credentials)
            yield Judge(day.promises, day.resets, day.erased).judge(cut, stand)


def test_the_control_a_disk_that_tears_what_it_has_flushed_is_found_out(
    study: Study, tmp_path: Path, record_property: Record
) -> None:
    day = study.day
    replay = Replay(day.log, day.blank, tmp_path / "replayed")
    bad = 0
    for promise in day.promises:
        number = study.came(promise)
        before, after = study.flushes[number - 1][0], study.flushes[number][0]
        writes = [n for n in range(before.kept, after.kept) if replay.entries[n].writes]
        for victim in writes:
            rest = (n for n in writes if n != victim)
            part = tear(replay.entries[victim], Random(victim))
            cut = Cut(before.kept, (*rest, victim), promise.entries, part)
            stand = looked_at(
                replay.leaves(cut, tmp_path / "cut"), tmp_path / "at", day.credentials
            )
            verdict = Judge(day.promises, day.resets, day.erased).judge(cut, stand)
            bad += verdict.finding is not Finding.GOOD
    record_property("figures of torn writes that had been flushed", {"found out": bad})
    assert bad


def test_the_machine_starts_from_a_cut_disk_and_shows_no_code_twice(
    day: Day, study: Study, tmp_path: Path
) -> None:
    last = day.promises[-1]
    cut = next(cut for cut, _ in reversed(study.found) if cut.kept <= last.entries <= cut.at)
    replay = Replay(day.log, day.blank, tmp_path / "replayed")
    state = replay.leaves(cut, tmp_path / "cut")
    disk = tmp_path / "disk.qcow2"
    shutil.copyfile(day.system, disk)
    drive = ("-drive", f"file={state},if=virtio,format=raw")
    with Machine(disk, PACKAGES, extra=drive) as machine:
        machine.wait_for_shell()
        synchronise(machine)
        machine.until("[ -e /run/tap ]")  # the shell may be there before the bus is listened to
        assert machine.does("findmnt -no SOURCE /var/lib/desk-token") == "/dev/vdb"
        token = Token(machine)
        token.sees(SERVICE, patience=420)
        token.wakes(SERVICE)
        token.tap_until(WITHOUT_CODE)  # on a busy host a tap may last too long to be one
        assert new_code(token, WITHOUT_CODE) >= last.number
