"""Linked tokens: one row a token and person, with the key that its answers must carry and its sealed seed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import msgspec
from joserfc.jwk import OKPKey
from sqlalchemy import Connection, bindparam, insert, select, update

from appliance.wire.enrolment import Card, OtpSeed
from appliance.wire.jose import Jwk, load
from web.login_portal.keys import Keys
from web.login_portal.store.database import Writing
from web.login_portal.store.prepared import Prepared, Row
from web.login_portal.store.schema import people, tokens

_THEIRS = (tokens.c.person == bindparam("person")) & tokens.c.revoked.is_(None)
_OF_PERSON = Prepared(select(tokens).where(_THEIRS).order_by(tokens.c.made))
_IDS_OF_PERSON = Prepared(select(tokens.c.id).where(_THEIRS).order_by(tokens.c.made))
_LINKED = Prepared(
    select(tokens).where(tokens.c.id == bindparam("token"), tokens.c.revoked.is_(None))
)


@dataclass(frozen=True, slots=True)
class Token:
    """One linked token. `last_step` is the last time step whose code was taken; times in Unix seconds."""

    id: str
    person: str
    sign_key: str
    serial: str
    seed: bytes = field(repr=False)
    last_step: int
    made: float

    @property
    def key(self) -> OKPKey:
        """The key that answers of this token must carry; reading it costs as much as a signature."""
        return load(Jwk(crv="Ed25519", x=self.sign_key), "Ed25519")


@dataclass(frozen=True, slots=True)
class Listed:
    """One token as the service desk sees it: whose, what it is, and when it was linked and revoked."""

    id: str
    name: str
    serial: str
    software: str
    storage: str
    made: float
    revoked: float | None


def new_id() -> str:
    """An unguessable name for a token at this portal."""
    return f"d{secrets.token_urlsafe(12)}"


def add(
    writing: Writing, token: str, person: str, *, card: Card, sealed_seed: bytes, now: float
) -> None:
    """Store a token that has just been linked."""
    about = {
        "serial": card.serial[:64],
        "software": card.software[:64],
        "storage": card.storage[:32],
    }
    row = {"id": token, "person": person, "sign_key": card.sign.x, "seed": sealed_seed, "made": now}
    writing.execute(insert(tokens).values(**row, **about))


def with_id(reading: Connection, token: str) -> Token | None:
    """The token with this id, unless it was revoked."""
    row = _LINKED.first(reading, token=token)
    return None if row is None else _token(row)


def ever(reading: Connection, token: str) -> Token | None:
    """The token with this id, revoked or not: to hear from it, never to believe it."""
    row = reading.execute(select(tokens).where(tokens.c.id == token)).mappings().first()
    return None if row is None else _token(dict(row))


def everything(reading: Connection, *, person: str = "", serial: str = "") -> list[Listed]:
    """All tokens with the names of their persons, oldest first; or those of one person, or of one box."""
    joined = tokens.join(people, people.c.id == tokens.c.person)
    wanted = select(tokens, people.c.name).select_from(joined).order_by(tokens.c.made)
    if person:
        wanted = wanted.where(tokens.c.person == person)
    if serial:
        wanted = wanted.where(tokens.c.serial == serial)
    return [
        Listed(row.id, row.name, row.serial, row.software, row.storage, row.made, row.revoked)
        for row in reading.execute(wanted)
    ]


def revoke(writing: Writing, token: str, now: float) -> bool:
    """From now on the token counts for nothing; False when it did not count before."""
    linked = (tokens.c.id == token) & tokens.c.revoked.is_(None)
    return writing.execute(update(tokens).where(linked).values(revoked=now)).rowcount == 1


def untold(reading: Connection) -> list[str]:
    """Revoked tokens for which no letter was laid ready yet."""
    wanted = tokens.c.revoked.is_not(None) & tokens.c.told.is_(None)
    return [str(row.id) for row in reading.execute(select(tokens.c.id).where(wanted))]


def told(writing: Writing, token: str, now: float) -> bool:
    """The token knows, or its letter lies ready; False when that was so before."""
    wanted = (tokens.c.id == token) & tokens.c.told.is_(None)
    return writing.execute(update(tokens).where(wanted).values(told=now)).rowcount == 1


def of_person(reading: Connection, person: str) -> list[Token]:
    """A person's tokens, oldest first."""
    return [_token(row) for row in _OF_PERSON.rows(reading, person=person)]


def ids_of_person(reading: Connection, person: str) -> list[str]:
    """The names of a person's tokens, oldest first: whom to ask."""
    return [str(row["id"]) for row in _IDS_OF_PERSON.rows(reading, person=person)]


def seed_of(token: Token, keys: Keys) -> OtpSeed:
    """The token's seed, opened. Raises StorageTrouble."""
    return msgspec.json.decode(keys.open(token.seed, f"tokens:{token.id}"), type=OtpSeed)


def sealed(seed: OtpSeed, token: str, keys: Keys) -> bytes:
    """A seed as it is stored for this token."""
    return keys.seal(msgspec.json.encode(seed), f"tokens:{token}")


def take_step(writing: Writing, token: str, step: int) -> bool:
    """Use up a time step; False when it or a later one was used before (RFC 6238 section 5.2)."""
    fresh = (tokens.c.id == token) & (tokens.c.last_step < step)
    return writing.execute(update(tokens).where(fresh).values(last_step=step)).rowcount == 1


def _token(row: Row) -> Token:
    return Token(**{field: row[field] for field in Token.__slots__})
