"""The settings, made from the one table in `core.settings`: a row there is a field here, on the page it belongs to."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from appliance.core.settings import ROWS, Row, Settings, written
from web.device_page import actions, words
from web.device_page.house import House, page, say, status

Answer = Response | tuple[str, int]
Form = Callable[[dict[str, str], dict[str, str], int], Answer]
LONGEST = 600


def _rows(keys: tuple[str, ...]) -> tuple[Row, ...]:
    return tuple(row for key in keys for row in ROWS if row.key == key)


SECURITY, PROXY = _rows(words.SECURITY), _rows(words.PROXY)
OTHERS = tuple(row for row in ROWS if row not in (*SECURITY, *PROXY) and not row.held)


def settings_page(house: House) -> Blueprint:
    """The daily rows in one form; only what differs is sent, nothing when a value does not fit."""
    blueprint = Blueprint("settings", __name__, url_prefix="/settings")

    @blueprint.get("")
    def show() -> Answer:
        return _form(current(), {}, 200)

    @blueprint.post("")
    def change() -> Answer:
        return save(house, OTHERS, "settings.show", _form)

    return blueprint


def current() -> dict[str, str]:
    """Every setting as the form writes it."""
    return {row.key: _written(status().settings.get(row.key, _default(row.key))) for row in ROWS}


def save(house: House, rows: tuple[Row, ...], back: str, form: Form) -> Answer:
    """Save what was typed for these rows, or show the form again with what is wrong."""
    asked, now = _asked(rows), current()
    changed = {key: value for key, value in asked.items() if value != now[key]}
    here = actions.Visit(status().settings, request.remote_addr or "")
    troubles = {key: say(said) for key, said in actions.unfit_settings(changed, here).items()}
    if troubles:
        return form({**now, **asked}, troubles, 400)
    actions.change_settings(house.desk, changed, here)
    return redirect(url_for(back, saved="1"), 303)


def form(
    template: str,
    rows: tuple[Row, ...],
    values: dict[str, str],
    troubles: dict[str, str],
    code: int,
    **more: object,
) -> Answer:
    """A page with the fields of these rows."""
    return page(
        template,
        code,
        now=status(),
        rows=rows,
        values=values,
        troubles=troubles,
        saved=request.args.get("saved") == "1",
        is_switch=is_switch,
        **more,
    )


def is_switch(key: str) -> bool:
    """Whether this setting is on or off."""
    return isinstance(getattr(Settings(), key), bool)


def _form(values: dict[str, str], troubles: dict[str, str], code: int) -> Answer:
    return form("settings.html", OTHERS, values, troubles, code)


def _default(key: str) -> str:
    return written(getattr(Settings(), key))


def _written(value: str) -> str:
    return {"True": "on", "true": "on", "False": "off", "false": "off"}.get(value, value)


def _asked(rows: tuple[Row, ...]) -> dict[str, str]:
    missing = {row.key: "off" if is_switch(row.key) else "" for row in rows}
    return {key: request.form.get(key, absent)[:LONGEST] for key, absent in missing.items()}
