"""Linking an account from the page: a pasted link, a picture of a QR code, or the token's camera.

The page only asks. The person at the token sees who and which service, and holds the button.
"""

from __future__ import annotations

import re

from flask import Blueprint, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from appliance.wire.ipc import AskScan, Confirm, Done, Paste, Show
from web.device_page.house import House, page, say, status

PICTURE_CAP, TEXT_CAP = 8 * 1024 * 1024, 4096
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
CODE = re.compile(r"[0-9]{6}", re.ASCII)
Answer = Response | tuple[str, int]


def linking_page(house: House) -> Blueprint:
    """The linking page and its four forms."""
    blueprint = Blueprint("linking", __name__, url_prefix="/link")

    @blueprint.get("")
    def show() -> Answer:
        return page("linking.html", now=status())

    @blueprint.post("/paste")
    def paste() -> Answer:
        text = request.form.get("text", "").strip()
        if not text:
            return _wrong("paste", say("Paste the link first."))
        if len(text) > TEXT_CAP:
            return _wrong("paste", say("That text is too long to be a link."))
        house.desk.call(Paste(text), Done)
        return redirect(url_for("linking.show"), 303)

    @blueprint.post("/picture")
    def picture() -> Answer:
        data = _read(request.files.get("picture"))
        trouble = _not_a_picture(data)
        if trouble:
            return _wrong("picture", trouble)
        house.desk.call(Show(data), Done, 20.0)
        return redirect(url_for("linking.show"), 303)

    @blueprint.post("/camera")
    def camera() -> Answer:
        house.desk.call(AskScan(), Done)
        return redirect(url_for("linking.show"), 303)

    @blueprint.post("/confirm")
    def confirm() -> Answer:
        digits = re.sub(r"[ \-\u00a0]", "", request.form.get("code", "")[:32])
        if not CODE.fullmatch(digits):
            return _wrong("confirm", say("The code has 6 digits."))
        house.desk.call(Confirm(digits), Done)
        return redirect(url_for("linking.show"), 303)

    return blueprint


def _read(untrusted: FileStorage | None) -> bytes:
    return untrusted.read(PICTURE_CAP + 1) if untrusted else b""


def _not_a_picture(data: bytes) -> str:
    if not data:
        return say("Choose a picture first.")
    if len(data) > PICTURE_CAP:
        return say("That is too big. A picture may be at most 8 MB.")
    return "" if data.startswith(PICTURES) else say("That is not a picture. Use PNG, JPEG or WebP.")


def _wrong(form: str, trouble: str) -> Answer:
    return page("linking.html", 400, now=status(), wrong=form, trouble=trouble)
