"""The other workers' doorbell: PostgreSQL tells this process, in the order of the commits, whose inbox has news.

It carries a device's name and nothing else. While the line was away nothing is lost: whoever listens reads again from
its own cursor when the line is back. Source: PostgreSQL manual, NOTIFY and LISTEN.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg
from sqlalchemy.engine import URL

from web.login_portal.logbook import Logbook
from web.login_portal.store.postgresql import ALIVE, CHANNEL

LOOK_UP, AGAIN = 0.5, 1.0


class Doorbell:
    """Listens on a thread of its own; `rung` hears of one device, `all_rung` that anything may have been missed."""

    def __init__(
        self,
        url: URL,
        rung: Callable[[str], None],
        all_rung: Callable[[], None],
        log: Logbook,
    ) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._rung, self._all_rung, self._log = rung, all_rung, log
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)

    def start(self) -> None:
        """Listen from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more; returns when the thread has ended."""
        self._stopping.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except psycopg.Error:
                self._log.note("doorbell lost", reason="the database is out of reach")
                self._stopping.wait(AGAIN)

    def _listen(self) -> None:
        with psycopg.connect(self._address, autocommit=True, **ALIVE) as line:
            line.execute(f"LISTEN {CHANNEL}")
            self._log.note("doorbell listens")
            self._all_rung()
            while not self._stopping.is_set():
                for news in line.notifies(timeout=LOOK_UP):
                    self._rung(news.payload)
