"""Updates as the authenticator knows them: one file at a time, one job at a time, and how the updater says it goes.

It passes pieces on without a look and believes nothing of them. Other threads wait here for the updater; the consumer
asks and reads. An installation is ordered by `granted` alone, after a hold on the device.
"""

from __future__ import annotations

import contextlib
import queue
import secrets
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from msgspec.structs import replace

from appliance.core.clock_trust import Now, Trust
from appliance.core.errors import PeerTrouble, Refused
from appliance.core.events import Event, Health
from appliance.core.flow import Facts
from appliance.core.updates import Phase, UpdateAsked, UpdateEnded, UpdateMoved
from appliance.wire.bundle import _
from appliance.wire.updates import (
    LARGEST_PIECE,
    Fetch,
    FetchFailed,
    HealthReply,
    Job,
    JobDone,
    Piece,
    SendUpdate,
    UpdateState,
)

MOST_JOBS, PATIENCE, SILENCE, FIRST_WORD = 4, 60.0, 60.0, 8.0
MOVING = frozenset(Phase)
BUSY = frozenset({"checking", *MOVING})
NOBODY = _("Nobody on this token looks after updates")
UNDER_WAY = _("Another update is under way")
SENDING = _("Another update is being sent")


class Updates:
    """The state of it. `bell` is the updater's socket: a connection starts it. `source` is where to fetch a file.

    The consumer keeps `facts` and what `camera` came to current; `keys` says whether the keys answer.
    """

    def __init__(
        self,
        bell: Path | None = None,
        source: str = "",
        keys: Callable[[], bool] = lambda: True,
        *,
        has_camera: bool = True,
    ) -> None:
        self._bell = bell
        self._source = source
        self._keys = keys
        self.has_camera = has_camera
        self.camera = Health.UNKNOWN
        self._jobs: queue.Queue[Job] = queue.Queue(MOST_JOBS)
        self._fetches: queue.Queue[Fetch] = queue.Queue(1)
        self._open: dict[str, Future[str]] = {}
        self._heard = threading.Condition()
        self._sender, self._sent_at = "", 0.0
        self._expected = ""
        self._asked: Job | None = None
        self._state = UpdateState()
        self.facts: Facts | None = None

    def state(self) -> UpdateState:
        """How things stand. Wakes the updater, and waits a moment for its first word."""
        patience = FIRST_WORD if self._ring() else 0.0
        with self._heard:
            self._heard.wait_for(lambda: self._state.updater, patience)
            return replace(self._state, source=bool(self._source))

    def health(self) -> HealthReply:
        """Whether the device works. Raises Refused before the first look at it."""
        if self.facts is None:
            raise Refused("The device is busy")
        keys = "good" if self._keys() else "bad"
        parts = {part: str(health) for part, health in self.facts.parts if part != "camera"}
        camera = {"camera": str(self.camera)} if self.has_camera else {}
        return HealthReply(self.facts.device.software, {**parts, **camera, "keys": keys})

    def next_job(self, wait: float) -> Job | None:
        """For the updater's thread: the next job, once."""
        try:
            return self._jobs.get(timeout=max(0.001, wait))
        except queue.Empty:
            return None

    def next_fetch(self, wait: float) -> Fetch | None:
        """For the courier's thread: the next file to fetch, once."""
        try:
            return self._fetches.get(timeout=max(0.001, wait))
        except queue.Empty:
            return None

    def send(self, role: str, asked: SendUpdate) -> None:
        """A file begins. Raises Refused while another one is coming or being worked on."""
        if role == "courier" and (not asked.number or asked.number != self._expected):
            raise Refused("There is no such call")
        fresh = self._now.monotonic - self._sent_at < SILENCE
        if self._state.phase == "sending" and asked.number != self._sender and fresh:
            raise Refused(SENDING)
        self._idle()
        self._sender, self._sent_at = asked.number, self._now.monotonic
        self._done(Job(self._number(), "begin", asked.number, size=asked.size))

    def piece(self, asked: Piece) -> None:
        """The next bytes. Returns when the updater has them; raises Refused with its sentence."""
        if asked.number != self._sender or not asked.number:
            raise Refused(SENDING)
        if not 0 < len(asked.data) <= LARGEST_PIECE:
            raise Refused("The call is not complete")
        self._sent_at = self._now.monotonic
        self._done(self._timed(Job("", "piece", asked.number, at=asked.at, data=asked.data)))

    def find(self, where: str) -> None:
        """Have a file looked for on a stick, or fetched over the network. Raises Refused."""
        self._idle()
        if where == "stick":
            self._order(self._timed(Job("", "stick")))
            return
        if where != "network" or not self._source:
            raise Refused("No address is set to fetch updates from")
        self._expected = secrets.token_hex(16)
        try:
            self._fetches.put_nowait(Fetch(self._expected, self._source))
        except queue.Full as full:
            raise Refused(UNDER_WAY) from full
        self._note(replace(self._state, phase="sending", percent=0, offer=None, trouble=""))

    def fetch_failed(self, failed: FetchFailed, sentence: str) -> None:
        """The courier could not bring it."""
        if failed.number == self._expected:
            self._expected = ""
            self._note(replace(self._state, phase="idle", trouble=sentence))

    def drop(self) -> None:
        """Forget the file."""
        self._idle()
        self._sender = self._expected = ""
        self._order(Job(self._number(), "drop"))

    def ask(self, version: str) -> Event:
        """Put it before the person: this version, or (empty) the one before. Raises Refused."""
        self._idle()
        offer = self._state.offer
        if version:
            if self._state.phase != "ready" or offer is None or offer.version != version:
                raise Refused("There is no update to install")
            self._asked = Job("", "install", version=version)
            return UpdateAsked(version)
        if not self._state.previous:
            raise Refused("There is no version to go back to")
        self._asked = Job("", "back")
        return UpdateAsked(self._state.previous, back=True)

    def granted(self) -> tuple[Event, ...]:
        """The person held: order it."""
        asked, self._asked = self._asked, None
        try:
            if asked is None:
                raise Refused("That was not asked")
            self._order(self._timed(asked))
        except Refused:
            return (UpdateEnded("", failed=True),)
        return ()

    def refused(self) -> None:
        """Nobody wanted it."""
        self._asked = None

    def job_done(self, done: JobDone) -> None:
        """The updater has done one."""
        waiting = self._open.pop(done.id, None)
        if waiting is not None:
            waiting.set_result(done.trouble[:200])

    def report(self, state: UpdateState) -> tuple[Event, ...]:
        """How things stand now, by the updater's word; what the desk hears of it."""
        before, known = self._state.phase, replace(state, updater=True)
        self._note(known)
        if known.phase in MOVING:
            return (UpdateMoved(Phase(known.phase), min(100, max(0, known.percent))),)
        if before in MOVING and known.phase == "idle":
            return (UpdateEnded(known.ended_version[:20], failed=bool(known.ended)),)
        return ()

    def _note(self, state: UpdateState) -> None:
        with self._heard:
            self._state = state
            self._heard.notify_all()

    def _idle(self) -> None:
        if self._state.phase in BUSY:
            raise Refused(UNDER_WAY)

    def _timed(self, job: Job) -> Job:
        wall, certain = self._now.wall, self._now.trust.shows_codes
        return replace(job, id=self._number(), wall=wall, certain=certain)

    def _done(self, job: Job) -> None:
        """Order it and wait until it is done."""
        waiting: Future[str] = Future()
        self._open[job.id] = waiting
        try:
            self._order(job)
            trouble = waiting.result(PATIENCE)
        except TimeoutError as late:
            raise PeerTrouble("The device is busy") from late
        finally:
            self._open.pop(job.id, None)
        if trouble:
            raise Refused(trouble)

    def _order(self, job: Job) -> None:
        if not self._ring() and not self._state.updater:
            raise Refused(NOBODY)
        try:
            self._jobs.put_nowait(job)
        except queue.Full as full:
            raise Refused(UNDER_WAY) from full

    def _ring(self) -> bool:
        """Wake the updater; the service manager starts it at a connection."""
        if self._bell is None:
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(1.0)
            with contextlib.suppress(OSError):
                line.connect(str(self._bell))
                return True
        return False

    @property
    def _now(self) -> Now:
        return self.facts.now if self.facts else Now(0.0, 0.0, Trust.UNKNOWN)

    def _number(self) -> str:
        return secrets.token_hex(8)
