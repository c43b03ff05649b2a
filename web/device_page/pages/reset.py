"""Restart, switch off, erase: asked here, done by a hold on the token. The page alone does none of it."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from web.device_page import actions
from web.device_page.house import House, page, say, status

Answer = Response | tuple[str, int]


def reset_page(house: House) -> Blueprint:
    """What will be lost, the serial, and then what to do at the token; and the two buttons for the power."""
    blueprint = Blueprint("reset", __name__, url_prefix="/reset")

    @blueprint.get("")
    def show() -> Answer:
        return page("reset.html", now=status(), asked=request.args.get("asked", ""))

    @blueprint.post("")
    def ask() -> Answer:
        try:
            actions.ask_reset(house.desk, status(), request.form.get("serial", ""))
        except actions.Unfit as unfit:
            return page("reset.html", 400, now=status(), trouble=say(str(unfit)))
        return redirect(url_for("reset.show", asked="1"), 303)

    @blueprint.post("/power")
    def power() -> Answer:
        try:
            actions.ask_power(house.desk, request.form.get("what", ""))
        except actions.Unfit as unfit:
            return page("reset.html", 400, now=status(), power_trouble=say(str(unfit)))
        return redirect(url_for("reset.show", asked="power"), 303)

    return blueprint
