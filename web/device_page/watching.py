"""Watches for the page being closed, so that a session ends with it even when no browser asks anything."""

from __future__ import annotations

from threading import Event

from appliance.core.errors import DeskTokenError
from appliance.wire.asking import Status, StatusReply
from web.device_page.house import House

WAIT, AGAIN = 20.0, 1.0


def watch(house: House, stopped: Event) -> None:
    """End the session whenever the authenticator says that the page is closed, or is gone. Runs until stopped."""
    seen = -1
    while not stopped.is_set():
        try:
            now = house.desk.call(Status(seen, WAIT if seen >= 0 else 0.0), StatusReply, WAIT)
        except DeskTokenError:
            seen = -1
            house.doorman.end()
            stopped.wait(AGAIN)
            continue
        seen = now.version
        if not now.page_open:
            house.doorman.end()
