"""The menu: everything that is not the code, in one list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from appliance.core.effects import GiveCode
from appliance.core.events import Event
from appliance.core.flow import Facts, HomeNow, Mode, Turn, moved, stay
from appliance.core.flows import (
    about,
    enrolment,
    notice,
    page,
    pin,
    practice,
    profile,
    reset,
    self_test,
    set_up,
    updating,
)
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.screen import Choices, Screen, Text, text

CODE, NEW_CODE, SCAN, PAGE = (
    text("Authentication"),
    text("New code"),
    text("Scan QR code"),
    text("Device page"),
)
PROFILE, UPDATE, TEST = text("Profile"), text("Update account"), text("Test the connection")
PIN = text("PIN")
PRACTICE, SETTINGS, ABOUT, RESET = text("Practice"), text("Settings"), text("About"), text("Reset")
STORIES: dict[Text, Callable[[Facts], Turn]] = {
    PROFILE: profile.start,
    UPDATE: updating.start,
    TEST: self_test.start,
    SCAN: enrolment.start,
    PAGE: page.start,
    PRACTICE: practice.start,
    SETTINGS: set_up.start,
    ABOUT: about.start,
    RESET: reset.start,
}
SHARED = (TEST, PAGE, PRACTICE, ABOUT)
UNLINKED = (SCAN, PAGE, TEST, PRACTICE, SETTINGS, ABOUT, RESET)


@dataclass(frozen=True, slots=True)
class Menu(Mode):
    """One line of the menu is chosen. `counter` names the counter account whose next code may be asked for.

    `scans` says that a scan was asked for on the page, which a shared token has nowhere else.
    """

    chosen: int = 0
    counter: str = ""
    account: str = ""
    scans: bool = False

    ok_chooses = True


def start(facts: Facts, counter: str, account: str = "") -> Turn:
    """Open the menu, from home with this account on it."""
    return Turn(Menu(0, counter, account))


def start_at_scan(facts: Facts) -> Turn:
    """Open the menu with the scan chosen: one hold starts it."""
    opened = Menu(scans=True)
    return Turn(replace(opened, chosen=items(opened, facts).index(SCAN)))


def items(mode: Menu, facts: Facts) -> tuple[Text, ...]:
    """The lines of the menu as this device has them."""
    if not facts.accounts:
        return UNLINKED
    first = (NEW_CODE,) if mode.counter else ()
    if facts.settings.kiosk:
        asked = (SCAN,) if mode.scans else ()
        return (*first, CODE, open_requests(facts), *asked, *SHARED)
    before = tuple(STORIES)
    place = before.index(RESET)
    return (*first, CODE, open_requests(facts), *before[:place], PIN, *before[place:])


def open_requests(facts: Facts) -> Text:
    """How many requests are open now."""
    return text("Open requests: {count}", count=str(len(facts.waiting)))


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
    if item == NEW_CODE:
        return Turn(HomeNow(mode.counter), (GiveCode(mode.counter),))
    if item == open_requests(facts):
        return notice.told(text("Open requests"), (text("Nobody is waiting"),), facts)
    if item == PIN:
        return pin.start(facts, mode.account)
    if item == UPDATE:
        return updating.start(facts, mode.account)
    return STORIES[item](facts) if item in STORIES else Turn(HomeNow())


def view(mode: Mode, facts: Facts) -> Screen:
    """The list."""
    assert isinstance(mode, Menu)
    return Screen(
        text("Menu"),
        Choices(items(mode, facts), mode.chosen),
        hint=text("Tap: next · Hold: choose"),
    )


MODES = (Menu,)
