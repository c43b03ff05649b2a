"""Power cuts under the real updater, by the thousand: a slot always starts, no version goes back, and controls fail."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.crash.journal import Fault
from tests.crash.laboratory import Finding, Tally
from tests.crash.tree_journal import SyncFolder, WatchedTree
from tests.crash.update_cuts import STORIES, Story, UpdateLaboratory, run

CUTS = 600
Record = Callable[[str, object], None]
BY_NAME = {story.name: story for story in STORIES}


@pytest.fixture
def lab() -> Iterator[UpdateLaboratory]:
    laboratory = UpdateLaboratory()
    yield laboratory
    laboratory.close()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_no_power_cut_leaves_a_token_without_a_slot_or_with_an_older_one(
    lab: UpdateLaboratory, story: Story, record_property: Record
) -> None:
    tally = run(lab, story, CUTS, seed=1)
    figures = {
        "cuts": tally.cuts,
        "unbootable": tally.found[Finding.CORRUPT] + tally.found[Finding.HALF],
        "versions back": tally.found[Finding.LOST],
    }
    record_property("figures of update cuts", figures)
    assert tally.bad == 0, str(tally)
    assert tally.again >= CUTS // 30


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO], ids=["full", "broken"])
def test_a_disk_that_refuses_any_call_leaves_a_slot_that_starts(
    lab: UpdateLaboratory, story: Story, number: int
) -> None:
    lived = lab.live(story)
    for at in range(0, len(lived.ops), 3):
        for stays in (False, True):
            assert lab.with_fault(story, lived, Fault(at, number, stays)) is Finding.GOOD, at


class Unsynced(WatchedTree):
    """A disk whose files are never synced, as with a plain unpacking."""

    def fsync(self, handle: int, /) -> None:
        if isinstance(self._open[handle][0], str):
            super().fsync(handle)


class Hasty(WatchedTree):
    """A disk whose folders are never synced."""

    def fsync(self, handle: int, /) -> None:
        if not isinstance(self._open[handle][0], str):
            super().fsync(handle)


class Twofold(WatchedTree):
    """A switch in two steps: the old name goes, then the new one comes."""

    def replace(self, source: Path, target: Path, /) -> None:
        if target.is_symlink():
            self.unlink(target)
            parent = self.journal.named(target.parent)
            self.journal.ops.append(SyncFolder(parent))
        super().replace(source, target)


def under(kind: type[WatchedTree], name: str) -> Tally:
    laboratory = UpdateLaboratory(kind)
    try:
        return run(laboratory, BY_NAME[name], 600, seed=2)
    finally:
        laboratory.close()


def test_the_control_without_fsync_leaves_a_slot_that_does_not_start(
    record_property: Record,
) -> None:
    tally = under(Unsynced, "first update")
    figures = {"cuts": tally.cuts, "unbootable": tally.found[Finding.CORRUPT]}
    record_property("figures of control updates without fsync, must fail", figures)
    assert tally.found[Finding.CORRUPT] > 20


def test_the_control_with_a_switch_in_two_steps_leaves_no_slot(record_property: Record) -> None:
    tally = under(Twofold, "first update")
    figures = {"cuts": tally.cuts, "unbootable": tally.found[Finding.CORRUPT]}
    record_property("figures of control switch in two steps, must fail", figures)
    assert tally.found[Finding.CORRUPT] > 0


def test_the_control_with_unsynced_folders_forgets_a_kept_update(record_property: Record) -> None:
    tally = under(Hasty, "third version")
    record_property(
        "figures of control folders without fsync, must fail",
        {"cuts": tally.cuts, "bad": tally.bad},
    )
    assert tally.bad > 0
