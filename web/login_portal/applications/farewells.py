"""Tells applications that a person has signed out (OpenID Connect Back-Channel Logout 1.0).

A session that was ended, in whatever way, leaves its applications behind as rows; the sweeper finds them and a few
threads of their own call. A session that only grew too old says nothing: the application has its own clock.
"""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import delete, insert, select, update

from web.login_portal.applications.grants import Code
from web.login_portal.applications.id_tokens import IdTokens
from web.login_portal.applications.registry import Application
from web.login_portal.clock import Clock
from web.login_portal.logbook import Logbook
from web.login_portal.sessions import IDLE, TOTAL
from web.login_portal.store.application_tables import application_sessions, applications
from web.login_portal.store.database import Database, Writing
from web.login_portal.store.schema import sessions

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPE, LIFE, PATIENCE = "logout+jwt", 120, 5.0
TRIES, PAUSE = 5, 10.0


@dataclass(frozen=True, slots=True)
class Farewells:
    """Remembers who is signed in where, and says farewell."""

    database: Database
    log: Logbook
    clock: Clock
    writer: IdTokens
    callers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4))

    def remember(self, application: Application, code: Code) -> None:
        """This application has signed its person in from this session."""
        if not application.tell or not code.session:
            return
        row = {"session": code.session, "application": application.id, "person": code.person}
        table = application_sessions.c
        mine = (table.session == code.session) & (table.application == application.id)
        with self.database.writing() as writing:
            writing.execute(delete(application_sessions).where(mine))
            writing.execute(insert(application_sessions).values(**row, tries=0, due=0.0))

    def say(self, now: float) -> None:
        """Call every application whose session has ended; again and later when it does not answer."""
        ended = application_sessions.c.session.not_in(select(sessions.c.id))
        due = select(application_sessions, applications.c.tell).join(
            applications, applications.c.id == application_sessions.c.application
        )
        with self.database.reading() as reading:
            waiting = list(reading.execute(due.where(ended, application_sessions.c.due <= now)))
        for row in waiting:
            if self._claimed(row, now):
                self.callers.submit(self._call, row, now)

    def forget_old(self, writing: Writing, now: float) -> None:
        """Before old sessions are dropped: those of them that nobody ended are not told of."""
        old = (sessions.c.seen < now - IDLE) | (sessions.c.made < now - TOTAL)
        quietly = application_sessions.c.session.in_(select(sessions.c.id).where(old))
        writing.execute(delete(application_sessions).where(quietly))

    def _claimed(self, row: Any, now: float) -> bool:  # noqa: ANN401 (a row)
        """Whether this worker is the one to call; the last try leaves nothing behind."""
        mine = _mine(row) & (application_sessions.c.tries == row.tries)
        with self.database.writing() as writing:
            if row.tries >= TRIES:
                writing.execute(delete(application_sessions).where(mine))
                return False
            later = {"tries": row.tries + 1, "due": now + PAUSE * 2**row.tries}
            changed = writing.execute(update(application_sessions).where(mine).values(**later))
        return changed.rowcount == 1

    def _call(self, row: Any, now: float) -> None:  # noqa: ANN401 (a row)
        sent = {"logout_token": self._token(row, now)}
        try:
            reply = httpx.post(row.tell, data=sent, timeout=PATIENCE, follow_redirects=False)
            heard = reply.status_code
        except (httpx.HTTPError, httpx.InvalidURL):
            heard = 0
        about = {"application": row.application, "status": heard}
        self.log.note("application told of sign-out", **about)
        if heard in (200, 204, 400):
            with self.database.writing() as writing:
                writing.execute(delete(application_sessions).where(_mine(row)))

    def _token(self, row: Any, now: float) -> str:  # noqa: ANN401 (a row)
        claims = {
            "iss": self.writer.issuer,
            "aud": row.application,
            "iat": int(now),
            "exp": int(now) + LIFE,
            "jti": secrets.token_urlsafe(12),
            "sub": row.person,
            "sid": self.writer.sid(row.session),
            "events": {EVENT: {}},
        }
        return self.writer.signing.sign(claims, now, TYPE)


def _mine(row: Any) -> Any:  # noqa: ANN401 (a row, and a condition)
    table = application_sessions.c
    return (table.session == row.session) & (table.application == row.application)
