"""Codes and access tokens as rows, under keyed hashes. A code is used once: whoever brings it again ends what the
first one got (RFC 6749 section 4.1.2). There are no refresh tokens: an application keeps its own session.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from web.login_portal.store.application_tables import access_tokens, authorization_codes, passkeys
from web.login_portal.store.database import Writing
from web.login_portal.store.schema import sessions, tokens

CODE_LIFE, ACCESS_LIFE = 60.0, 300.0


@dataclass(frozen=True, slots=True)
class Code:
    """What one code stands for; `code` is its keyed hash, `how` the way the person signed in."""

    code: str
    application: str
    redirect: str
    scope: str
    nonce: str
    challenge: str
    person: str
    session: str
    how: str
    auth_time: float
    expires: float


@dataclass(frozen=True, slots=True)
class Access:
    """What one access token opens; `origin` is the code or request that it came from."""

    token: str
    origin: str
    application: str
    person: str
    session: str
    scope: str
    expires: float


def add_code(writing: Writing, code: Code) -> None:
    """Write a code down."""
    row = {name: getattr(code, name) for name in Code.__slots__}
    writing.execute(insert(authorization_codes).values(**row))


def take_code(writing: Writing, mark: str, application: str, now: float) -> Code | None:
    """Use up this application's code; None when it has none such, or too late. One used before ends its tokens."""
    mine = (authorization_codes.c.code == mark) & (authorization_codes.c.application == application)
    row = writing.execute(select(authorization_codes).where(mine)).mappings().first()
    if row is None:
        return None
    unused = mine & authorization_codes.c.used.is_(None)
    fresh = writing.execute(update(authorization_codes).where(unused).values(used=now)).rowcount
    if fresh != 1:
        writing.execute(update(authorization_codes).where(mine).values(copied=True))
        writing.execute(delete(access_tokens).where(access_tokens.c.origin == mark))
        return None
    return _code(row) if now < row["expires"] else None


def add_access(writing: Writing, access: Access) -> None:
    """Write an access token down, unless a copy of its code turned up meanwhile."""
    copied = (authorization_codes.c.code == access.origin) & authorization_codes.c.copied
    if writing.execute(select(authorization_codes.c.code).where(copied)).first():
        return
    row = {name: getattr(access, name) for name in Access.__slots__}
    writing.execute(insert(access_tokens).values(**row))


def access(reading: Connection, mark: str, now: float) -> Access | None:
    """What this access token opens now: nothing once its time is up or its session has ended."""
    wanted = (access_tokens.c.token == mark) & (access_tokens.c.expires > now)
    row = reading.execute(select(access_tokens).where(wanted)).mappings().first()
    if row is None or not lives(reading, row["session"]):
        return None
    return Access(**{name: row[name] for name in Access.__slots__})


def lives(reading: Connection, session: str) -> bool:
    """Whether this session has not ended; what was granted without a browser has none."""
    found = select(sessions.c.id).where(sessions.c.id == session)
    return not session or reading.execute(found).first() is not None


def storage_levels(reading: Connection, person: str) -> list[str]:
    """Where the keys of this person's tokens are kept, in the tokens' own words."""
    linked = (tokens.c.person == person) & tokens.c.revoked.is_(None)
    return [str(row.storage) for row in reading.execute(select(tokens.c.storage).where(linked))]


def passkeys_bound(reading: Connection, person: str) -> bool:
    """Whether every passkey of this person stays in the device that made it."""
    wanted = select(passkeys.c.bound).where(passkeys.c.person == person)
    found = [bool(row.bound) for row in reading.execute(wanted)]
    return bool(found) and all(found)


def forget_old(writing: Writing, now: float) -> None:
    """Drop what nobody can use; a used code is kept while what it gave may live, to notice its copy."""
    over = authorization_codes.c.expires < now - ACCESS_LIFE
    writing.execute(delete(authorization_codes).where(over))
    writing.execute(delete(access_tokens).where(access_tokens.c.expires < now))


def _code(row: RowMapping) -> Code:
    return Code(**{name: row[name] for name in Code.__slots__})
