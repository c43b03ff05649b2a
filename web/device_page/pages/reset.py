"""Asking for a reset: type the serial here, then hold the button on the token. The page alone erases nothing."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from appliance.wire.ipc import AskReset, Done
from web.device_page.house import House, page, say, status

Answer = Response | tuple[str, int]


def reset_page(house: House) -> Blueprint:
    """What will be lost, the serial, and then what to do at the token."""
    blueprint = Blueprint("reset", __name__, url_prefix="/reset")

    @blueprint.get("")
    def show() -> Answer:
        return page("reset.html", now=status(), asked=request.args.get("asked") == "1")

    @blueprint.post("")
    def ask() -> Answer:
        typed = request.form.get("serial", "")[:128].strip()
        if typed.casefold() != status().serial.casefold():
            trouble = say("That is not the serial number. Nothing was erased.")
            return page("reset.html", 400, now=status(), trouble=trouble)
        house.desk.call(AskReset(), Done)
        return redirect(url_for("reset.show", asked="1"), 303)

    return blueprint
