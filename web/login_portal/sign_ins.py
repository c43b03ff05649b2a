"""The story of one login, from the accepted password to its end on both sides: page and token.

Every ending goes through one place, which withdraws the letters and tells the tokens that did not answer themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from appliance.wire.letters import Letter
from web.login_portal import (
    audit,
    issues,
    locks,
    people,
    quiet,
    reports,
    requests,
    strikes,
    tokens,
)
from web.login_portal import inbox as letters_at_rest
from web.login_portal.clock import Clock
from web.login_portal.inbox import Inbox
from web.login_portal.keys import Keys
from web.login_portal.logbook import Logbook
from web.login_portal.people import Person
from web.login_portal.rules import codes
from web.login_portal.rules.delays import (
    CODE_TRIES,
    NOS,
    QUIET_AFTER_NO,
    prompt_allowed,
    prompt_wait,
)
from web.login_portal.rules.outcomes import LIFE, Outcome, SignIn
from web.login_portal.store.database import Database, Writing

UNLOCK, VOUCH, ONLY_CODE = "unlock", "vouch", "none"


@dataclass(frozen=True, slots=True)
class CodeJudged:
    """What became of a typed code: taken, or how long to wait; `locked` when this way is closed."""

    taken: bool
    wait: int = 0
    locked: bool = False


@dataclass(frozen=True, slots=True)
class SignIns:
    """Begins and ends logins."""

    database: Database
    inbox: Inbox
    keys: Keys
    log: Logbook
    clock: Clock
    origin: str
    service: str

    def begin(self, request: str, person: Person, place: str, now: float, service: str = "") -> int:
        """Ask the person's tokens; 0, or the seconds to wait because there were too many questions lately.

        The service is the application that asks, or the portal's own. Somebody who wants peace is not asked: such a
        login waits for a typed code only.

        The letters leave as soon as everybody can see the request, without waiting for the disk. One that a power cut
        takes back has let nobody in: its page is gone with the portal, and an answer to it is refused as unknown. It
        weakens no guard either: whoever began it hears of it only after the durable commit of the session, which takes
        it along, so no prompt that somebody knows of goes uncounted. How it ends is always durable.
        """
        with self.database.writing(durable=False) as writing:
            in_peace = quiet.until(writing.connection, person.id, now) > 0
            match = ONLY_CODE if in_peace else person.match
            number = requests.new_number() if match == "number" else ""
            what = service or self.service
            sign_in = SignIn(request, person.id, what, place, match, number, now, now + LIFE, None)
            wait = 0 if in_peace else _too_soon(writing.connection, person.id, now)
            if not wait:
                requests.add(writing, sign_in)
                if not in_peace:
                    self.ask(writing, sign_in, person, now)
        if wait:
            with self.database.writing() as writing:
                self._withhold(writing, person.id, now)
        return wait

    def wait(self, writing: Writing, person: str, now: float) -> int:
        """Whole seconds until this person may be asked again, 0 for now."""
        wait = _too_soon(writing.connection, person, now)
        if wait:
            self._withhold(writing, person, now)
        return wait

    def _withhold(self, writing: Writing, person: str, now: float) -> None:
        self.log.note("request withheld", person=person, reason="too many")
        reports.add(writing, "withheld", now, person=person)

    def ask(self, writing: Writing, sign_in: SignIn, person: Person, now: float) -> None:
        """Lay a letter ready for each of the person's tokens."""
        for token in tokens.ids_of_person(writing.connection, person.id):
            self.inbox.post(writing, self._letter(token, sign_in, person), sign_in.id)
            writing.afterwards.append(partial(self._published, sign_in.id, token, now))

    def peace_until(self, person: str, now: float) -> float:
        """Until when (Unix seconds) this person wants no requests; 0 when they may come."""
        with self.database.reading() as reading:
            return quiet.until(reading, person, now)

    def expected(self, sign_in: SignIn) -> str:
        """What an approval must bring from the login page: the number, or the 128 bits of its QR.

        Those bits are made from the request's name and stored nowhere (checklist row 8).
        """
        return self.keys.word("scan", sign_in.id) if sign_in.match == "scan" else sign_in.number

    def look(self, request: str) -> SignIn | None:
        """The login as it stands."""
        with self.database.reading() as reading:
            return requests.with_id(reading, request)

    def cancel(self, request: str, now: float) -> None:
        """The browser gave up; harmless when it is over already."""
        with self.database.writing() as writing:
            sign_in = requests.with_id(writing.connection, request)
            if sign_in is not None:
                self.end(writing, sign_in, Outcome.CANCELLED, now)

    def expire_due(self, now: float) -> None:
        """End every login whose time is up, so that panels and pages hear of it."""
        with self.database.reading() as reading:
            due = requests.due(reading, now)
        for sign_in in due:
            with self.database.writing() as writing:
                self.end(writing, sign_in, Outcome.EXPIRED, now)

    def try_code(self, request: str, untrusted_digits: str, now: float) -> CodeJudged:
        """Take a typed code for this login: the window is one step either way, each step counts once.

        Ten mistakes in a row close this way for the person, durably (checklist rows 3, 4 and 6).
        """
        with self.database.writing() as writing:
            sign_in = requests.with_id(writing.connection, request)
            if sign_in is None or sign_in.outcome_at(now) is not None:
                return CodeJudged(taken=False)
            key = self.keys.mark("strikes", f"code|{sign_in.person}")
            before = strikes.standing(writing.connection, key)
            if before.fails >= CODE_TRIES or before.seconds_left(now) > 0:
                return CodeJudged(False, before.seconds_left(now), before.fails >= CODE_TRIES)
            if not self._takes(writing, sign_in.person, untrusted_digits, now):
                after = strikes.add(writing, key, now)
                if after.fails == CODE_TRIES:
                    reports.add(writing, "codes", now, person=sign_in.person)
                self.log.note("code refused", request=request, fails=after.fails)
                return CodeJudged(False, after.seconds_left(now), after.fails >= CODE_TRIES)
            strikes.clear(writing, key)
            return CodeJudged(self.end(writing, sign_in, Outcome.CODE, now))

    def forgive_codes(self, writing: Writing, person: str) -> None:
        """Typed codes are heard again."""
        strikes.clear(writing, self.keys.mark("strikes", f"code|{person}"))

    def _takes(self, writing: Writing, person: str, untrusted_digits: str, now: float) -> bool:
        for token in tokens.of_person(writing.connection, person):
            seed = tokens.seed_of(token, self.keys)
            step = codes.matching_step(seed, untrusted_digits, now, token.last_step)
            if step is not None and tokens.take_step(writing, token.id, step):
                return True
        return False

    def end(
        self, writing: Writing, sign_in: SignIn, outcome: Outcome, now: float, by: str = ""
    ) -> bool:
        """End a login if it is still open; `by` is the token that answered and needs no letter about it."""
        request = sign_in.id
        if not requests.end(writing, request, outcome, now):
            return False
        self._remember(writing, sign_in, outcome, now)
        asked = letters_at_rest.sent_about(writing.connection, request)
        letters_at_rest.withdraw(writing, request)
        for device in asked:
            if device != by:
                self.inbox.post(writing, self._closed(device, request, outcome, now), request)
        writing.afterwards.append(
            lambda: self.log.note("request ended", request=request, outcome=outcome.value)
        )
        return True

    def _remember(self, writing: Writing, ended: SignIn, outcome: Outcome, now: float) -> None:
        """What an ending means beyond its own login: an open lock, peace, a vouched colleague, the desk's list."""
        person = people.with_id(writing.connection, ended.person)
        whom = person.name if person else ""
        audit.add(writing, whom, f"{ended.asks} {outcome.value}", now, whom=whom, note=ended.place)
        if ended.asks == UNLOCK:
            locks.settle(writing, ended.id, outcome, now)
        if ended.asks == VOUCH and outcome is Outcome.APPROVED:
            vouched = issues.about(writing.connection, ended.id)
            if vouched is not None:
                reports.add(writing, "vouched", now, person=ended.person, note=ended.note)
        self._keep_peace(writing, ended, outcome, now)
        if outcome in {Outcome.REPORTED, Outcome.BLOCKED}:
            reports.add(writing, outcome.value, now, person=ended.person, note=ended.asks)
            said = {"person": ended.person, "request": ended.id, "asked": ended.asks}
            writing.afterwards.append(
                lambda: self.log.note("service desk told", **said, said=outcome.value)
            )

    @staticmethod
    def _keep_peace(writing: Writing, ended: SignIn, outcome: Outcome, now: float) -> None:
        """No requests for a while: after "block me", and after two Noes in a row."""
        if outcome is Outcome.BLOCKED:
            quiet.begin(writing, ended.person, now)
            return
        if outcome not in {Outcome.DENIED, Outcome.REPORTED}:
            return
        if requests.refusals(writing.connection, ended.person, now) >= NOS:
            quiet.begin(writing, ended.person, now, QUIET_AFTER_NO)
            reports.add(writing, "refused", now, person=ended.person)

    def _published(self, request: str, device: str, since: float) -> None:
        elapsed = (self.clock() - since) * 1000
        self.log.note("letter published", request=request, device=device, ms=elapsed)

    def _letter(self, device: str, sign_in: SignIn, person: Person) -> Letter:
        return Letter(
            iss=self.origin,
            aud=device,
            jti=sign_in.id,
            iat=sign_in.issued,
            exp=sign_in.expires,
            kind=sign_in.asks,
            person=person.display,
            service=sign_in.service,
            origin=self.origin,
            place=sign_in.place,
            match=sign_in.match,
            note=sign_in.note,
        )

    def _closed(self, device: str, request: str, outcome: Outcome, now: float) -> Letter:
        return Letter(
            iss=self.origin,
            aud=device,
            jti=requests.new_id(),
            iat=now,
            exp=now + LIFE,
            kind="closed",
            request=request,
            outcome=outcome.value,
        )


def _too_soon(reading: Connection, person: str, now: float) -> int:
    """Whole seconds until this person may be asked again, 0 for now."""
    recent = requests.prompts(reading, person, now)
    return 0 if prompt_allowed(recent, now) else prompt_wait(recent, now)
