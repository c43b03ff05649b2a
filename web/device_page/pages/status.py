"""The first page: how the device is. It shows names and states, never a secret or a code (checklist row 28).

What cannot be known is said to be unknown, never left out and never guessed.
"""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from appliance.wire.upkeep import Condition, ConditionReply, Network, NetworkState
from web.device_page import words
from web.device_page.guard import arrived
from web.device_page.house import House, ago, exceptions, page, say, status

Row = tuple[str, str, str]
LOW_DISK, HOT = 50_000_000, 75.0


def status_page(house: House) -> Blueprint:
    """The status page."""
    blueprint = Blueprint("status", __name__)

    @blueprint.get("/")
    def home() -> Response:
        return redirect(url_for("status.show"), 303)

    @blueprint.get("/status")
    def show() -> tuple[str, int]:
        condition = house.desk.call(Condition(), ConditionReply)
        network = house.desk.call(Network(), NetworkState)
        return page(
            "status.html",
            rows=_parts(),
            board=_board(condition),
            net=_network(network),
            now=status(),
            servers=exceptions(),
        )

    return blueprint


def _parts() -> list[Row]:
    """Name, words and health of each part that has one."""
    now = status()
    clock = {"unknown": "bad", "set": "doubt"}.get(now.trust, "good")
    open_key = words.STORAGE.get(now.storage) == words.STORAGE["plain file"]
    broken = now.parts.get("storage") == "bad"
    parts = [
        (say(words.PARTS.get(part, part)), say(words.HEALTH.get(health, health)), health)
        for part, health in {**dict.fromkeys(words.PARTS, "unknown"), **now.parts}.items()
        if part != "storage"
    ]
    storage = words.HEALTH["bad"] if broken else words.STORAGE.get(now.storage, now.storage)
    return [
        (say(words.CLOCK), say(words.TRUST.get(now.trust, now.trust)), clock),
        *parts,
        (say("Storage"), say(storage), "bad" if broken else "doubt" if open_key else "good"),
        _cable(sealed=now.sealed),
    ]


def _cable(*, sealed: bool) -> Row:
    """Whether the technician's cable may still provide this token."""
    words_of_it = say("Sealed") if sealed else say("Not sealed yet")
    return say("Technician's cable"), words_of_it, "good" if sealed else "doubt"


def _board(condition: ConditionReply) -> list[Row]:
    """The gauges of the board, and when each portal was reached last."""
    hot, low = condition.temperature, condition.undervolted
    supply = say("Too low: use another supply") if low else say("Good")
    free, size = condition.disk_free, condition.disk_size
    disk = "" if free is None or size is None else f"{free / 1e6:.0f} / {size / 1e6:.0f} MB"
    seen = [
        (say("Portal of {name} last seen", name=row.label), ago(condition.seen.get(row.id)), "")
        for row in status().accounts
        if row.kind == "portal"
    ] or [(say("Portal last seen"), say("No portal is linked"), "")]
    return [
        _row(say("Temperature"), "" if hot is None else f"{hot:.0f} °C", bad=(hot or 0) > HOT),
        _row(say("Supply voltage"), "" if low is None else supply, bad=bool(low)),
        _row(say("Disk, free"), disk, bad=free is not None and free < LOW_DISK),
        *seen,
    ]


def _network(state: NetworkState) -> list[Row]:
    if not state.steward or state.trouble:
        return _reached()
    kind = say(words.KINDS_OF_NETWORK.get(state.kind, ""))
    signal = f" · {state.signal} %" if state.ssid and state.signal else ""
    reached = say("Connected") if state.connected else say("Not connected")
    return [
        _row(say("Network"), f"{reached} {kind}".strip(), bad=not state.connected),
        _row("Wi-Fi", f"{state.ssid}{signal}" if state.ssid else "", bad=False),
        _row(say("Address"), ", ".join(state.addresses), bad=False),
        _row(say("Time server"), state.time_server, bad=False),
        *_proxy(),
    ]


def _reached() -> list[Row]:
    """Without somebody who looks after the network: what the courier found, and where this browser arrived."""
    health = status().parts.get("network", "unknown")
    said = {"good": say("Connected"), "bad": say("Not connected")}.get(health, "")
    return [
        _row(say("Network"), said, bad=health == "bad"),
        _row(say("Address"), arrived(), bad=False),
        *_proxy(),
    ]


def _proxy() -> list[Row]:
    proxy = status().settings.get("proxy", "")
    return [_row(say("Proxy"), proxy, bad=False)] if proxy else []


def _row(name: str, words_now: str, *, bad: bool) -> Row:
    health = "unknown" if not words_now else "bad" if bad else "good"
    return (name, words_now or say("Unknown"), health)
