"""The accounts by name: renamed and put in order here; removed only by a hold on the token."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from web.device_page import actions
from web.device_page.house import House, page, say, status

Answer = Response | tuple[str, int]


def accounts_page(house: House) -> Blueprint:
    """The list and its forms."""
    blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")

    @blueprint.get("")
    def show() -> Answer:
        saved, asked = request.args.get("saved") == "1", request.args.get("asked") == "1"
        return page("accounts.html", now=status(), saved=saved, asked=asked)

    @blueprint.post("/<account>/label")
    def rename(account: str) -> Answer:
        try:
            actions.rename(house.desk, status(), account, request.form.get("label", ""))
        except actions.Unfit as unfit:
            return _trouble(account, unfit)
        return redirect(url_for("accounts.show", saved="1"), 303)

    @blueprint.post("/<account>/place")
    def place(account: str) -> Answer:
        by = {"up": -1, "down": 1}.get(request.form.get("by", ""), 0)
        try:
            actions.move(house.desk, status(), account, by)
        except actions.Unfit as unfit:
            return _trouble(account, unfit)
        return redirect(url_for("accounts.show", saved="1"), 303)

    @blueprint.post("/<account>/remove")
    def remove(account: str) -> Answer:
        try:
            actions.ask_remove(house.desk, status(), account)
        except actions.Unfit as unfit:
            return _trouble(account, unfit)
        return redirect(url_for("accounts.show", asked="1"), 303)

    return blueprint


def _trouble(account: str, unfit: actions.Unfit) -> Answer:
    code = 400 if account in {row.id for row in status().accounts} else 404
    trouble = say(str(unfit))
    return page("accounts.html", code, now=status(), trouble=trouble, wrong=account)
