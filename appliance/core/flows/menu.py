"""The menu: everything that is not the code, in one list."""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core.effects import GiveCode
from appliance.core.events import Event, Held, Move, Tapped
from appliance.core.flow import Facts, HomeNow, Mode, Turn, moved, stay
from appliance.core.flows import about, enrolment, page, reset, set_up
from appliance.core.screen import Choices, Screen, Text, text

CODE, NEW_CODE, SCAN, PAGE, SETTINGS, ABOUT, RESET = (
    text("Authentication"),
    text("New code"),
    text("Scan QR code"),
    text("Device page"),
    text("Settings"),
    text("About"),
    text("Reset"),
)


@dataclass(frozen=True, slots=True)
class Menu(Mode):
    """One line of the menu is chosen. `counter` names the counter account whose next code may be asked for."""

    chosen: int = 0
    counter: str = ""


def start(facts: Facts, counter: str) -> Turn:
    """Open the menu."""
    return Turn(Menu(0, counter))


def start_at_scan(facts: Facts) -> Turn:
    """Open the menu with the scan chosen: one hold starts it."""
    opened = Menu()
    return Turn(replace(opened, chosen=items(opened, facts).index(SCAN)))


def items(mode: Menu, facts: Facts) -> tuple[Text, ...]:
    """The lines of the menu as this device has them."""
    first = (NEW_CODE,) if mode.counter else ()
    code = (CODE,) if facts.accounts else ()
    return (*first, *code, SCAN, PAGE, SETTINGS, ABOUT, RESET)


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Move, choose, or leave."""
    match mode, event:
        case Menu(), Tapped(move=Move.BACK):
            return Turn(HomeNow(mode.counter))
        case Menu(), Tapped():
            chosen = moved(event, mode.chosen, len(items(mode, facts)))
            return stay(mode) if chosen is None else stay(replace(mode, chosen=chosen))
        case Menu(), Held():
            return _choose(items(mode, facts)[mode.chosen], mode, facts)
    return stay(mode)


def _choose(item: Text, mode: Menu, facts: Facts) -> Turn:
    stories = {
        SCAN: enrolment.start,
        PAGE: page.start,
        SETTINGS: set_up.start,
        ABOUT: about.start,
        RESET: reset.start,
    }
    if item == NEW_CODE:
        return Turn(HomeNow(mode.counter), (GiveCode(mode.counter),))
    return stories[item](facts) if item in stories else Turn(HomeNow())


def view(mode: Mode, facts: Facts) -> Screen:
    """The list."""
    assert isinstance(mode, Menu)
    return Screen(
        text("Menu"),
        Choices(items(mode, facts), mode.chosen),
        hint=text("Tap: next · Hold: choose"),
    )


MODES = (Menu,)
