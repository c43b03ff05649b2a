"""The people who may sign in, from the built-in table. Passwords are stored as Argon2id and never logged."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from appliance.core.errors import Refused
from web.login_portal import particulars
from web.login_portal.rules import names
from web.login_portal.sources.verdicts import Known
from web.login_portal.store.database import Writing
from web.login_portal.store.prepared import Prepared
from web.login_portal.store.schema import people

_LIKE = {ord(sign): f"\\{sign}" for sign in "%_\\"}
_WITH_ID = Prepared(select(people).where(people.c.id == bindparam("person")))
OUTSIDE = "!"  # no password hashes to this: the directory judges


@dataclass(frozen=True, slots=True)
class Person:
    """One person: `name` is typed at the portal, `display` is shown.

    `password_until` is when the password ends, in Unix seconds; None when nobody said.
    """

    id: str
    name: str
    display: str
    phone: str = field(repr=False)
    password: str = field(repr=False)
    match: str
    password_until: float | None = None


def add(
    writing: Writing,
    name: str,
    password_hash: str,
    now: float,
    *,
    display: str,
    phone: str,
    match: str,
) -> Person:
    """A new person. Raises Refused when the name is taken or something is malformed."""
    person = Person(
        id=f"p{secrets.token_hex(8)}",
        name=names.new_login_name(name),
        display=names.label(display) or names.new_login_name(name),
        phone=names.label(phone),
        password=password_hash,
        match=names.match_policy(match),
    )
    row = {field: getattr(person, field) for field in Person.__slots__}
    try:
        writing.execute(insert(people).values(**row, made=now))
    except IntegrityError as taken:
        raise Refused("This user name is taken") from taken
    return person


def seen_outside(writing: Writing, known: Known, now: float) -> Person:
    """A directory's person as they are now; written down when they are new or changed. Raises Refused."""
    person = named(writing.connection, known.name)
    about = {"display": known.display[:64], "phone": known.phone[:64]}
    if person is None:
        person = add(writing, known.name, OUTSIDE, now, **about, match="number")
    values = {**about, "password": OUTSIDE, "password_until": known.until}
    writing.execute(update(people).where(people.c.id == person.id).values(**values))
    particulars.change(writing, person.id, source=particulars.DIRECTORY, email=known.email)
    return with_id(writing.connection, person.id) or person


def change_password(writing: Writing, person: str, password_hash: str, until: float | None) -> None:
    """Another password, good until this time (Unix seconds; None when nobody says)."""
    values = {"password": password_hash, "password_until": until}
    writing.execute(update(people).where(people.c.id == person).values(**values))


def set_password_until(writing: Writing, name: str, until: float | None) -> None:
    """When this person's password ends. Raises Refused for an unknown name."""
    wanted = people.c.name == names.login_name(name)
    if writing.execute(update(people).where(wanted).values(password_until=until)).rowcount == 0:
        raise Refused("There is nobody with this user name")


def set_match(writing: Writing, name: str, policy: str) -> None:
    """How approvals of this person are matched from now on. Raises Refused for an unknown name or policy."""
    wanted, values = people.c.name == names.login_name(name), {"match": names.match_policy(policy)}
    if writing.execute(update(people).where(wanted).values(**values)).rowcount == 0:
        raise Refused("There is nobody with this user name")


def set_phone(writing: Writing, person: str, untrusted: str) -> None:
    """Where this person's text messages go. Raises Refused."""
    values = {"phone": names.label(untrusted)}
    writing.execute(update(people).where(people.c.id == person).values(**values))


def named(reading: Connection, untrusted_name: str) -> Person | None:
    """The person who signs in with this name, if any."""
    wanted = select(people).where(people.c.name == names.login_name(untrusted_name))
    row = reading.execute(wanted).mappings().first()
    return None if row is None else _person(row)


def with_id(reading: Connection, person: str) -> Person | None:
    """The person with this id, if any."""
    row = _WITH_ID.first(reading, person=person)
    return None if row is None else _person(row)


def everybody(reading: Connection) -> list[Person]:
    """All people by name."""
    rows = reading.execute(select(people).order_by(people.c.name)).mappings()
    return [_person(row) for row in rows]


def search(reading: Connection, untrusted: str, start: int, most: int) -> tuple[list[Person], int]:
    """People whose name or displayed name holds these signs, by name, from the `start`-th; and how many there are."""
    held = untrusted.strip()[:64]
    pattern = f"%{held.translate(_LIKE)}%"
    fits = or_(
        people.c.name.ilike(pattern, escape="\\"), people.c.display.ilike(pattern, escape="\\")
    )
    total = reading.execute(select(func.count()).select_from(people).where(fits)).scalar() or 0
    wanted = select(people).where(fits).order_by(people.c.name).offset(start).limit(most)
    return [_person(row) for row in reading.execute(wanted).mappings()], int(total)


def _person(row: Mapping[Any, Any]) -> Person:
    return Person(**{field: row[field] for field in Person.__slots__})
