"""Takes one job after another from the authenticator, does it with the engine, and reports how things stand.

It also judges a slot on trial: within 90 seconds the device works, or the old slot comes back and all is restarted.
After a good first judgement the process ends, so that the new slot's own updater has the last word under the guard.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from appliance.core.errors import DeskTokenError, PeerTrouble
from appliance.updater.book import Outcome
from appliance.updater.engine import Engine
from appliance.updater.health import CAMERA, PATIENCE, failing, good_parts
from appliance.updater.services import Services
from appliance.updater.spool import on_sticks
from appliance.wire.bundle import Manifest
from appliance.wire.bundle_trust import Moment
from appliance.wire.call import Done
from appliance.wire.client import Caller
from appliance.wire.updates import (
    Health,
    HealthReply,
    Job,
    JobDone,
    JobList,
    NextJob,
    Offer,
    UpdateReport,
    UpdateState,
)

WAIT, LOOK_EVERY, LONGEST_LOOK = 10.0, 1.0, 15.0
log = logging.getLogger("updater")


class Runner:
    """The hands. `sticks` are folders to look in, `clock` gives monotonic seconds, `pause` waits that long.

    `patience` is how many seconds a new version has to work well.
    """

    def __init__(
        self,
        engine: Engine,
        desk: Caller,
        services: Services,
        sticks: tuple[Path, ...],
        clock: Callable[[], float],
        pause: Callable[[float], object],
        patience: float = PATIENCE,
    ) -> None:
        self._engine = engine
        self._desk = desk
        self._services = services
        self._sticks = sticks
        self._clock = clock
        self._pause = pause
        self._patience = patience
        self._state = UpdateState(updater=True)
        self._unsaid: Outcome | None = None
        self.handed_over = False

    @property
    def has_news(self) -> bool:
        """Whether the device has still to hear how a trial ended."""
        return self._unsaid is not None

    def begin(self) -> None:
        """Finish what a start finds: a trial is judged, an interrupted one is said. Raises PeerTrouble."""
        try:
            outcome = self._engine.settle()
            if outcome is None:
                self._conclude(())
            elif self._unsaid is not None:
                self._announce()
            else:
                offered = self._state.offer is not None and self._engine.spool.whole
                self._say(phase="ready" if offered else "idle", **_end(outcome))
        except PeerTrouble:
            raise
        except DeskTokenError as trouble:
            self._say(phase="idle", trouble=str(trouble))

    def turn(self, wait: float = WAIT) -> bool:
        """Wait for a job, do it and say how it went; False when there was none. Raises PeerTrouble."""
        jobs = self._desk.call(NextJob(wait), JobList, wait).jobs
        for job in jobs:
            self._desk.call(JobDone(job.id, self._done(job)), Done)
        return bool(jobs)

    def _done(self, job: Job) -> str:
        try:
            self._do(job)
        except PeerTrouble:
            raise
        except DeskTokenError as trouble:
            log.info("job refused what=%s: %s", job.what, trouble)
            self._failed(job, str(trouble))
            return str(trouble)
        return ""

    def _do(self, job: Job) -> None:
        moment = Moment(job.wall, job.certain)
        match job.what:
            case "begin":
                self._engine.spool.begin(job.number, job.size)
                self._say(phase="sending", offer=None, trouble="")
            case "piece":
                self._engine.spool.take(job.number, job.at, job.data)
                self._came(moment)
            case "stick":
                found = on_sticks(self._sticks)
                self._say(phase="sending", offer=None, trouble="")
                self._engine.spool.copy(found, found.stat().st_size)
                self._came(moment)
            case "drop":
                self._engine.spool.drop()
                self._say(phase="idle", offer=None, trouble="", percent=0)
            case "install":
                self._say(phase="installing", percent=0, trouble="")
                before = self._before()
                self._engine.install(job.version, moment, self._progress)
                self._try_it(before)
            case "back":
                self._say(phase="installing", percent=0, trouble="")
                before = self._before()
                self._engine.back()
                self._try_it(before)
            case _:
                raise PeerTrouble("There is no such call")

    def _came(self, moment: Moment) -> None:
        """Some of the file is here; when all of it is, it is judged at once."""
        spool = self._engine.spool
        if not spool.whole:
            if spool.percent != self._state.percent:
                self._say(phase="sending", percent=spool.percent)
            return
        self._say(phase="checking", percent=100)
        size = spool.size
        manifest = self._engine.check(moment)
        log.info("update checked version=%s", manifest.version)
        self._say(phase="ready", offer=_offer(manifest, size), trouble="", percent=0)

    def _failed(self, job: Job, trouble: str) -> None:
        """What was refused is forgotten; what runs is as it was."""
        if (
            job.what == "piece"
            and self._state.phase == "sending"
            and self._engine.spool.whole is False
        ):
            self._say(phase="sending")
            return
        self._engine.spool.drop()
        if job.what in ("install", "back"):
            version = job.version or self._engine.slots.previous
            self._say(phase="idle", offer=None, **_end(Outcome(version, trouble)), percent=0)
        else:
            self._say(phase="idle", offer=None, trouble=trouble, percent=0)

    def _before(self) -> tuple[str, ...]:
        """What is good while the old version still runs, camera and all; a look may take some seconds."""
        now, deadline = self._health(look=True), self._clock() + LONGEST_LOOK
        while now and now.parts.get(CAMERA) == "unknown" and self._clock() < deadline:
            self._pause(LOOK_EVERY)
            now = self._health()
        return good_parts(now)

    def _try_it(self, before: tuple[str, ...]) -> None:
        """The new slot is current: restart the others and see whether the device works."""
        self._say(phase="restarting", percent=100, offer=None)
        self._services.restart()
        self._conclude(before)

    def _conclude(self, before: tuple[str, ...]) -> None:
        """Judge the trial and say how it ended."""
        outcome = self._judged(before)
        if not self.handed_over:
            self._unsaid = outcome
            self._announce()

    def _announce(self) -> None:
        """How the trial ended, once, to a device that was restarted and forgot it. Raises PeerTrouble."""
        if self._unsaid is not None:
            self._say(phase="trying", percent=100)
            self._say(phase="idle", percent=0, **_end(self._unsaid))
            self._unsaid = None

    def _judged(self, before: tuple[str, ...]) -> Outcome:
        """Well within the time: it stays. Not well: back, and all is restarted. Raises StorageTrouble."""
        trial = self._engine.trial
        expected = "" if self._services.same_code or trial is None else trial.new
        deadline, wrong = self._clock() + self._patience, "loop"
        while self._clock() < deadline:
            now = self._health()
            wrong = failing(now, before, expected)
            if wrong == CAMERA:
                self._health(look=True)
            if not wrong:
                return self._good()
            self._tried()
            self._pause(LOOK_EVERY)
        outcome = self._engine.undo(wrong)
        self._services.restart()
        return outcome

    def _good(self) -> Outcome:
        """The last word belongs to the new slot's own updater, which the guard counts as it starts."""
        self._tried()
        trial = self._engine.trial
        if trial is not None and trial.starts == 0 and not self._services.same_code:
            self.handed_over = True
            return Outcome("")
        return self._engine.confirm()

    def _health(self, *, look: bool = False) -> HealthReply | None:
        try:
            return self._desk.call(Health(look), HealthReply)
        except DeskTokenError:
            return None

    def _tried(self) -> None:
        try:
            self._say(phase="trying", percent=100)
        except DeskTokenError:
            log.info("waiting for the device")

    def _progress(self, percent: int) -> None:
        if percent != self._state.percent:
            self._say(phase="installing", percent=percent)

    def _say(self, **changed: object) -> None:
        """Report how things stand. Raises PeerTrouble."""
        slots = self._engine.slots
        known = replace(self._state, version=self._engine.version, previous=slots.previous)
        self._state = replace(known, **changed)
        self._desk.call(UpdateReport(self._state), Done)


def _end(outcome: Outcome) -> dict[str, object]:
    return {"ended_version": outcome.version, "ended": outcome.trouble}


def _offer(manifest: Manifest, size: int) -> Offer:
    return Offer(manifest.version, manifest.minimum, manifest.made, size, len(manifest.wheels))
