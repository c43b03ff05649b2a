"""Checks, installs, tries, and goes back: the whole life of one update, one step after another, each safe to be cut.

The order is the promise: the slot is whole before the trial is written down, the trial is written down before `current`
means the new slot, and the trial ends only when the new slot has been seen to work. Whatever is cut, the guard and
`settle` find one of these states and finish it. Decides nothing about who may ask: a hold came before.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from appliance.core.errors import DeskTokenError, Refused
from appliance.updater import book as records
from appliance.updater.book import Book, Outcome
from appliance.updater.guard import (
    MOST_STARTS,
    Calls,
    Trial,
    end_trial,
    read_trial,
    runs,
    write_trial,
)
from appliance.updater.health import REASONS
from appliance.updater.packages import Place, place
from appliance.updater.slots import Slots
from appliance.updater.spool import Spool
from appliance.updater.window import Window
from appliance.wire.bundle import WHEELS, Here, Manifest, _, check_fit
from appliance.wire.bundle_trust import Moment, Vouched, check_package, vouch

INTERRUPTED = _("The power or the program was interrupted. Nothing was changed.")
WENT_BACK = _("The new version did not work, so the old one is back")
FIRST = "0.0.0"
log = logging.getLogger("updater")
Progress = Callable[[int], None]


class Engine:
    """The slots, the book and the file that came in. `shipped_root` are the keys that came with the device."""

    def __init__(
        self,
        slots: Slots,
        state: Path,
        spool: Spool,
        shipped_root: Path,
        here: Here,
        calls: Calls = os,
    ) -> None:
        self.slots = slots
        self.spool = spool
        self._state = state
        self._root = shipped_root
        self._here = here
        self._calls = calls

    @property
    def version(self) -> str:
        """What runs, by its slot; the running program's own version where there are no slots yet."""
        return self.slots.current or self._here.version

    @property
    def trial(self) -> Trial | None:
        """The trial that is on."""
        return read_trial(self._state)

    def book(self) -> Book:
        """What is remembered. Raises StorageTrouble."""
        return records.open_book(self._state, self._root)

    def check(self, moment: Moment) -> Manifest:
        """Whether the file that came in may be installed here; what was verified is remembered. Raises a sentence."""
        vouched, book = self._vouched(moment)
        with self.spool.open() as bundle:
            for wheel in vouched.manifest.wheels:
                check_package(bundle, vouched, f"{WHEELS}{wheel}")
        here = replace(self._here, version=self.version, highest=book.highest or self.version)
        check_fit(vouched.manifest, here)
        self.slots.check_room(vouched.manifest.size)
        records.write_book(self._state, replace(book, known=vouched.known), self._calls)
        return vouched.manifest

    def install(self, version: str, moment: Moment, progress: Progress) -> None:
        """Check once more, make the slot and let it be tried. Raises a sentence; then the old slot is as it was."""
        if self.trial is not None:
            raise Refused("Another update is under way")
        manifest = self.check(moment)
        if manifest.version != version:
            raise Refused("There is no update to install")
        vouched, _ = self._vouched(moment)
        self.slots.tidy()
        self.slots.make(version, manifest.size, lambda there: self._fill(there, vouched, progress))
        self.spool.drop()
        self._switch(version)

    def back(self) -> None:
        """Let the version before be tried again. Raises Refused when there is none."""
        if self.trial is not None:
            raise Refused("Another update is under way")
        if not self.slots.previous:
            raise Refused("There is no version to go back to")
        self._switch(self.slots.previous)

    def confirm(self) -> Outcome:
        """The new slot works: it stays, and the one before is kept to go back to."""
        trial, book = self.trial, self.book()
        if trial is None:
            return book.last or Outcome(self.version)
        outcome = Outcome(trial.new)
        if trial.old and trial.old != trial.new:
            self.slots.keep(trial.old)
        highest = max((book.highest or FIRST, trial.new), key=_numbers)
        records.write_book(self._state, replace(book, highest=highest, last=outcome), self._calls)
        self.slots.attempt(lambda: end_trial(self._state, self._calls))
        log.info("update confirmed version=%s", trial.new)
        return outcome

    def undo(self, failing: str) -> Outcome:
        """The new slot does not work: the old one is current again."""
        trial = self.trial
        if trial is None:
            return Outcome(self.version)
        log.warning("update undone version=%s: %s", trial.new, REASONS.get(failing, failing))
        if trial.old and runs(self.slots.root, trial.old):
            spent = Trial(trial.new, trial.old, MOST_STARTS)  # whoever comes next goes back too
            self.slots.attempt(lambda: write_trial(self._state, spent, self._calls))
            self.slots.use(trial.old)
        return self._ended(trial, WENT_BACK)

    def settle(self) -> Outcome | None:
        """After a start: end a trial that is not on any more; None while the new slot is still to be judged."""
        trial = self.trial
        if trial is None:
            return self.book().last or Outcome("")
        if self.slots.current == trial.new:
            return None
        return self._ended(trial, WENT_BACK if trial.starts else INTERRUPTED)

    def _ended(self, trial: Trial, trouble: str) -> Outcome:
        outcome = Outcome(trial.new, trouble)
        records.write_book(self._state, replace(self.book(), last=outcome), self._calls)
        self.slots.attempt(lambda: end_trial(self._state, self._calls))
        return outcome

    def _switch(self, version: str) -> None:
        """A trial first, then the name: from here on a power cut brings the new slot or the old one, both whole."""
        self.slots.attempt(
            lambda: write_trial(self._state, Trial(version, self.slots.current), self._calls)
        )
        try:
            self.slots.use(version)
        except DeskTokenError:
            self.slots.attempt(lambda: end_trial(self._state, self._calls))
            raise
        log.info("slot switched version=%s", version)

    def _fill(self, there: Place, vouched: Vouched, progress: Progress) -> None:
        wheels = vouched.manifest.wheels
        total = sum(vouched.members[f"{WHEELS}{wheel}"].size for wheel in wheels)
        done = 0
        with self.spool.open() as bundle:
            for wheel in wheels:
                check_package(bundle, vouched, f"{WHEELS}{wheel}")
                member = vouched.members[f"{WHEELS}{wheel}"]
                place(Window(bundle, member, wheel), there)  # type: ignore[arg-type]
                done += member.size
                progress(100 * done // max(1, total))

    def _vouched(self, moment: Moment) -> tuple[Vouched, Book]:
        book = self.book()
        with self.spool.open() as bundle:
            return vouch(bundle, self.spool.size, book.known, moment), book


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
