"""The settings, made from the one table in `core.settings`: a row there is a field here."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from appliance.core.errors import Refused
from appliance.core.settings import ROWS, Row, Settings, change, written
from web.device_page import actions, words
from web.device_page.house import House, page, say, status

Answer = Response | tuple[str, int]
SECURITY = tuple(row for row in ROWS if row.key in words.SECURITY)
OTHERS = tuple(row for row in ROWS if row.key not in words.SECURITY)


def settings_page(house: House) -> Blueprint:
    """A form for daily rows and one for security; only what differs is sent, nothing when a value does not fit."""
    blueprint = Blueprint("settings", __name__, url_prefix="/settings")

    @blueprint.get("")
    def show() -> Answer:
        return _form(OTHERS, current(), {}, 200)

    @blueprint.post("")
    def save() -> Answer:
        return _save(house, OTHERS, "settings.show")

    @blueprint.get("/security")
    def security() -> Answer:
        return _form(SECURITY, current(), {}, 200)

    @blueprint.post("/security")
    def save_security() -> Answer:
        return _save(house, SECURITY, "settings.security")

    return blueprint


def current() -> dict[str, str]:
    """Every setting as the form writes it."""
    return {row.key: _written(status().settings.get(row.key, _default(row.key))) for row in ROWS}


def is_switch(key: str) -> bool:
    """Whether this setting is on or off."""
    return isinstance(getattr(Settings(), key), bool)


def is_list(key: str) -> bool:
    """Whether this setting is a list of names."""
    return isinstance(getattr(Settings(), key), tuple)


def _default(key: str) -> str:
    return written(getattr(Settings(), key))


def _written(value: str) -> str:
    return {"True": "on", "true": "on", "False": "off", "false": "off"}.get(value, value)


def _save(house: House, rows: tuple[Row, ...], back: str) -> Answer:
    asked, now = _asked(rows), current()
    changed = {key: value for key, value in asked.items() if value != now[key]}
    troubles = _troubles(changed)
    if troubles:
        return _form(rows, asked, troubles, 400)
    actions.change_settings(house.desk, changed)
    return redirect(url_for(back, saved="1"), 303)


def _asked(rows: tuple[Row, ...]) -> dict[str, str]:
    missing = {row.key: "off" if is_switch(row.key) else "" for row in rows}
    return {key: request.form.get(key, absent)[:1024].strip() for key, absent in missing.items()}


def _troubles(changed: dict[str, str]) -> dict[str, str]:
    troubles = {}
    for key, value in changed.items():
        try:
            change(Settings(), key, value)
        except Refused as refused:
            troubles[key] = say(str(refused))
    return troubles


def _form(
    rows: tuple[Row, ...], values: dict[str, str], troubles: dict[str, str], code: int
) -> Answer:
    return page(
        "settings.html",
        code,
        rows=rows,
        security=rows is SECURITY,
        values=values,
        troubles=troubles,
        saved=request.args.get("saved") == "1",
        is_switch=is_switch,
        is_list=is_list,
        words=words,
    )
