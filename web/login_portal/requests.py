"""Login requests as rows: how they are made, read and ended. Ending one is a single conditional update: the first
who writes an outcome wins, in the database and not in memory (checklist row 9).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from web.login_portal.rules.delays import PROMPT_WINDOW, UNLOCK_WINDOW
from web.login_portal.rules.outcomes import Outcome, SignIn
from web.login_portal.store.database import Writing
from web.login_portal.store.prepared import Prepared, Row
from web.login_portal.store.schema import letters, requests, tokens

_WITH_ID = Prepared(select(requests).where(requests.c.id == bindparam("request")))
_SENT = (
    (letters.c.request == requests.c.id)
    & (letters.c.device == bindparam("device"))
    & (letters.c.kind != "closed")
)
_LINKED = (tokens.c.id == bindparam("device")) & tokens.c.revoked.is_(None)
_ASKED = Prepared(
    select(requests, letters.c.text, tokens.c.id.label("linked"))
    .select_from(requests.outerjoin(letters, _SENT).outerjoin(tokens, _LINKED))
    .where(requests.c.id == bindparam("request"))
    .order_by(letters.c.cursor.desc())
)
_ADD = Prepared(insert(requests))
_PROMPTS = Prepared(
    select(requests.c.issued, requests.c.outcome)
    .where(requests.c.person == bindparam("person"), requests.c.issued > bindparam("since"))
    .where(requests.c.match != "none")  # a login that waits for a code only reached no token
    .order_by(requests.c.issued)
)
_END = Prepared(
    update(requests).where(requests.c.id == bindparam("request"), requests.c.outcome.is_(None))
)
_DUE = Prepared(
    select(requests).where(requests.c.outcome.is_(None), requests.c.expires <= bindparam("now"))
)
_A_YES = {Outcome.APPROVED.value, Outcome.CODE.value}
_A_NO = {Outcome.DENIED.value, Outcome.REPORTED.value}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request from a token's side: the signed letter it got, none if it was not asked; and if it still counts."""

    sign_in: SignIn
    letter: str | None
    linked: bool


def new_id() -> str:
    """An unguessable name for a request; knowing it is not enough for anything."""
    return secrets.token_urlsafe(12)


def new_number() -> str:
    """Two digits for the login page, 10 to 99."""
    return str(secrets.randbelow(90) + 10)


def add(writing: Writing, sign_in: SignIn) -> None:
    """Store a request that starts now."""
    row = {field: getattr(sign_in, field) for field in SignIn.__slots__}
    _ADD.run(writing.connection, **row)


def with_id(reading: Connection, request: str) -> SignIn | None:
    """The request with this id, if any."""
    row = _WITH_ID.first(reading, request=request)
    return None if row is None else _sign_in(row)


def asked(reading: Connection, request: str, token: str) -> Asked | None:
    """The request with this id as this token was asked, if there is such a request."""
    row = _ASKED.first(reading, request=request, device=token)
    return None if row is None else Asked(_sign_in(row), row["text"], row["linked"] is not None)


def end(writing: Writing, request: str, outcome: Outcome, now: float) -> bool:
    """Write how it ended; False when somebody else was first."""
    values = {"request": request, "outcome": outcome.value, "ended": now}
    return _END.run(writing.connection, **values) == 1


def due(reading: Connection, now: float) -> list[SignIn]:
    """Open requests whose time is up."""
    return [_sign_in(row) for row in _DUE.rows(reading, now=now)]


def prompts(reading: Connection, person: str, now: float) -> list[float]:
    """When this person was lately asked without a yes since: what counts as prompt bombing (checklist row 11)."""
    asked: list[float] = []
    for row in _PROMPTS.rows(reading, person=person, since=now - PROMPT_WINDOW):
        asked = [] if row["outcome"] in _A_YES else [*asked, row["issued"]]
    return asked


def refusals(reading: Connection, person: str, now: float) -> int:
    """How often in a row this person lately said No to a login."""
    recent = (requests.c.person == person) & (requests.c.issued > now - PROMPT_WINDOW)
    ended = select(requests.c.outcome).where(recent & requests.c.outcome.is_not(None))
    noes = 0
    for row in reading.execute(ended.order_by(requests.c.ended)):
        noes = 0 if row.outcome in _A_YES else noes + (row.outcome in _A_NO)
    return noes


def open_ones(reading: Connection, now: float, person: str = "") -> list[SignIn]:
    """Requests that wait for an answer, of everybody or of one person, oldest first."""
    wanted = requests.c.outcome.is_(None) & (requests.c.expires > now)
    if person:
        wanted &= requests.c.person == person
    rows = reading.execute(select(requests).where(wanted).order_by(requests.c.issued)).mappings()
    return [_sign_in(dict(row)) for row in rows]


def unlocks(reading: Connection, person: str, now: float) -> list[float]:
    """When this person was lately asked to unlock: a stranger can make that happen, so it is rare."""
    recent = (requests.c.person == person) & (requests.c.issued > now - UNLOCK_WINDOW)
    wanted = select(requests.c.issued).where(recent & (requests.c.asks == "unlock"))
    return [float(row.issued) for row in reading.execute(wanted)]


def _sign_in(row: Row) -> SignIn:
    values = {field: row[field] for field in SignIn.__slots__}
    outcome = None if row["outcome"] is None else Outcome(row["outcome"])
    return SignIn(**{**values, "outcome": outcome})
