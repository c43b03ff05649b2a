"""Sign-ins that a kiosk starts (CIBA Core 1.0, poll mode): no browser, no password, only the person's token.

A name that nobody has gets the same reply as one that somebody has; nobody ever answers it. The kiosk shows a number
or a QR code, and the approval must bring it, so that whoever approves stands at that very kiosk.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749.errors import (
    AccessDeniedError,
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
    UnauthorizedClientError,
)
from authlib.oauth2.rfc8628 import AuthorizationPendingError, ExpiredTokenError, SlowDownError
from sqlalchemy import RowMapping, delete, insert, select, update

from appliance.core.errors import Refused
from web.login_portal import people, quiet, requests
from web.login_portal.admission import admitted
from web.login_portal.applications.grants import Code
from web.login_portal.applications.id_tokens import SCOPES
from web.login_portal.applications.registry import Application
from web.login_portal.keys import Keys
from web.login_portal.people import Person
from web.login_portal.rules import approval
from web.login_portal.rules.application_words import binding_message
from web.login_portal.rules.names import login_name
from web.login_portal.rules.outcomes import LIFE, SignIn
from web.login_portal.sign_ins import SignIns
from web.login_portal.store.application_tables import backchannel_requests
from web.login_portal.store.database import Database, Writing

INTERVAL, SLOWER, KEPT = 2, 5, 300.0
HINTS = ("login_hint", "login_hint_token", "id_token_hint")


class InvalidBindingMessage(OAuth2Error):  # type: ignore[misc]
    """The words for the panel cannot be shown (CIBA Core 1.0 section 13)."""

    error = "invalid_binding_message"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a kiosk asked for, after all checks of form."""

    application: Application
    scope: str
    name: str
    message: str
    place: str


@dataclass(frozen=True, slots=True)
class Backchannel:
    """Starts and hands out a kiosk's sign-ins."""

    database: Database
    keys: Keys
    sign_ins: SignIns

    def begin(self, application: Application, sent: dict[str, str], place: str) -> dict[str, Any]:
        """Ask the person's tokens; what the kiosk is told. Raises an OAuth2Error."""
        wanted, now = _wanted(application, sent, place), self.sign_ins.clock()
        with self.database.writing() as writing:
            known = people.named(writing.connection, wanted.name)
            person = admitted(writing.connection, known.id) if known else None
            asked = self._sign_in(wanted, person, now)
            withheld = self.sign_ins.wait(writing, asked.person, now) > 0
            if withheld and person is None:
                raise _too_many()  # which takes the report back: there is nobody to tell the desk of
            handle = "" if withheld else self._begun(writing, wanted, asked, person)
        if withheld:
            raise _too_many()
        self.sign_ins.log.note("kiosk asked", application=application.id, request=asked.id)
        timing = {"expires_in": int(LIFE), "interval": INTERVAL}
        return {"auth_req_id": handle, **timing, **self._shown(asked)}

    def take(self, application: Application, untrusted_handle: str) -> Code:
        """What was approved, once. Raises an OAuth2Error that says how it stands."""
        now = self.sign_ins.clock()
        with self.database.writing() as writing:
            row = self._row(writing, application, untrusted_handle)
            too_fast = self._polled(writing, row, now)
            asked = requests.with_id(writing.connection, row["request"])
            outcome = asked.outcome_at(now) if asked else None
            if asked is not None and outcome is not None and outcome.lets_in:
                self._use_up(writing, row, now)
                return _as_code(row, asked, now)
        if asked is None or outcome == "expired":
            raise ExpiredTokenError
        if outcome is not None:
            raise AccessDeniedError
        raise SlowDownError() if too_fast else AuthorizationPendingError()

    def forget_old(self, writing: Writing, now: float) -> None:
        """Drop what no kiosk asks for any more."""
        over = backchannel_requests.c.expires < now - KEPT
        writing.execute(delete(backchannel_requests).where(over))

    def _sign_in(self, wanted: _Wanted, person: Person | None, now: float) -> SignIn:
        nobody = f"nobody {self.keys.mark('account', login_name(wanted.name))}"
        least = wanted.application.kiosk
        match = approval.stronger(least, person.match) if person else least
        return SignIn(
            id=requests.new_id(),
            person=person.id if person else nobody,
            service=wanted.application.name,
            place=" · ".join(words for words in (wanted.message, wanted.place) if words),
            match=match,
            number=requests.new_number() if match == "number" else "",
            issued=now,
            expires=now + LIFE,
            outcome=None,
        )

    def _begun(
        self, writing: Writing, wanted: _Wanted, asked: SignIn, person: Person | None
    ) -> str:
        """Ask, and give the handle under which the kiosk comes back."""
        requests.add(writing, asked)
        if person is not None and not quiet.until(writing.connection, person.id, asked.issued):
            self.sign_ins.ask(writing, asked, person, asked.issued)
        handle = secrets.token_urlsafe(24)
        self._remember(writing, handle, wanted, asked)
        return handle

    def _shown(self, asked: SignIn) -> dict[str, str]:
        """What the kiosk shows its person, an addition of ours; without it nobody can approve a stronger match."""
        if asked.match == "scan":
            return {
                "match": "scan",
                "qr": f"{self.sign_ins.origin}/l#{self.sign_ins.expected(asked)}",
            }
        return {"match": asked.match} | ({"number": asked.number} if asked.number else {})

    def _remember(self, writing: Writing, handle: str, wanted: _Wanted, asked: SignIn) -> None:
        row = {"id": self._mark(handle), "application": wanted.application.id}
        about = {"request": asked.id, "person": asked.person, "scope": wanted.scope}
        times = {"interval": INTERVAL, "polled": asked.issued, "expires": asked.expires}
        writing.execute(insert(backchannel_requests).values(**row, **about, **times))

    def _row(self, writing: Writing, application: Application, handle: str) -> RowMapping:
        table = backchannel_requests.c
        mine = (table.id == self._mark(handle)) & (table.application == application.id)
        wanted = select(backchannel_requests).where(mine & table.taken.is_(None))
        row = writing.execute(wanted).mappings().first()
        if row is None:
            raise InvalidGrantError("There is no such request of this application")
        return row

    def _polled(self, writing: Writing, row: RowMapping, now: float) -> bool:
        """Note the poll; whether it came too soon, and then the next may come later still."""
        too_fast = now - row["polled"] < row["interval"]
        values = {"polled": now, "interval": row["interval"] + (SLOWER if too_fast else 0)}
        mine = backchannel_requests.c.id == row["id"]
        writing.execute(update(backchannel_requests).where(mine).values(**values))
        return bool(too_fast)

    def _use_up(self, writing: Writing, row: RowMapping, now: float) -> None:
        mine = backchannel_requests.c.id == row["id"]
        writing.execute(update(backchannel_requests).where(mine).values(taken=now))

    def _mark(self, handle: str) -> str:
        return self.keys.mark("application grant", handle)


def _too_many() -> AccessDeniedError:
    """CIBA Core 1.0 section 13 says with which status."""
    return AccessDeniedError("Too many requests for this person", status_code=403)


def _wanted(application: Application, sent: dict[str, str], place: str) -> _Wanted:
    if not application.kiosk:
        raise UnauthorizedClientError("This application may start no requests")
    scopes = [one for one in SCOPES if one in sent.get("scope", "").split()]
    if "openid" not in scopes:
        raise InvalidScopeError
    if [name for name in HINTS if sent.get(name)] != ["login_hint"]:
        raise InvalidRequestError("A login_hint is needed, and no other hint")
    try:
        message = binding_message(sent.get("binding_message", ""))
    except Refused as refused:
        raise InvalidBindingMessage from refused
    return _Wanted(application, " ".join(scopes), sent["login_hint"][:200], message, place)


def _as_code(row: RowMapping, asked: SignIn, now: float) -> Code:
    """An approved request in the form of a code that was just used up; there is no session behind it."""
    return Code(
        code=row["id"],
        application=row["application"],
        redirect="",
        scope=row["scope"],
        nonce="",
        challenge="",
        person=asked.person,
        session="",
        how=asked.match,
        auth_time=now,
        expires=row["expires"],
    )
