"""The accounts by name. They can be renamed here; nothing of them can be read that the panel does not show."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from appliance.wire.ipc import Done, Rename
from web.device_page.house import House, page, say, status

LABEL_CAP = 64
Answer = Response | tuple[str, int]


def accounts_page(house: House) -> Blueprint:
    """The list and its rename forms."""
    blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")

    @blueprint.get("")
    def show() -> Answer:
        return page("accounts.html", now=status(), saved=request.args.get("saved") == "1")

    @blueprint.post("/<account>/label")
    def rename(account: str) -> Answer:
        label = " ".join(request.form.get("label", "").split())
        if account not in {row.id for row in status().accounts}:
            return page("accounts.html", 404, now=status(), trouble=say("That account is gone."))
        if not label or len(label) > LABEL_CAP or not label.isprintable():
            trouble = say("A name has 1 to 64 ordinary characters.")
            return page("accounts.html", 400, now=status(), trouble=trouble, wrong=account)
        house.desk.call(Rename(account, label), Done)
        return redirect(url_for("accounts.show", saved="1"), 303)

    return blueprint
