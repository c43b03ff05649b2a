"""Backup and restore: a sealed file of settings and names, and of other services' codes after a hold on the token.

A restore says first exactly what it will do, and only a hold does it. No passphrase is shown or kept here.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from appliance.wire.client import Declined
from appliance.wire.safekeeping import LARGEST_BACKUP, Backups, BackupState
from web.device_page import actions, safekeeping
from web.device_page.house import House, download, page, say, status

Answer = Response | tuple[str, int]


def backup_page(house: House) -> Blueprint:
    """The page, its file, and its forms."""
    blueprint = Blueprint("backup", __name__, url_prefix="/backup")

    @blueprint.get("")
    def show() -> Answer:
        return _show(house)

    @blueprint.post("/file")
    def make() -> Answer:
        typed = request.form.get("passphrase", ""), request.form.get("again", "")
        try:
            made = safekeeping.make_backup(house.desk, *typed)
        except actions.Unfit as unfit:
            return _show(house, 400, "make", unfit)
        return download(made.data, f"desk-token-{status().serial}.backup", "application/json")

    @blueprint.post("/codes")
    def codes() -> Answer:
        return _asked(house, "codes", "codes", lambda: safekeeping.ask_codes(house.desk))

    @blueprint.post("/plan")
    def read() -> Answer:
        chosen = request.files.get("file")
        data = chosen.read(LARGEST_BACKUP + 1) if chosen else b""
        passphrase = request.form.get("passphrase", "")
        return _asked(
            house, "read", "", lambda: safekeeping.read_backup(house.desk, data, passphrase)
        )

    @blueprint.post("/drop")
    def drop() -> Answer:
        return _asked(house, "read", "", lambda: safekeeping.drop_plan(house.desk))

    @blueprint.post("/restore")
    def restore() -> Answer:
        number = request.form.get("number", "")
        return _asked(house, "read", "restore", lambda: safekeeping.ask_restore(house.desk, number))

    return blueprint


def _asked(house: House, form: str, asked: str, ask: Callable[[], None]) -> Answer:
    try:
        ask()
    except (actions.Unfit, Declined) as unfit:
        return _show(house, 400 if isinstance(unfit, actions.Unfit) else 409, form, unfit)
    return redirect(url_for("backup.show", asked=asked or None), 303)


def _show(house: House, code: int = 200, wrong: str = "", trouble: object = "") -> Answer:
    return page(
        "backup.html",
        code,
        now=status(),
        backup=house.desk.call(Backups(), BackupState),
        asked=request.args.get("asked", ""),
        wrong=wrong,
        trouble=say(str(trouble)) if wrong else "",
    )
