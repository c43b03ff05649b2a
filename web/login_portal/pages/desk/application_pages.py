"""The applications that sign their people in here: the list, one of them, a new one.

A secret is shown once, in the reply to the act that made it, and stands on no other page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, abort, request

from appliance.core.errors import Refused
from web.login_portal.applications.metadata import DISCOVERY
from web.login_portal.applications.registry import Wanted
from web.login_portal.pages.desk.access import at_desk
from web.login_portal.pages.rendering import go, page
from web.login_portal.portal import Portal
from web.login_portal.rules.application_words import LONGEST_ADDRESS, MOST_ADDRESSES
from web.login_portal.rules.outcomes import MATCHES
from web.login_portal.rules.roles import Actor, Role

HERE = "/desk/applications"
TYPED = ("name", "redirects", "after", "tell", "kiosk", "proof", "key", "pushed")
LONGEST_FIELD = MOST_ADDRESSES * (LONGEST_ADDRESS + 2)


@dataclass(frozen=True, slots=True)
class DeskApplicationPages:
    """The applications, for readers to see and for admins to change."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        one, new = f"{HERE}/<application>", f"{HERE}/new"
        app.add_url_rule(HERE, "desk_applications", self.show, methods=["GET"])
        app.add_url_rule(new, "desk_application_form", self.form, methods=["GET"])
        app.add_url_rule(new, "desk_application_add", self.add, methods=["POST"])
        app.add_url_rule(one, "desk_application", self.look, methods=["GET"])
        app.add_url_rule(f"{one}/secret", "desk_application_secret", self.renew, methods=["POST"])
        for act in ("disable", "enable", "remove"):
            rule, name = f"{one}/{act}", f"desk_application_{act}"
            app.add_url_rule(rule, name, self._handler(act), methods=["POST"])

    def show(self) -> Response:
        """All of them."""
        actor = at_desk(self.portal)
        found = self.portal.applications.registrations.listed(actor)
        removed = request.args.get("done") == "remove"
        return page("desk/applications.html", actor=actor, found=found, removed=removed)

    def look(self, application: str) -> Response:
        """One of them."""
        return self._one(at_desk(self.portal), application)

    def form(self) -> Response:
        """Where a new one is described."""
        return _form(at_desk(self.portal, Role.ADMIN), {})

    def add(self) -> Response:
        """Register it, and show its secret once."""
        actor = at_desk(self.portal, Role.ADMIN)
        typed = {name: request.form.get(name, "")[:LONGEST_FIELD] for name in TYPED}
        try:
            made = self.portal.applications.registrations.add(actor, _wanted(typed))
        except Refused as refusal:
            return _form(actor, typed, str(refusal))
        return self._one(actor, made.application.id, secret=made.secret, done="add")

    def renew(self, application: str) -> Response:
        """Another secret, shown once."""
        actor = at_desk(self.portal, Role.ADMIN)
        try:
            made = self.portal.applications.registrations.renew_secret(actor, application)
        except Refused as refusal:
            return self._one(actor, application, trouble=str(refusal))
        return self._one(actor, application, secret=made.secret, done="secret")

    def _handler(self, act: str) -> Callable[[str], Response]:
        def handle(application: str) -> Response:
            actor, desk = at_desk(self.portal, Role.ADMIN), self.portal.applications.registrations
            acts = {"disable": desk.disable, "enable": desk.enable, "remove": desk.remove}
            try:
                acts[act](actor, application)
            except Refused:
                abort(404)
            there = HERE if act == "remove" else f"{HERE}/{application}"
            return go(f"{there}?done={act}")

        return handle

    def _one(
        self,
        actor: Actor,
        untrusted_id: str,
        *,
        secret: str = "",
        done: str = "",
        trouble: str = "",
    ) -> Response:
        found = self.portal.applications.registrations.look(actor, untrusted_id)
        if found is None:
            abort(404)
        about = {"discovery": f"{self.portal.config.origin.url}{DISCOVERY}", "secret": secret}
        about |= {"done": done or request.args.get("done", ""), "trouble": trouble}
        status = 422 if trouble else 200
        return page("desk/application.html", status=status, actor=actor, one=found, **about)


def _form(actor: Actor, typed: dict[str, str], trouble: str = "") -> Response:
    values = {"typed": {**dict.fromkeys(TYPED, ""), **typed}, "trouble": trouble}
    status = 422 if trouble else 200
    return page("desk/application_new.html", status=status, actor=actor, matches=MATCHES, **values)


def _wanted(typed: dict[str, str]) -> Wanted:
    """What was filled in. Raises Refused."""
    if typed["proof"] not in ("secret", "key", "none"):
        raise Refused("An application proves itself with a secret, with a key, or not at all")
    if typed["proof"] == "key" and not typed["key"].strip():
        raise Refused("The public key is missing")
    return Wanted(
        typed["name"],
        _lines(typed["redirects"]),
        _lines(typed["after"]),
        typed["kiosk"],
        typed["tell"].strip(),
        typed["proof"] != "none",
        typed["key"] if typed["proof"] == "key" else "",
        typed["pushed"] == "yes",
    )


def _lines(untrusted: str) -> tuple[str, ...]:
    """The addresses, one a line. Raises Refused for too many."""
    found = tuple(line.strip() for line in untrusted.splitlines() if line.strip())
    if len(found) > MOST_ADDRESSES:
        raise Refused("An application has at most 20 addresses of a kind")
    return found
