"""What the panel says while no story runs: starting, not started, being updated, and safe to unplug.

The process shows them before its desk exists and after it is gone; no key does anything on them.
"""

from __future__ import annotations

from appliance.core.effects import Effect
from appliance.core.events import Event
from appliance.core.screen import Lines, Passage, Screen, Text, name, text
from appliance.core.updates import Phase, UpdateEnded, UpdateMoved
from appliance.core.wishes import Grant, Granted, Kind

LONGEST_KEY = 24
NAME = text("Desk Token")
STARTING = Screen(NAME, Lines((text("Starting…"),), big=True))
UPDATING = Screen(NAME, Lines((text("Updating"), text("Leave it plugged in")), big=True))
UNPLUG = Screen(NAME, Lines((text("Safe to unplug"),), big=True))
SYSTEM_SCREENS = {"starting": STARTING, "updating": UPDATING, "unplug": UNPLUG}
AFTER = {Kind.OFF: UNPLUG, Kind.RESTART: STARTING}


def not_started(place: Text, untrusted_key: str, why: Text) -> Screen:
    """Why a person must mend the configuration first: its file and line, the key if known, what is wrong."""
    return Screen(text("Not started"), Passage((place, name(_short(untrusted_key)), why), 1, 1))


def _short(untrusted_key: str) -> str:
    """The key and its table, on one row; the line says the rest."""
    key = ".".join(untrusted_key.split(".")[-2:])
    return key if len(key) <= LONGEST_KEY else f"{key[: LONGEST_KEY - 1]}…"


def last_words(known: Screen | None, happened: Event | Effect) -> Screen | None:
    """What to leave on the panel at the end: a person granted that the power goes, or an update begins."""
    if isinstance(happened, Grant):
        return AFTER.get(happened.wish.kind, known)
    if isinstance(happened, UpdateMoved) and happened.phase is Phase.RESTARTING:
        return UPDATING
    if isinstance(happened, UpdateEnded):
        return None
    return None if isinstance(happened, Granted) and happened.trouble else known
