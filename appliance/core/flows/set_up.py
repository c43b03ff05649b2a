"""The settings that make sense on the panel itself: a list of values, each hold takes the next one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core.effects import SetSetting
from appliance.core.events import Event
from appliance.core.flow import Facts, HomeNow, Mode, Turn, moved, stay
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.screen import Choices, Screen, Text, text
from appliance.core.settings import Settings

VALUES: dict[str, tuple[tuple[str, Text], ...]] = {
    "language": (("nl", text("Language: Dutch")), ("en", text("Language: English"))),
    "big_digits": (("off", text("Big digits: off")), ("on", text("Big digits: on"))),
    "sound": (("off", text("Sound: off")), ("on", text("Sound: on"))),
    "hold_time": (
        ("1.0", text("Hold time: 1 s")),
        ("1.5", text("Hold time: 1.5 s")),
        ("2.0", text("Hold time: 2 s")),
        ("2.5", text("Hold time: 2.5 s")),
        ("0.6", text("Hold time: 0.6 s")),
    ),
    "slow_keys": (("off", text("Slow keys: off")), ("on", text("Slow keys: on"))),
    "quiet": (
        ("off", text("Silent hours: none")),
        ("22-7", text("Silent: 22 to 7 h")),
        ("20-8", text("Silent: 20 to 8 h")),
        ("18-8", text("Silent: 18 to 8 h")),
    ),
    "brightness": (
        ("96", text("Brightness: normal")),
        ("255", text("Brightness: high")),
        ("24", text("Brightness: low")),
    ),
}
BACK = text("Back")


@dataclass(frozen=True, slots=True)
class SetUp(Mode):
    """One setting is chosen."""

    chosen: int = 0

    ok_chooses = True


def start(facts: Facts) -> Turn:
    """Open the settings."""
    return Turn(SetUp())


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Move, change, or leave."""
    keys = tuple(VALUES)
    match mode, event:
        case SetUp(), Tapped(move=Move.BACK):
            return Turn(HomeNow())
        case SetUp(), Tapped():
            chosen = moved(event, mode.chosen, len(keys) + 1)
            return stay(mode) if chosen is None else stay(replace(mode, chosen=chosen))
        case SetUp(), Held() if mode.chosen == len(keys):
            return Turn(HomeNow())
        case SetUp(), Held():
            key = keys[mode.chosen]
            return Turn(mode, (SetSetting(key, _next_value(key, facts.settings)),))
    return stay(mode)


def _place(key: str, settings: Settings) -> int:
    values = [value for value, _ in VALUES[key]]
    today = _written(getattr(settings, key))
    return values.index(today) if today in values else -1


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def _next_value(key: str, settings: Settings) -> str:
    return VALUES[key][(_place(key, settings) + 1) % len(VALUES[key])][0]


def view(mode: Mode, facts: Facts) -> Screen:
    """The settings with their values."""
    assert isinstance(mode, SetUp)
    lines = tuple(VALUES[key][max(0, _place(key, facts.settings))][1] for key in VALUES)
    return Screen(
        text("Settings"),
        Choices((*lines, BACK), mode.chosen),
        hint=text("Tap: next · Hold: change"),
    )


MODES = (SetUp,)
