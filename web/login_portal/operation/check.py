"""Looks at everything the portal needs and names what fails, with what to do about it. Changes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy import func, select
from sqlalchemy import text as sql

from appliance.core.errors import DeskTokenError, Refused, StorageTrouble
from appliance.wire.broker import Receipt
from web.login_portal.broker.identity import BrokerIdentity
from web.login_portal.broker.line import BrokerLine
from web.login_portal.clock import Clock
from web.login_portal.config import BrokerDoors
from web.login_portal.keys import MASTER, SIGNING, load, look_for_half
from web.login_portal.logbook import Logbook
from web.login_portal.sources.about import About
from web.login_portal.sources.directory import Directory
from web.login_portal.store.database import Database, unchanged_store
from web.login_portal.store.migrate import newest, revision
from web.login_portal.store.schema import requests
from web.login_portal.store.sqlite import FILE

CLOCKS_APART, PATIENCE = 2.0, 8.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `trouble` is empty when it is well."""

    name: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Checks:
    """What to look at."""

    data: Path
    address: str
    broker: BrokerDoors | None
    directory: About | None
    clock: Clock
    log: Logbook

    def findings(self) -> Iterator[Finding]:
        """Each finding, as it is found."""
        every = {"keys": self._keys, "database": self._database, "clock": self._clocks}
        if not self.address:
            every["disk"] = self._disk
        if self.broker is not None:
            every["broker"] = self._broker
        if self.directory is not None:
            every["directory"] = Directory(self.directory, self.clock).check
        for name, look in every.items():
            yield Finding(name, _trouble(look))

    def _keys(self) -> None:
        look_for_half(self.data)
        if not all((self.data / name).exists() for name in (SIGNING, MASTER)):
            raise Refused("there are none: run desk-portal init, or restore a backup")
        load(self.data)

    def _database(self) -> None:
        with closing(self._store()) as database, database.reading() as reading:
            step = revision(reading)
        if step != newest():
            raise Refused(
                "its tables are of another version: start the portal once, or install the newer one"
            )

    def _clocks(self) -> None:
        now = self.clock()
        with closing(self._store()) as database, database.reading() as reading:
            last = reading.execute(select(func.max(requests.c.issued))).scalar()
            theirs = now
            if database.shared:
                words = sql("SELECT extract(epoch FROM clock_timestamp())")
                theirs = float(reading.execute(words).scalar() or 0)
        if abs(theirs - now) > CLOCKS_APART:
            raise Refused("this machine's clock and the database's are more than two seconds apart")
        if last is not None and last > now + CLOCKS_APART:
            raise Refused("the clock stands before the newest record: set the time")

    def _disk(self) -> None:
        with TemporaryFile(dir=self.data) as probe:
            probe.write(bytes(1 << 20))
            probe.flush()

    def _broker(self) -> None:
        if self.broker is None:
            return
        tls = BrokerIdentity(load(self.data)).portal_line(self.clock())
        line = BrokerLine(self.broker.portal, tls, self.clock, self.log, "")
        line.start(list, lambda _: Receipt(503, ""))
        heard = threading.Event()
        for _ in range(int(PATIENCE / 0.1)):
            if line.up:
                break
            heard.wait(0.1)
        up = line.up
        line.stop()
        if not up:
            raise StorageTrouble("it does not answer, or does not take the portal's certificate")

    def _store(self) -> Database:
        if not self.address and not (self.data / FILE).exists():
            raise Refused("there are none: run desk-portal init, or restore a backup")
        return unchanged_store(self.data, self.address)


def _trouble(look: Callable[[], None]) -> str:
    try:
        look()
    except DeskTokenError as trouble:
        return str(trouble)
    except OSError as trouble:
        return trouble.strerror or "the disk cannot be written"
    return ""
