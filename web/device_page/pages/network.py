"""The network: how it is, what is near, and asking for another one. Only a hold on the token changes it."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from appliance.wire.call import Done
from appliance.wire.upkeep import (
    AskSearch,
    Condition,
    ConditionReply,
    Network,
    NetworkState,
    Wireless,
)
from web.device_page import actions, safekeeping
from web.device_page.house import House, page, say, status
from web.device_page.pages.settings import PROXY, current, is_switch, save

FIELDS = ("ssid", "country", "address", "gateway", "resolver")
Answer = Response | tuple[str, int]


def network_page(house: House) -> Blueprint:
    """The network page and its forms."""
    blueprint = Blueprint("network", __name__, url_prefix="/network")

    @blueprint.get("")
    def show() -> Answer:
        return _show(house)

    @blueprint.post("/search")
    def search() -> Answer:
        house.desk.call(AskSearch(), Done)
        return redirect(url_for("network.show") + "#nearby", 303)

    @blueprint.post("")
    def ask() -> Answer:
        typed = {name: request.form.get(name, "").strip() for name in FIELDS}
        hidden = bool(typed["ssid"])
        wished = Wireless(
            ssid=typed["ssid"] or request.form.get("nearby", ""),
            country=typed["country"],
            passphrase=request.form.get("passphrase", ""),
            address=typed["address"],
            gateway=typed["gateway"],
            resolver=typed["resolver"],
            hidden=hidden,
        )
        try:
            actions.ask_network(house.desk, wished)
        except actions.Unfit as unfit:
            return _show(house, 400, typed=typed, trouble=say(str(unfit)))
        return redirect(url_for("network.show", asked="1"), 303)

    _proxy(house, blueprint)
    return blueprint


def _proxy(house: House, blueprint: Blueprint) -> None:
    """The form of the proxy: its address is a setting, its login is kept apart and never shown."""

    @blueprint.post("/proxy")
    def proxy() -> Answer:
        def again(values: dict[str, str], troubles: dict[str, str], code: int) -> Answer:
            kept = "" if "@" in values["proxy"] else values["proxy"]  # it may hold a password
            return _show(house, code, values={**values, "proxy": kept}, troubles=troubles)

        name, password = (request.form.get(f"proxy_{part}", "") for part in ("name", "password"))
        try:
            safekeeping.check_login(name, password)
        except actions.Unfit as unfit:
            return again(current(), {"proxy_name": say(str(unfit))}, 400)
        answer = save(house, PROXY, "network.show", again)
        if isinstance(answer, Response) and (name or "forget" in request.form):
            safekeeping.log_in(house.desk, name, password)
        return answer


def _show(house: House, code: int = 200, **more: object) -> Answer:
    state = house.desk.call(Network(), NetworkState)
    known = house.desk.call(Condition(), ConditionReply)
    shown = {
        "typed": {},
        "asked": request.args.get("asked") == "1",
        "saved": request.args.get("saved") == "1",
        "values": current(),
        "troubles": {},
        "rows": PROXY,
        "is_switch": is_switch,
        "login": known.proxy_login,
    }
    return page("network.html", code, now=status(), net=state, **{**shown, **more})
