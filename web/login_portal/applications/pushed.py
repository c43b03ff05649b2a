"""Requests that applications push ahead of their browsers, as rows: the browser carries a name and nothing else.

A pushed request works once, within a minute and a half, for the application that pushed it. Source: RFC 9126.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from authlib.oauth2.rfc6749.errors import OAuth2Error
from sqlalchemy import delete, func, insert, select

from appliance.core.errors import Refused
from web.login_portal.applications.registry import Application
from web.login_portal.clock import Clock
from web.login_portal.keys import Keys
from web.login_portal.store.application_tables import pushed_requests
from web.login_portal.store.database import Database, Writing

LIFE = 90.0
MOST_HERE, MOST = 200, 50_000
SCHEME = "urn:ietf:params:oauth:request_uri:"


class TooMany(OAuth2Error):  # type: ignore[misc]
    """More requests wait than we keep; it passes by itself (RFC 6749 section 4.1.2.1)."""

    error, status_code = "temporarily_unavailable", 503


@dataclass(frozen=True, slots=True)
class Pushed:
    """Keeps what was pushed."""

    database: Database
    keys: Keys
    clock: Clock

    def keep(self, application: Application, known: dict[str, str], source: str) -> str:
        """The name under which the browser brings what is `known` of a request, once. Raises TooMany.

        Whoever can prove nothing costs nothing by asking: of one such source the oldest gives way.
        """
        name = secrets.token_urlsafe(32)
        where = "" if application.confidential else self.keys.mark("source", source)
        row = {"name": self._mark(name), "application": application.id, "sent": json.dumps(known)}
        with self.database.writing() as writing:
            if where:
                _make_room(writing, where)
            row |= {"source": where}
            ends = self.clock() + LIFE
            writing.execute(insert(pushed_requests).values(**row, expires=ends))
        return f"{SCHEME}{name}"

    def take(self, untrusted_name: str, untrusted_application: str) -> dict[str, str]:
        """What was pushed under this name. Raises Refused when it is not there (any more)."""
        mark = self._mark(untrusted_name.removeprefix(SCHEME)[:128])
        mine = (pushed_requests.c.name == mark) & (
            pushed_requests.c.application == untrusted_application
        )
        with self.database.writing() as writing:
            row = writing.execute(select(pushed_requests).where(mine)).mappings().first()
            writing.execute(delete(pushed_requests).where(mine))
        if row is None or row["expires"] <= self.clock():
            raise Refused(
                "This sign-in was finished or has expired. Start again in the application"
            )
        return {str(key): str(value) for key, value in json.loads(row["sent"]).items()}

    def forget_old(self, writing: Writing, now: float) -> None:
        """Drop those that no browser brought."""
        writing.execute(delete(pushed_requests).where(pushed_requests.c.expires <= now))

    def _mark(self, name: str) -> str:
        return self.keys.mark("pushed request", name)


def _make_room(writing: Writing, source: str) -> None:
    here, strangers = pushed_requests.c.source == source, pushed_requests.c.source != ""
    counted = select(func.count()).select_from(pushed_requests)
    if (writing.execute(counted.where(here)).scalar() or 0) >= MOST_HERE:
        oldest = select(pushed_requests.c.name).where(here).order_by(pushed_requests.c.expires)
        first = oldest.limit(1).scalar_subquery()
        writing.execute(delete(pushed_requests).where(pushed_requests.c.name == first))
    elif (writing.execute(counted.where(strangers)).scalar() or 0) >= MOST:
        raise TooMany("Too many requests wait")
