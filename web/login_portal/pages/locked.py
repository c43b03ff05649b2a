"""The locked page: what has happened, what to do on the token, and nothing about the password.

A browser sees it after wrong passwords only, so it tells the same whether or not such an account exists.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response

from web.login_portal.pages.browser import here
from web.login_portal.pages.rendering import go, page, state
from web.login_portal.portal import Portal
from web.login_portal.rules.outcomes import LIFE
from web.login_portal.sessions import Level


@dataclass(frozen=True, slots=True)
class LockedPages:
    """What a browser sees of a locked account."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule("/locked", "locked", self.show, methods=["GET"])
        app.add_url_rule("/locked/state", "locked_state", self.state, methods=["GET"])
        app.add_url_rule("/locked/again", "locked_again", self.again, methods=["POST"])

    def show(self) -> Response:
        """How the account stands."""
        return self._shown(self._account(), 0)

    def state(self) -> Response:
        """The same in one word, for the script."""
        account = self._account()
        standing = self.portal.unlocks.look(account, self.portal.clock())
        return state(standing.word, standing.left) if account else state("none", 0)

    def again(self) -> Response:
        """Ask the tokens once more, unless they were asked too often."""
        account = self._account()
        wait = self.portal.unlocks.ask(account, self.portal.clock()) if account else 0
        return self._shown(account, wait) if wait else go("/locked")

    def _shown(self, account: str, wait: int) -> Response:
        if not account:
            return go("/sign-in")
        standing = self.portal.unlocks.look(account, self.portal.clock())
        status = 429 if wait else 200
        values = {"standing": standing, "minutes": -(-wait // 60), "life": int(LIFE)}
        return page("locked.html", status=status, **values)

    def _account(self) -> str:
        session = here().session
        return session.account if session is not None and session.level is Level.LOCKED else ""
