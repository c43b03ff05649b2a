"""Which applications may sign people in, as rows. An application's secret is stored as a keyed hash and shown once."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from hmac import compare_digest

from sqlalchemy import Connection, RowMapping, delete, insert, select

from appliance.core.errors import Refused
from web.login_portal.keys import Keys
from web.login_portal.rules.application_words import address, application_id, application_name
from web.login_portal.rules.names import match_policy
from web.login_portal.store.application_tables import (
    access_tokens,
    application_sessions,
    applications,
    authorization_codes,
    authorizations,
    backchannel_requests,
)
from web.login_portal.store.database import Writing


@dataclass(frozen=True, slots=True)
class Application:
    """One application. `secret` is a keyed hash, empty for one that can keep none.

    `kiosk` says how approvals that it starts are matched at least; empty when it may start none. `tell` is where it
    wants to hear that a person signed out.
    """

    id: str
    name: str
    secret: str = field(repr=False)
    redirects: tuple[str, ...]
    after_sign_out: tuple[str, ...]
    kiosk: str
    tell: str
    made: float

    @property
    def confidential(self) -> bool:
        """Whether it proves itself with a secret."""
        return bool(self.secret)

    def knows(self, untrusted_secret: str, keys: Keys) -> bool:
        """Whether this is its secret."""
        given = _mark(untrusted_secret, keys)
        return self.confidential and compare_digest(self.secret.encode(), given.encode())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new application should be."""

    name: str
    redirects: tuple[str, ...]
    after_sign_out: tuple[str, ...] = ()
    kiosk: str = ""
    tell: str = ""
    confidential: bool = True


@dataclass(frozen=True, slots=True)
class Registered:
    """A new application, and its secret for the only time."""

    application: Application
    secret: str = field(repr=False)


def add(writing: Writing, wanted: Wanted, keys: Keys, now: float) -> Registered:
    """Register an application. Raises Refused when something is malformed."""
    if not wanted.redirects and not wanted.kiosk:
        raise Refused("An application needs an address to send people back to")
    if wanted.kiosk and not wanted.confidential:
        raise Refused("A kiosk needs a secret")
    given = secrets.token_urlsafe(32) if wanted.confidential else ""
    made = Application(
        id=f"app-{secrets.token_hex(8)}",
        name=application_name(wanted.name),
        secret=_mark(given, keys) if given else "",
        redirects=tuple(address(one) for one in wanted.redirects),
        after_sign_out=tuple(address(one) for one in wanted.after_sign_out),
        kiosk=match_policy(wanted.kiosk) if wanted.kiosk else "",
        tell=address(wanted.tell) if wanted.tell else "",
        made=now,
    )
    row = {name: getattr(made, name) for name in Application.__slots__}
    lists = {name: json.dumps(row[name]) for name in ("redirects", "after_sign_out")}
    writing.execute(insert(applications).values(**{**row, **lists}))
    return Registered(made, given)


def find(reading: Connection, untrusted_id: str) -> Application | None:
    """The application with this id, if any."""
    wanted = applications.c.id == application_id(untrusted_id)
    row = reading.execute(select(applications).where(wanted)).mappings().first()
    return None if row is None else _application(row)


def everything(reading: Connection) -> list[Application]:
    """All applications, oldest first."""
    rows = reading.execute(select(applications).order_by(applications.c.made)).mappings()
    return [_application(row) for row in rows]


def remove(writing: Writing, untrusted_id: str) -> None:
    """Forget an application and whatever it was given. Raises Refused when there is none."""
    wanted = application_id(untrusted_id)
    if writing.execute(delete(applications).where(applications.c.id == wanted)).rowcount == 0:
        raise Refused("There is no application with this id")
    given = (authorizations, authorization_codes, access_tokens)
    for table in (*given, application_sessions, backchannel_requests):
        writing.execute(delete(table).where(table.c.application == wanted))


def _mark(given: str, keys: Keys) -> str:
    return keys.mark("application", given)


def _application(row: RowMapping) -> Application:
    values = {name: row[name] for name in Application.__slots__}
    lists = {name: tuple(json.loads(row[name])) for name in ("redirects", "after_sign_out")}
    return Application(**{**values, **lists})
