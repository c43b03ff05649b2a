"""Linking an account from the page: a pasted link, a picture of a QR code, or the token's camera.

The page only asks. The person at the token sees who and which service, and holds the button.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from appliance.wire.asking import AskScan
from appliance.wire.call import Done
from web.device_page import actions
from web.device_page.house import House, page, say, status

Answer = Response | tuple[str, int]


def linking_page(house: House) -> Blueprint:
    """The linking page and its five forms."""
    blueprint = Blueprint("linking", __name__, url_prefix="/link")

    @blueprint.get("")
    def show() -> Answer:
        return page("linking.html", now=status())

    @blueprint.post("/paste")
    def paste() -> Answer:
        return _asked("paste", lambda: actions.paste(house.desk, request.form.get("text", "")))

    @blueprint.post("/picture")
    def picture() -> Answer:
        return _asked("picture", lambda: actions.picture(house.desk, _read()))

    @blueprint.post("/camera")
    def camera() -> Answer:
        house.desk.call(AskScan(), Done)
        return redirect(url_for("linking.show"), 303)

    @blueprint.post("/confirm")
    def confirm() -> Answer:
        return _asked("confirm", lambda: actions.confirm(house.desk, request.form.get("code", "")))

    @blueprint.post("/words")
    def words() -> Answer:
        return _asked("words", lambda: actions.words(house.desk, request.form.get("words", "")))

    return blueprint


def _read() -> bytes:
    untrusted = request.files.get("picture")
    return untrusted.read(actions.PICTURE_CAP + 1) if untrusted else b""


def _asked(form: str, ask: Callable[[], None]) -> Answer:
    try:
        ask()
    except actions.Unfit as unfit:
        return page("linking.html", 400, now=status(), wrong=form, trouble=say(str(unfit)))
    return redirect(url_for("linking.show"), 303)
