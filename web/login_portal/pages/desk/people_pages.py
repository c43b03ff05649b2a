"""People: search, one person's folder, and every act on it. A refused act changes nothing and says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, abort, request

from appliance.core.errors import Refused
from web.login_portal import people
from web.login_portal.handing_out import Order
from web.login_portal.pages.browser import here
from web.login_portal.pages.desk.access import asked_page, at_desk
from web.login_portal.pages.rendering import go, page
from web.login_portal.portal import Portal
from web.login_portal.rules.enrolment import Way
from web.login_portal.rules.expiry import end_of_day
from web.login_portal.rules.people_file import serial
from web.login_portal.rules.roles import Actor, Role, role

AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class DeskPeoplePages:
    """The list of people and their folders."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        one = "/desk/people/<person>"
        app.add_url_rule("/desk/people", "desk_people", self.search, methods=["GET"])
        app.add_url_rule(one, "desk_person", self.show, methods=["GET"])
        for act in ("unlock", "block", "let-in", "contact", "role", "issue", "revoke"):
            app.add_url_rule(f"{one}/{act}", f"desk_{act}", self._handler(act), methods=["POST"])

    def search(self) -> Response:
        """People whose name holds what was typed, a page at a time."""
        actor, number = at_desk(self.portal), asked_page()
        wanted = request.args.get("q", "")[:64]
        with self.portal.database.reading() as reading:
            found, total = people.search(reading, wanted, (number - 1) * AT_ONCE, AT_ONCE)
        values = {"people": found, "total": total, "number": number, "last": -(-total // AT_ONCE)}
        return page("desk/people.html", status=200, actor=actor, q=wanted, **values)

    def show(self, person: str) -> Response:
        """One person's folder."""
        return self._folder(at_desk(self.portal), person, "", 200)

    def _handler(self, act: str) -> Callable[[str], Response]:
        acts: dict[str, Callable[[Actor, str], str]] = {
            "unlock": self._unlock,
            "block": self._block,
            "let-in": self._let_in,
            "contact": self._contact,
            "role": self._role,
            "issue": self._issue,
            "revoke": self._revoke,
        }

        def handle(person: str) -> Response:
            actor = at_desk(self.portal, Role.DESK)
            try:
                path = acts[act](actor, person)
            except Refused as refusal:
                return self._folder(actor, person, str(refusal), 422, act)
            return go(path or f"/desk/people/{person}?done={act}")

        return handle

    def _folder(
        self, actor: Actor, person: str, trouble: str, status: int, wrong: str = ""
    ) -> Response:
        now = self.portal.clock()
        folder = self.portal.service_desk.folder(actor, person, now)
        if folder is None:
            abort(404)
        done = request.args.get("done", "")
        values = {"trouble": trouble, "done": done, "now": now, "roles": list(Role)}
        values |= {"wrong": wrong, "typed": request.form}
        mail = folder.about.email != ""
        return page(
            "desk/person.html", status=status, actor=actor, folder=folder, mail=mail, **values
        )

    def _unlock(self, actor: Actor, person: str) -> str:
        self.portal.service_desk.unlock(actor, person, self.portal.clock())
        return ""

    def _block(self, actor: Actor, person: str) -> str:
        self.portal.service_desk.block(actor, person, blocked=True, now=self.portal.clock())
        return ""

    def _let_in(self, actor: Actor, person: str) -> str:
        self.portal.service_desk.block(actor, person, blocked=False, now=self.portal.clock())
        return ""

    def _contact(self, actor: Actor, person: str) -> str:
        phone, email = request.form.get("phone", ""), request.form.get("email", "")
        self.portal.service_desk.set_contact(actor, person, phone, email, self.portal.clock())
        return ""

    def _role(self, actor: Actor, person: str) -> str:
        wanted = role(request.form.get("role", ""))
        self.portal.service_desk.set_role(actor, person, wanted, self.portal.clock())
        return ""

    def _revoke(self, actor: Actor, person: str) -> str:
        token = request.form.get("token", "")
        folder = self.portal.service_desk.folder(actor, person, self.portal.clock())
        if folder is None or token not in {one.id for one, _ in folder.tokens}:
            raise Refused("This token is not linked")
        self.portal.service_desk.revoke(actor, token, self.portal.clock())
        return ""

    def _issue(self, actor: Actor, person: str) -> str:
        form = request.form
        way = form.get("way", "")
        if way not in tuple(Way):
            raise Refused("The confirm code goes by SMS, by letter, by voice or by a colleague")
        day = form.get("until", "")
        order = Order(
            form.get("by", ""),
            Way(way),
            here().language,
            serial(form.get("serial", "").strip()),
            end_of_day(day) if day else None,
        )
        return f"/desk/enrolments/{self.portal.handing_out.issue(actor, person, order)}"
