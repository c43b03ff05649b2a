"""The settings, made from the one table in `core.settings`: a row there is a field here."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from appliance.core.errors import Refused
from appliance.core.settings import ROWS, Settings, change
from appliance.wire.ipc import Change, Done
from web.device_page import words
from web.device_page.house import House, page, say, status

Answer = Response | tuple[str, int]


def settings_page(house: House) -> Blueprint:
    """One form for all rows; only what differs is sent, and nothing when a value does not fit."""
    blueprint = Blueprint("settings", __name__, url_prefix="/settings")

    @blueprint.get("")
    def show() -> Answer:
        saved = request.args.get("saved") == "1"
        return _form(current(), {}, 200, saved=saved)

    @blueprint.post("")
    def save() -> Answer:
        asked, now = _asked(), current()
        changed = {key: value for key, value in asked.items() if value != now[key]}
        troubles = _troubles(changed)
        if troubles:
            return _form(asked, troubles, 400)
        for key, value in changed.items():
            house.desk.call(Change(key, value), Done)
        return redirect(url_for("settings.show", saved="1"), 303)

    return blueprint


def current() -> dict[str, str]:
    """Every setting as the form writes it."""
    return {row.key: _written(status().settings.get(row.key, _default(row.key))) for row in ROWS}


def is_switch(key: str) -> bool:
    """Whether this setting is on or off."""
    return isinstance(getattr(Settings(), key), bool)


def _default(key: str) -> str:
    return str(getattr(Settings(), key))


def _written(value: str) -> str:
    return {"True": "on", "true": "on", "False": "off", "false": "off"}.get(value, value)


def _asked() -> dict[str, str]:
    missing = {row.key: "off" if is_switch(row.key) else "" for row in ROWS}
    return {key: request.form.get(key, absent)[:64] for key, absent in missing.items()}


def _troubles(changed: dict[str, str]) -> dict[str, str]:
    troubles = {}
    for key, value in changed.items():
        try:
            change(Settings(), key, value)
        except Refused as refused:
            troubles[key] = say(str(refused))
    return troubles


def _form(
    values: dict[str, str], troubles: dict[str, str], code: int, *, saved: bool = False
) -> Answer:
    return page(
        "settings.html",
        code,
        rows=ROWS,
        values=values,
        troubles=troubles,
        saved=saved,
        is_switch=is_switch,
        words=words,
    )
