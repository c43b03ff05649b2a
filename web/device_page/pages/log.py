"""Log and diagnosis: what the device did, a self-test, and a zip to send to somebody who can help."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from appliance.wire.call import Done
from appliance.wire.upkeep import (
    AskTest,
    AuditLog,
    AuditReply,
    Condition,
    ConditionReply,
    Journal,
    JournalReply,
)
from web.device_page import words
from web.device_page.diagnosis import cleaned, diagnosis
from web.device_page.house import House, ago, download, page, status

Answer = Response | tuple[str, int]


def log_page(house: House) -> Blueprint:
    """The log, the self-test and the zip."""
    blueprint = Blueprint("log", __name__, url_prefix="/log")

    @blueprint.get("")
    def show() -> Answer:
        now = status()
        rows = house.desk.call(Journal(), JournalReply).rows[::-1]
        tested = house.desk.call(Condition(), ConditionReply).tested
        lines = [(ago(since), level, cleaned(said, now)) for since, level, said in rows]
        parts = [(words.TESTED.get(part, part), how) for part, how in tested.items()]
        asked = request.args.get("asked") == "1"
        return page("log.html", now=now, rows=lines, tested=parts, asked=asked)

    @blueprint.post("/test")
    def test() -> Answer:
        house.desk.call(AskTest(), Done)
        return redirect(url_for("log.show", asked="1"), 303)

    @blueprint.get("/audit.jsonl")
    def audit() -> Response:
        lines = house.desk.call(AuditLog(), AuditReply).lines
        whole = "".join(f"{line}\n" for line in lines)
        return download(whole, f"audit-{status().serial}.jsonl", "application/jsonl")

    @blueprint.get("/diagnosis.zip")
    def packed() -> Response:
        whole = diagnosis(house.desk, status())
        return download(whole, f"diagnosis-{status().serial}.zip", "application/zip")

    return blueprint
