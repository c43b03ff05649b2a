"""Who is waiting at this token: for a technician at a shared device. It shows names and places, and answers nothing."""

from __future__ import annotations

from flask import Blueprint

from appliance.wire.upkeep import Waiting, WaitingList
from web.device_page.house import House, page, status


def kiosk_page(house: House) -> Blueprint:
    """The list."""
    blueprint = Blueprint("kiosk", __name__, url_prefix="/waiting")

    @blueprint.get("")
    def show() -> tuple[str, int]:
        rows = house.desk.call(Waiting(), WaitingList).rows
        labels = {row.id: row.label for row in status().accounts}
        return page("kiosk.html", now=status(), rows=rows, labels=labels)

    return blueprint
