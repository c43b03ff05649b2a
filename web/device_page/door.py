"""The door: the 8-digit code from the panel lets one browser in. The authenticator judges it and counts tries.

Source: checklist rows 22 and 23.
"""

from __future__ import annotations

import re

import msgspec
from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from appliance.wire.asking import Admitted, Status, StatusReply, TryPin
from appliance.wire.call import Done
from appliance.wire.safekeeping import AskOpening
from appliance.wording import LANGUAGES
from web.device_page import words
from web.device_page.guard import may_open_by_cable
from web.device_page.house import (
    LANGUAGE_COOKIE,
    House,
    cookie_name,
    page,
    problem,
    say,
    session,
    status,
    told,
)
from web.device_page.sessions import TOTAL
from web.device_page.shapes import Enter, Entered

OPENING = 3.0
PIN = re.compile(r"[0-9]{8}", re.ASCII)
Answer = Response | tuple[str, int]


def door(house: House) -> Blueprint:
    """Knock, enter, leave, and the language for either side of the door."""
    blueprint = Blueprint("door", __name__)

    @blueprint.get("/enter")
    def knock() -> Answer:
        return redirect(url_for("status.show"), 303) if session() else page("door.html")

    @blueprint.post("/enter")
    def enter() -> Answer:
        return _enter(house, request.form.get("code", ""))

    @blueprint.post("/api/v1/session")
    def enter_by_tool() -> Response:
        return _enter_by_tool(house)

    @blueprint.post("/open")
    def open_by_cable() -> Answer:
        if not may_open_by_cable(house):
            return told(403, say("This page is closed"), say("Open it with the button."))
        if status().page_open:
            return redirect(url_for("door.knock"), 303)
        house.desk.call(AskOpening(), Done)
        house.desk.call(Status(status().version, OPENING), StatusReply, OPENING)
        return redirect(url_for("door.knock"), 303)

    @blueprint.post("/leave")
    def leave() -> Answer:
        house.doorman.end()
        return redirect(url_for("door.knock"), 303)

    @blueprint.post("/language")
    def language() -> Answer:
        chosen = request.form.get("language", "")
        here = request.form.get("page", "")
        known = dict(words.MENU)
        answer = redirect(url_for(here if here in known else "status.show"), 303)
        if chosen in LANGUAGES:
            answer.set_cookie(
                LANGUAGE_COOKIE, chosen, httponly=True, samesite="Strict", secure=request.is_secure
            )
        return answer

    return blueprint


def _enter(house: House, untrusted_code: str) -> Answer:
    digits = re.sub(r"[ \-\u00a0]", "", untrusted_code[:32])
    if not PIN.fullmatch(digits):
        return page("door.html", 400, trouble=say("Type the 8 digits that the token shows."))
    admitted = house.desk.call(TryPin(digits), Admitted)
    if not admitted.admitted:
        return page("door.html", 403, trouble=_wrong(admitted.tries_left))
    new = house.doorman.admit(house.clock())
    answer = redirect(url_for("status.show"), 303)
    answer.set_cookie(
        cookie_name(), new.id, httponly=True, samesite="Strict", secure=request.is_secure, path="/"
    )
    return answer


def _enter_by_tool(house: House) -> Response:
    """A session for a fleet tool, by the same code and the same five tries."""
    try:
        typed = msgspec.json.decode(request.stream.read(4096), type=Enter)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return problem(422, say("That did not work"), say("The call is not complete"))
    if not PIN.fullmatch(typed.code):
        sentence = say("Type the 8 digits that the token shows.")
        return problem(422, say("That did not work"), sentence)
    admitted = house.desk.call(TryPin(typed.code), Admitted)
    if not admitted.admitted:
        return problem(403, say("That did not work"), _wrong(admitted.tries_left))
    new = house.doorman.admit(house.clock())
    body = msgspec.json.encode(Entered(new.id, int(TOTAL)))
    return Response(body, 201, mimetype="application/json")


def _wrong(tries_left: int) -> str:
    if tries_left > 1:
        return say("That is not the code. {tries} tries left.", tries=str(tries_left))
    if tries_left == 1:
        return say("That is not the code. One try left.")
    return say("That code does not count any more. Open the page on the token again for a new one.")
