"""Updates: what runs, what came in and who vouches for it, and asking for it. Only a hold on the token does it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from web.device_page import updating
from web.device_page.actions import Unfit
from web.device_page.house import House, page, say, status

Answer = Response | tuple[str, int]


def update_page(house: House) -> Blueprint:
    """The page and its forms."""
    blueprint = Blueprint("update", __name__, url_prefix="/update")

    @blueprint.get("")
    def show() -> Answer:
        return _show(house)

    @blueprint.post("/file")
    def file() -> Answer:
        return _asked(house, lambda: _send(house))

    @blueprint.post("/find")
    def find() -> Answer:
        where = request.form.get("where", "")
        return _asked(house, lambda: updating.find(house.desk, where))

    @blueprint.post("/forget")
    def forget() -> Answer:
        return _asked(house, lambda: updating.forget(house.desk))

    @blueprint.post("/install")
    def install() -> Answer:
        version = request.form.get("version", "")
        return _asked(house, lambda: updating.ask_install(house.desk, version), "1")

    @blueprint.post("/back")
    def back() -> Answer:
        return _asked(house, lambda: updating.ask_back(house.desk), "1")

    return blueprint


def _send(house: House) -> None:
    sent = request.files.get("bundle")
    if sent is None or not sent.filename:
        raise Unfit(updating.EMPTY)
    with closing(sent):
        size = sent.stream.seek(0, os.SEEK_END)
        sent.stream.seek(0)
        updating.whole(house.desk, sent.stream, size)  # type: ignore[arg-type]


def _asked(house: House, ask: Callable[[], None], asked: str = "") -> Answer:
    try:
        ask()
    except Unfit as unfit:
        return _show(house, 400, trouble=say(str(unfit)))
    return redirect(url_for("update.show", asked=asked or None), 303)


def _show(house: House, code: int = 200, trouble: str = "") -> Answer:
    state = updating.state(house.desk)
    made = state.offer.made if state.offer else 0
    day = datetime.fromtimestamp(made, UTC).strftime("%Y-%m-%d") if made else ""
    asked = request.args.get("asked") == "1"
    return page(
        "update.html", code, now=status(), state=state, day=day, trouble=trouble, asked=asked
    )
