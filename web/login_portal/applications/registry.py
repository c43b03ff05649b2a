"""Which applications may sign people in, as rows. An application's secret is stored as a keyed hash and shown once."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from hmac import compare_digest

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from appliance.core.errors import Refused
from web.login_portal.keys import Keys
from web.login_portal.rules.application_keys import public_key
from web.login_portal.rules.application_words import address, application_id, application_name
from web.login_portal.rules.names import match_policy
from web.login_portal.store.application_tables import (
    access_tokens,
    application_sessions,
    applications,
    authorization_codes,
    authorizations,
    backchannel_requests,
    pushed_requests,
)
from web.login_portal.store.database import Writing


@dataclass(frozen=True, slots=True)
class Application:
    """One application. `secret` is a keyed hash; empty for one that proves itself with `public_key`, or not at all.

    `kiosk` says how approvals that it starts are matched at least; empty when it may start none. `tell` is where it
    wants to hear that a person signed out. With `pushed` only requests are heard that it pushed ahead. `disabled` says
    since when.
    """

    id: str
    name: str
    secret: str = field(repr=False)
    redirects: tuple[str, ...]
    after_sign_out: tuple[str, ...]
    kiosk: str
    tell: str
    made: float
    public_key: str = ""
    pushed: bool = False
    disabled: float | None = None

    @property
    def confidential(self) -> bool:
        """Whether it proves itself, with a secret or a key."""
        return bool(self.secret or self.public_key)

    def knows(self, untrusted_secret: str, keys: Keys) -> bool:
        """Whether this is its secret."""
        given = _mark(untrusted_secret, keys)
        return bool(self.secret) and compare_digest(self.secret.encode(), given.encode())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new application should be. With a `public_key` (PEM) it gets no secret."""

    name: str
    redirects: tuple[str, ...]
    after_sign_out: tuple[str, ...] = ()
    kiosk: str = ""
    tell: str = ""
    confidential: bool = True
    public_key: str = ""
    pushed: bool = False


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
    name, proof = application_name(wanted.name), _proof(wanted)
    if any(one.name.casefold() == name.casefold() for one in everything(writing.connection)):
        raise Refused("There is an application with this name already")
    given = secrets.token_urlsafe(32) if wanted.confidential and not proof else ""
    made = Application(
        id=f"app-{secrets.token_hex(8)}",
        name=name,
        secret=_mark(given, keys) if given else "",
        redirects=tuple(address(one) for one in wanted.redirects),
        after_sign_out=tuple(address(one) for one in wanted.after_sign_out),
        kiosk=match_policy(wanted.kiosk) if wanted.kiosk else "",
        tell=address(wanted.tell) if wanted.tell else "",
        made=now,
        public_key=proof,
        pushed=wanted.pushed,
    )
    row = {key: getattr(made, key) for key in Application.__slots__}
    lists = {key: json.dumps(row[key]) for key in ("redirects", "after_sign_out")}
    writing.execute(insert(applications).values(**{**row, **lists}))
    return Registered(made, given)


def find(reading: Connection, untrusted_id: str) -> Application | None:
    """The application with this id, if any; none for a disabled one."""
    found = with_id(reading, untrusted_id)
    return found if found is not None and found.disabled is None else None


def with_id(reading: Connection, untrusted_id: str) -> Application | None:
    """The application with this id, disabled or not."""
    wanted = applications.c.id == application_id(untrusted_id)
    row = reading.execute(select(applications).where(wanted)).mappings().first()
    return None if row is None else _application(row)


def everything(reading: Connection) -> list[Application]:
    """All applications, oldest first."""
    rows = reading.execute(select(applications).order_by(applications.c.made)).mappings()
    return [_application(row) for row in rows]


def change(writing: Writing, application: str, **values: float | str | None) -> None:
    """Write other values for this application."""
    writing.execute(update(applications).where(applications.c.id == application).values(**values))


def renew(writing: Writing, application: Application, keys: Keys) -> Registered:
    """Another secret for it, for the only time."""
    given = secrets.token_urlsafe(32)
    change(writing, application.id, secret=_mark(given, keys))
    return Registered(application, given)


def remove(writing: Writing, application: str) -> None:
    """Forget an application and whatever it was given."""
    writing.execute(delete(applications).where(applications.c.id == application))
    take_back(writing, application)


def take_back(writing: Writing, application: str) -> None:
    """What it was given counts no longer, and what it asked for is forgotten."""
    asked = (authorizations, pushed_requests, backchannel_requests)
    for table in (*asked, authorization_codes, access_tokens, application_sessions):
        writing.execute(delete(table).where(table.c.application == application))


def _proof(wanted: Wanted) -> str:
    return public_key(wanted.public_key) if wanted.public_key else ""


def _mark(given: str, keys: Keys) -> str:
    return keys.mark("application", given)


def _application(row: RowMapping) -> Application:
    values = {name: row[name] for name in Application.__slots__}
    lists = {name: tuple(json.loads(row[name])) for name in ("redirects", "after_sign_out")}
    return Application(**{**values, **lists})
