"""Waiting for the token: the request's details, its number, the typed code as another way, and every ending."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, request
from markupsafe import Markup

from web.login_portal import people
from web.login_portal.pages.browser import here, step_up
from web.login_portal.pages.drawing import drawn
from web.login_portal.pages.rendering import go, page, sign_in_again, state
from web.login_portal.portal import Portal
from web.login_portal.quiet import QUIET
from web.login_portal.rules.outcomes import LIFE, Outcome, SignIn
from web.login_portal.sessions import Level, Session
from web.login_portal.sign_ins import ONLY_CODE, CodeJudged

OPEN, LOGIN_PATH = "open", "/l"


@dataclass(frozen=True, slots=True)
class WaitingPages:
    """The pages between password and account."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule("/waiting", "waiting", self.show, methods=["GET"])
        app.add_url_rule("/waiting/state", "waiting_state", self.state, methods=["GET"])
        app.add_url_rule("/waiting/cancel", "waiting_cancel", self.cancel, methods=["POST"])
        app.add_url_rule("/waiting/finish", "waiting_finish", self.finish, methods=["POST"])
        app.add_url_rule("/waiting/code", "code", self.show_code, methods=["GET"])
        app.add_url_rule("/waiting/code", "try_code", self.try_code, methods=["POST"])

    def show(self) -> Response:
        """The request while it is open, else how it ended."""
        found = self._mine()
        if found is None:
            return sign_in_again()
        session, sign_in = found
        now = self.portal.clock()
        outcome = sign_in.outcome_at(now)
        if outcome is not None:
            match, minutes = sign_in.match, int(QUIET // 60)
            return page("ended.html", outcome=outcome.value, match=match, minutes=minutes)
        if sign_in.match == ONLY_CODE:
            return self._code_page(sign_in, CodeJudged(taken=False), "", 200)
        with self.portal.database.reading() as reading:
            person = people.with_id(reading, session.person)
        qr = self._qr(sign_in) if sign_in.match == "scan" else ""
        values = {"left": sign_in.seconds_left(now), "life": int(LIFE)}
        live = _standing(sign_in, now)
        return page("waiting.html", person=person, sign_in=sign_in, qr=qr, live=live, **values)

    def state(self) -> Response:
        """How the request stands, for the script."""
        found = self._mine()
        if found is None:
            return state("none", 0)
        now = self.portal.clock()
        return state(_standing(found[1], now), found[1].seconds_left(now))

    def cancel(self) -> Response:
        """The person gives up; the token is told."""
        if (found := self._mine()) is not None:
            self.portal.sign_ins.cancel(found[1].id, self.portal.clock())
        return go("/waiting")

    def finish(self) -> Response:
        """Go on after the token's yes."""
        found = self._mine()
        if found is None:
            return go("/sign-in")
        outcome = found[1].outcome
        if outcome is None or not outcome.lets_in:
            return go("/waiting")
        how = found[1].match if outcome is Outcome.APPROVED else outcome.value
        return self._let_in(found[0], how)

    def show_code(self) -> Response:
        """The form for a typed code, while the request is open."""
        found = self._mine()
        if found is None or found[1].outcome_at(self.portal.clock()) is not None:
            return go("/waiting")
        return self._code_page(found[1], CodeJudged(taken=False), "", 200)

    def try_code(self) -> Response:
        """Judge a typed code."""
        found, now = self._mine(), self.portal.clock()
        if found is None:
            return sign_in_again()
        judged = self.portal.sign_ins.try_code(found[1].id, request.form.get("code", ""), now)
        if judged.taken:
            return self._let_in(found[0], Outcome.CODE.value)
        if (fresh := self.portal.sign_ins.look(found[1].id)) is None or fresh.outcome_at(now):
            return go("/waiting")
        trouble = "locked" if judged.locked else "wait" if judged.wait else "wrong"
        status = 429 if judged.wait or judged.locked else 422
        return self._code_page(fresh, judged, trouble, status)

    def _code_page(
        self, sign_in: SignIn, judged: CodeJudged, trouble: str, status: int
    ) -> Response:
        now = self.portal.clock()
        peace = self.portal.sign_ins.peace_until(sign_in.person, now)
        only = sign_in.match == ONLY_CODE
        values = {"trouble": trouble, "wait": judged.wait, "only": only, "peace": peace}
        values |= {"left": sign_in.seconds_left(now), "life": int(LIFE)}
        return page("code.html", status=status, live=_standing(sign_in, now), **values)

    def _qr(self, sign_in: SignIn) -> Markup:
        """What the token's camera reads: an address of ours, and the bits that only this page shows."""
        origin = self.portal.config.origin.url
        return drawn(f"{origin}{LOGIN_PATH}#{self.portal.sign_ins.expected(sign_in)}")

    def _let_in(self, session: Session, how: str) -> Response:
        self.portal.log.note("signed in", person=session.person, how=how)
        onward = self.portal.applications.way_on(session)
        step_up(self.portal, session, how)
        return go(onward)

    def _mine(self) -> tuple[Session, SignIn] | None:
        """This browser's session and the request it waits for; a request of anybody else does not exist here."""
        session = here().session
        if session is None or session.level is not Level.PASSWORD or not session.request:
            return None
        sign_in = self.portal.sign_ins.look(session.request)
        if sign_in is None or (sign_in.person, sign_in.asks) != (session.person, "login"):
            return None
        return session, sign_in


def _standing(sign_in: SignIn, now: float) -> str:
    """How it ended, or which request is open: a page of an earlier one, in another tab, moves on to this one."""
    outcome = sign_in.outcome_at(now)
    return outcome.value if outcome else f"{OPEN} {sign_in.id}"
