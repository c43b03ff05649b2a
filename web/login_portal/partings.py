"""The end of a token: revoked by the service desk, or told by the token that it was erased.

A revoked token counts for nothing from the same transaction on. It may still read one letter, which says so and makes
it destroy its key; that letter ends its inbox. Source: checklist row 41; ASVS 5.0 section 6.5.6.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from appliance.core.errors import Refused
from appliance.wire.letters import Letter
from appliance.wire.paths import FAREWELL
from web.login_portal import audit, people, requests, token_states, tokens
from web.login_portal import inbox as letters_at_rest
from web.login_portal.inbox import REVOKE, Inbox
from web.login_portal.logbook import Logbook
from web.login_portal.passports import Passports
from web.login_portal.store.database import Database, Writing

KEPT_READY = 10 * 365 * 86400.0


@dataclass(frozen=True, slots=True)
class Partings:
    """Ends tokens."""

    database: Database
    inbox: Inbox
    log: Logbook
    passports: Passports
    origin: str

    def revoke(self, token: str, now: float, by: str = audit.PORTAL, why: str = "") -> None:
        """End this token at once. Raises Refused when it is not linked. The process that serves it tells it."""
        with self.database.writing() as writing:
            if not tokens.revoke(writing, token, now):
                raise Refused("This token is not linked")
            letters_at_rest.withdraw_all(writing, token)
            self._remember(writing, token, "token revoked", by, why, now)
        self.log.note("token revoked", device=token)

    def end_loans(self, now: float) -> None:
        """Revoke every lent token whose time is over."""
        with self.database.reading() as reading:
            over = token_states.over(reading, now)
        for token in over:
            with suppress(Refused):  # somebody else was first
                self.revoke(token, now, why="loan")

    def tell_revoked(self, now: float) -> None:
        """Lay the last letter ready for every revoked token that has none yet; open streams end with it."""
        with self.database.reading() as reading:
            waiting = tokens.untold(reading)
        for token in waiting:
            with self.database.writing() as writing:
                if tokens.told(writing, token, now):
                    letter = self._last_letter(token, now)
                    self.inbox.post(writing, letter, letter.jti)

    def farewell(self, untrusted: str, now: float) -> None:
        """The token was erased and says so itself; it needs no letter. Raises Refused."""
        token = self.passports.prove(untrusted, FAREWELL, now)
        with self.database.writing() as writing:
            tokens.revoke(writing, token.id, now)
            tokens.told(writing, token.id, now)
            letters_at_rest.withdraw_all(writing, token.id)
            self._remember(writing, token.id, "token erased", "", "", now)
        self.log.note("token said farewell", device=token.id)

    @staticmethod
    def _remember(writing: Writing, token: str, act: str, by: str, why: str, now: float) -> None:
        """Write into the audit trail whose token has ended."""
        ended = tokens.ever(writing.connection, token)
        person = people.with_id(writing.connection, ended.person) if ended else None
        whom, serial = person.name if person else "", ended.serial if ended else ""
        audit.add(writing, by or whom, act, now, whom=whom, note=f"{serial} {why}".strip())

    def _last_letter(self, token: str, now: float) -> Letter:
        return Letter(
            iss=self.origin,
            aud=token,
            jti=requests.new_id(),
            iat=now,
            exp=now + KEPT_READY,
            kind=REVOKE,
        )
