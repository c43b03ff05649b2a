"""Messages on their way out: written down with what they belong to, then sent once by a thread of its own.

A message is marked before it is handed over, so a crash leaves one that nobody sends again: two codes for one login
are worse than none, and the person can ask for another. Bodies stand sealed and are gone when they are sent.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import delete, insert, select, update

from appliance.core.errors import StorageTrouble
from web.login_portal import reports
from web.login_portal.clock import Clock
from web.login_portal.gateways.sender import NotSent, Sender, Unsure, say
from web.login_portal.keys import Keys
from web.login_portal.logbook import Logbook
from web.login_portal.outbox import Message
from web.login_portal.store.database import Database, Writing
from web.login_portal.store.desk_tables import dispatches

STALE, ABANDONED, PAUSE, REMEMBERED = 600.0, 300.0, 1.0, 30 * 86400.0
WAITING, SENDING, SENT, FAILED, UNSURE = "waiting", "sending", "sent", "failed", "unsure"


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that this thread sends now."""

    id: int
    channel: str
    message: Message


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The queue and its senders, one a channel (`sms`, `mail`)."""

    database: Database
    keys: Keys
    log: Logbook
    clock: Clock
    senders: dict[str, Sender]
    wake: threading.Event = field(default_factory=threading.Event)

    def run(self, stopping: threading.Event) -> None:
        """Send what comes until told to stop."""
        while not stopping.is_set():
            try:
                self.give_up_abandoned()
                while not stopping.is_set() and self.send_next():
                    pass
            except StorageTrouble:
                self.log.note("messages wait", reason="the store cannot be written")
            self.wake.wait(PAUSE)
            self.wake.clear()

    def send_next(self) -> bool:
        """Send one message; False when none waits."""
        taken = self._take()
        if taken is None:
            return False
        state, reason = SENT, ""
        try:
            self.senders[taken.channel].send(taken.message)
        except NotSent as trouble:
            state, reason = FAILED, str(trouble)
        except Unsure as trouble:
            state, reason = UNSURE, str(trouble)
        self._done(taken, state, reason)
        return True

    def give_up_abandoned(self) -> None:
        """Messages that a stopped portal was sending: they may have gone out, so nobody sends them again."""
        now = self.clock()
        left = (dispatches.c.state == SENDING) & (dispatches.c.at < now - ABANDONED)
        late = (dispatches.c.state == WAITING) & (dispatches.c.at < now - STALE)
        with self.database.reading() as reading:
            found = reading.execute(select(dispatches).where(left | late)).all()
        for row in found:
            word = UNSURE if row.state == SENDING else FAILED
            about = Taken(row.id, row.channel, Message(row.at, "", "", row.person))
            self._done(about, word, say("The portal stopped while it was sent"))

    def forget_old(self, writing: Writing, now: float) -> None:
        """Forget what became of messages a month ago."""
        writing.execute(delete(dispatches).where(dispatches.c.at < now - REMEMBERED))

    def _take(self) -> Taken | None:
        """The oldest message that waits, marked as being sent; of two workers one gets it."""
        with self.database.writing() as writing:
            wanted = select(dispatches).where(dispatches.c.state == WAITING)
            row = writing.execute(wanted.order_by(dispatches.c.id).limit(1)).first()
            if row is None:
                return None
            still = (dispatches.c.id == row.id) & (dispatches.c.state == WAITING)
            marked = writing.execute(
                update(dispatches).where(still).values(state=SENDING, at=self.clock())
            )
            if marked.rowcount == 0:
                return None
        body = self.keys.open(row.body, f"dispatches:{row.channel}")
        return Taken(row.id, row.channel, msgspec.json.decode(body, type=Message))

    def _done(self, taken: Taken, state: str, reason: str) -> None:
        values = {"state": state, "reason": reason, "body": b""}
        with self.database.writing() as writing:
            writing.execute(update(dispatches).where(dispatches.c.id == taken.id).values(**values))
            if state != SENT:
                kind, person = f"{taken.channel} {state}", taken.message.person
                reports.add(writing, kind, self.clock(), person=person, note=reason)
        self.log.note("message sent" if state == SENT else "message not sent", channel=taken.channel,
                      state=state, reason=reason)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Queue:
    """The gateway that others see: one channel of the dispatch."""

    dispatch: Dispatch
    channel: str

    def send(self, writing: Writing, message: Message) -> None:
        """Write the message down sealed; it is sent once that is durable."""
        dispatch = self.dispatch
        body = dispatch.keys.seal(msgspec.json.encode(message), f"dispatches:{self.channel}")
        row = {"channel": self.channel, "person": message.person, "body": body, "state": WAITING}
        writing.execute(insert(dispatches).values(**row, at=message.at))
        writing.afterwards.append(dispatch.wake.set)
