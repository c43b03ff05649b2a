"""The first page: how the device is. It shows names and states, never a secret or a code (checklist row 28)."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from web.device_page import words
from web.device_page.house import page, status

Row = tuple[str, str, str]


def status_page() -> Blueprint:
    """The status page."""
    blueprint = Blueprint("status", __name__)

    @blueprint.get("/")
    def home() -> Response:
        return redirect(url_for("status.show"), 303)

    @blueprint.get("/status")
    def show() -> tuple[str, int]:
        return page("status.html", rows=rows(), now=status())

    return blueprint


def rows() -> list[Row]:
    """Name, words and health of each part that has one."""
    now = status()
    clock = "bad" if now.trust == "unknown" else "good"
    open_key = words.STORAGE.get(now.storage) == words.STORAGE["plain file"]
    broken = now.parts.get("storage") == "bad"
    parts = [
        (words.PARTS.get(part, part), words.HEALTH.get(health, health), health)
        for part, health in now.parts.items()
        if part != "storage"
    ]
    storage = words.HEALTH["bad"] if broken else words.STORAGE.get(now.storage, now.storage)
    return [
        (words.CLOCK, words.TRUST.get(now.trust, now.trust), clock),
        *parts,
        ("Storage", storage, "bad" if broken else "doubt" if open_key else "good"),
    ]
