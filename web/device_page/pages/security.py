"""Security: PINs, a shared token, codes in backups, from where this page may be used, and servers that are not checked.

A setting that lowers the guard for good, a server that is not checked, waits for a hold on the token.
"""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from web.device_page import actions, safekeeping
from web.device_page.house import House, exceptions, say
from web.device_page.pages.settings import SECURITY, current, form, save

Answer = Response | tuple[str, int]


def security_page(house: House) -> Blueprint:
    """The settings, and the list of servers."""
    blueprint = Blueprint("security", __name__, url_prefix="/security")

    @blueprint.get("")
    def show() -> Answer:
        return _form(current(), {}, 200)

    @blueprint.post("")
    def change() -> Answer:
        return save(house, SECURITY, "security.show", _form)

    @blueprint.post("/servers")
    def ask() -> Answer:
        try:
            safekeeping.ask_server(house.desk, request.form.get("server_exceptions", ""))
        except actions.Unfit as unfit:
            return _form(current(), {}, 400, say(str(unfit)))
        return redirect(url_for("security.show", asked="1"), 303)

    @blueprint.post("/servers/drop")
    def drop() -> Answer:
        safekeeping.drop_server(house.desk, request.form.get("server", ""))
        return redirect(url_for("security.show", saved="1"), 303)

    return blueprint


def _form(
    values: dict[str, str], troubles: dict[str, str], code: int, server_trouble: str = ""
) -> Answer:
    asked = request.args.get("asked", "")
    return form(
        "security.html",
        SECURITY,
        values,
        troubles,
        code,
        servers=exceptions(),
        server_trouble=server_trouble,
        asked=asked,
    )
