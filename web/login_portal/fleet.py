"""Several workers behind one listening socket: started together, replaced when one dies, stopped together.

The parent holds no records and serves nothing. A worker that ends before it ever served takes all of them down, with
its own words on the log: that is a mistake in the configuration, and starting again would not mend it.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.context import ForkProcess
from multiprocessing.synchronize import Event
from types import FrameType

from appliance.core.errors import DeskTokenError
from web.login_portal.logbook import Logbook

LOOK, AGAIN, PATIENCE = 0.2, 1.0, 15.0
Work = Callable[[int, Callable[[], None]], None]


@dataclass(slots=True)
class _Seat:
    """The place of one worker: its number, and the process that sits there now."""

    number: int
    process: ForkProcess
    ready: Event


@dataclass(slots=True)
class Fleet:
    """Runs `work(number, ready)` in so many processes until SIGTERM or SIGINT. `ready` hears when all of them serve."""

    work: Work
    workers: int
    log: Logbook
    ready: Callable[[], None]
    _stopping: threading.Event = field(default_factory=threading.Event)
    _seats: list[_Seat] = field(default_factory=list)

    def run(self) -> None:
        """Work until stopped. Raises DeskTokenError when a worker cannot start."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            self._seats = [self._begin(number) for number in range(self.workers)]
            self._await_all()
            if not self._stopping.is_set():
                self.ready()
            while not self._stopping.wait(LOOK):
                self._replace_the_dead()
        finally:
            self._end_all()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._stopping.set()

    def _begin(self, number: int) -> _Seat:
        # the parent has one thread and no open records
        context = multiprocessing.get_context("fork")
        ready = context.Event()
        process = context.Process(target=_sit, args=(self.work, number, ready.set))
        process.start()
        return _Seat(number, process, ready)

    def _await_all(self) -> None:
        for seat in self._seats:
            while not seat.ready.wait(LOOK) and not self._stopping.is_set():
                if not seat.process.is_alive():
                    raise DeskTokenError("A worker of the portal could not start")

    def _replace_the_dead(self) -> None:
        for at, seat in enumerate(self._seats):
            if not seat.process.is_alive():
                self.log.note(
                    "worker replaced", worker=seat.number, code=seat.process.exitcode or 0
                )
                self._stopping.wait(AGAIN)
                self._seats[at] = self._begin(seat.number)

    def _end_all(self) -> None:
        for seat in self._seats:
            seat.process.terminate()
        for seat in self._seats:
            seat.process.join(PATIENCE)
            if seat.process.is_alive():
                seat.process.kill()
                seat.process.join()


def _sit(work: Work, number: int, ready: Callable[[], None]) -> None:
    """One worker, from its first to its last moment."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # the parent heard it too, and ends us in good order
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        work(number, ready)
    except DeskTokenError as trouble:
        raise SystemExit(f"Error: {trouble}") from trouble
