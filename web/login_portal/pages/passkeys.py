"""The pages about passkeys: signing in with one, and the list of a person's own.

A passkey is only made within five minutes of a token's yes, so that a browser left open cannot add one.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, abort, request

from appliance.core.errors import Refused
from web.login_portal import passkeys
from web.login_portal.pages.browser import begin_signed_in, browser_name, here, signed_in
from web.login_portal.pages.rendering import go, page, sign_in_again
from web.login_portal.passkeys import REGISTER
from web.login_portal.portal import Portal
from web.login_portal.rules.approval import BY_TOKEN, PASSKEY
from web.login_portal.sessions import Session

FRESH = 300.0


@dataclass(frozen=True, slots=True)
class PasskeyPages:
    """Passkeys, for the person who has them."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule("/passkeys/options", "passkey_options", self.options, methods=["POST"])
        app.add_url_rule("/passkeys/sign-in", "passkey_sign_in", self.sign_in, methods=["POST"])
        app.add_url_rule("/account/passkeys", "passkeys", self.show, methods=["GET"])
        app.add_url_rule("/account/passkeys", "add_passkey", self.add, methods=["POST"])
        path = "/account/passkeys/remove"
        app.add_url_rule(path, "remove_passkey", self.remove, methods=["POST"])

    def options(self) -> Response:
        """What the script hands to the browser."""
        now, browser = self.portal.clock(), browser_name(self.portal)
        if request.form.get("purpose") != REGISTER:
            return _json(self.portal.passkeys.ask(browser, now))
        found = signed_in(self.portal)
        if found is None or not self._fresh(found[0]):
            abort(403)
        return _json(self.portal.passkeys.offer(found[1], browser, now))

    def sign_in(self) -> Response:
        """Let in who has a passkey of theirs."""
        portal, form, browser = self.portal, request.form, browser_name(self.portal)
        wish = form.get("wish", "")
        found = portal.applications.on_its_way(wish, browser) if wish else None
        try:
            person = portal.passkeys.admit(browser, form.get("credential", ""), portal.clock())
        except Refused as refused:
            portal.log.note("passkey not taken", reason=str(refused))
            application = found[1].name if found else ""
            values = {"trouble": "passkey", "reason": str(refused), "wait": 0, "name": ""}
            about = {"application": application, "wish": wish if found else ""}
            return page("sign_in.html", status=401, **values, **about)
        if (session := here().session) is not None and session.request:
            portal.sign_ins.cancel(session.request, portal.clock())
        portal.log.note("signed in", person=person, how=PASSKEY)
        begin_signed_in(portal, person, PASSKEY)
        return go(f"/go-on/{wish}" if found else "/account")

    def show(self) -> Response:
        """The person's passkeys, and how to add one."""
        return self._shown("", 200)

    def add(self) -> Response:
        """Keep a passkey that the browser has just made."""
        found, form = signed_in(self.portal), request.form
        if found is None or not self._fresh(found[0]):
            return go("/account/passkeys")
        browser, now = browser_name(self.portal), self.portal.clock()
        credential, name = form.get("credential", ""), form.get("name", "")
        try:
            self.portal.passkeys.register(found[1], browser, credential, name, now)
        except Refused as refused:
            return self._shown(str(refused), 422)
        return go("/account/passkeys")

    def remove(self) -> Response:
        """Forget one."""
        found = signed_in(self.portal)
        if found is None:
            return sign_in_again()
        try:
            self.portal.passkeys.remove(found[1].id, request.form.get("id", ""))
        except Refused as refused:
            return self._shown(str(refused), 422)
        return go("/account/passkeys")

    def _shown(self, trouble: str, status: int) -> Response:
        found = signed_in(self.portal)
        if found is None:
            return sign_in_again()
        with self.portal.database.reading() as reading:
            mine = passkeys.of_person(reading, found[1].id)
        values = {"mine": mine, "fresh": self._fresh(found[0]), "trouble": trouble}
        return page("passkeys.html", status=status, **values)

    def _fresh(self, session: Session) -> bool:
        """Whether the token has just said yes."""
        return session.how in BY_TOKEN and self.portal.clock() - session.made <= FRESH


def _json(text: str) -> Response:
    return Response(text, content_type="application/json")
