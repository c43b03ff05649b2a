"""Letters as they lie ready, by cursor. A letter is written down before anybody is told; cursors are never reused.

A reader who comes back after a cut gets what it missed: the letters after its cursor that have not expired and,
for a login, whose request is still open.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from appliance.wire.letters import Letter, sign_letter
from web.login_portal.carriers import Carrier, Posted
from web.login_portal.keys import Keys
from web.login_portal.store.database import Writing
from web.login_portal.store.prepared import Prepared
from web.login_portal.store.schema import letters

REVOKE = "revoke"
_POST = Prepared(insert(letters).returning(letters.c.cursor))
_SENT_ABOUT = Prepared(
    select(letters.c.device)
    .where(letters.c.request == bindparam("request"), letters.c.kind != "closed")
    .distinct()
)
_WITHDRAW = Prepared(update(letters).where(letters.c.request == bindparam("about")))


@dataclass(frozen=True, slots=True)
class Inbox:
    """Posts and reads letters."""

    keys: Keys
    carrier: Carrier

    def post(self, writing: Writing, letter: Letter, request: str) -> None:
        """Sign the letter and lay it ready for its device; the carrier is told once it is durable."""
        text = sign_letter(letter, self.keys.signing)
        row = {"device": letter.aud, "request": request, "kind": letter.kind, "text": text}
        made = _POST.rows(writing.connection, **row, expires=letter.exp, open=True)
        posted = Posted(made[0]["cursor"], text, last=letter.kind == REVOKE, expires=letter.exp)
        writing.ring(letter.aud)
        writing.afterwards.append(lambda: self.carrier.publish(letter.aud, posted))


def parting(reading: Connection, device: str, cursor: int, now: float) -> list[Posted]:
    """What a revoked token may still read: the letter that says so."""
    wanted = (letters.c.device == device) & (letters.c.kind == REVOKE)
    fresh = (letters.c.cursor > cursor) & (letters.c.expires > now)
    rows = reading.execute(select(letters.c.cursor, letters.c.text).where(wanted & fresh))
    return [Posted(row.cursor, row.text, last=True) for row in rows]


def withdraw_all(writing: Writing, device: str) -> None:
    """No letter of this device is handed out any more."""
    writing.execute(update(letters).where(letters.c.device == device).values(open=False))


def after(reading: Connection, device: str, cursor: int, now: float) -> list[Posted]:
    """The device's letters after this cursor that still matter, oldest first."""
    wanted = (letters.c.device == device) & (letters.c.cursor > cursor)
    alive = (letters.c.expires > now) & letters.c.open
    rows = select(letters.c.cursor, letters.c.text).where(wanted & alive)
    found = reading.execute(rows.order_by(letters.c.cursor))
    return [Posted(row.cursor, row.text) for row in found]


def still_open(reading: Connection, now: float) -> list[tuple[str, Posted]]:
    """Every device's letters that still matter, oldest first."""
    alive = (letters.c.expires > now) & letters.c.open
    rows = select(letters).where(alive).order_by(letters.c.cursor)
    return [
        (row.device, Posted(row.cursor, row.text, row.kind == REVOKE, row.expires))
        for row in reading.execute(rows)
    ]


def sent_about(reading: Connection, request: str) -> list[str]:
    """Which devices were asked about this login."""
    return [str(row["device"]) for row in _SENT_ABOUT.rows(reading, request=request)]


def withdraw(writing: Writing, request: str) -> None:
    """The login is over: its letters are no longer handed out."""
    _WITHDRAW.run(writing.connection, about=request, open=False)


def forget_old(writing: Writing, now: float) -> None:
    """Drop letters an hour after they expired."""
    writing.execute(delete(letters).where(letters.c.expires < now - 3600))
