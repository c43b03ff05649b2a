"""The clock: how far it is believed, and asking to set it. Only a hold on the token sets it."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from appliance.wire.upkeep import Condition, ConditionReply, Network, NetworkState
from web.device_page import actions
from web.device_page.house import House, page, say, status

Answer = Response | tuple[str, int]


def clock_page(house: House) -> Blueprint:
    """The clock page and its one form."""
    blueprint = Blueprint("clock", __name__, url_prefix="/time")

    @blueprint.get("")
    def show() -> Answer:
        return _show(house)

    @blueprint.post("")
    def ask() -> Answer:
        try:
            actions.ask_clock(house.desk, _wall(request.form.get("time", "")))
        except actions.Unfit as unfit:
            return _show(house, 400, trouble=say(str(unfit)))
        return redirect(url_for("clock.show", asked="1"), 303)

    return blueprint


def _show(house: House, code: int = 200, **more: object) -> Answer:
    known = house.desk.call(Condition(), ConditionReply)
    said = datetime.fromtimestamp(known.wall, UTC).strftime("%Y-%m-%d %H:%M:%S")
    shown = {
        "time": said,
        "by_hand": known.by_hand,
        "server": house.desk.call(Network(), NetworkState).time_server,
        "asked": request.args.get("asked") == "1",
    }
    return page("clock.html", code, now=status(), **shown, **more)


def _wall(untrusted: str) -> float:
    """Coordinated universal time as a form's field writes it, in Unix seconds; 0 for anything else."""
    try:
        return datetime.fromisoformat(untrusted[:32]).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0
