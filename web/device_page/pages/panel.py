"""Panel and sound: what is on the panel now with every figure masked, and buttons that let light and sound be tried."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from appliance.wire.upkeep import Panel, PanelReply
from web.device_page import actions
from web.device_page.house import House, page, say, status
from web.device_page.pictures import png

Answer = Response | tuple[str, int]


def panel_page(house: House) -> Blueprint:
    """The preview, its picture and the two buttons."""
    blueprint = Blueprint("panel", __name__, url_prefix="/panel")

    @blueprint.get("")
    def show() -> Answer:
        return _show(200)

    @blueprint.get("/picture.png")
    def picture() -> Response:
        glass = house.desk.call(Panel(), PanelReply)
        return Response(png(glass.width, glass.height, glass.bits), mimetype="image/png")

    @blueprint.post("/try")
    def attempt() -> Answer:
        try:
            actions.try_part(house.desk, request.form.get("part", ""))
        except actions.Unfit as unfit:
            return _show(400, trouble=say(str(unfit)))
        return redirect(url_for("panel.show", tried="1"), 303)

    return blueprint


def _show(code: int, **more: object) -> Answer:
    tried = request.args.get("tried") == "1"
    return page("panel.html", code, now=status(), tried=tried, **more)
