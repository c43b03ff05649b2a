"""Reset: everything is erased after a hold of five seconds, whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.core.effects import Wipe
from appliance.core.events import Event, Health, PartChanged, Ticked, Wiped
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn, settled, stay
from appliance.core.flows import notice
from appliance.core.gestures import Held, Tapped
from appliance.core.screen import Lines, Screen, text
from appliance.core.troubles import Trouble

RESET_HOLD, OFFER_SECONDS = 5.0, 60.0


@dataclass(frozen=True, slots=True)
class Offering(Mode):
    """What will be lost, and the long hold that does it."""

    settles_at: float
    until: float

    awake = True
    hold_seconds = RESET_HOLD


@dataclass(frozen=True, slots=True)
class Wiping(Mode):
    """The key is being destroyed; nothing may come in between."""

    awake = True
    interruptible = False


def start(facts: Facts) -> Turn:
    """Ask."""
    now = facts.now.monotonic
    return Turn(Offering(now + ARMING, now + OFFER_SECONDS))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """A long hold erases; a tap, or a minute without one, leaves all as it is."""
    match mode, event:
        case Offering(), Held() if settled(event, mode.settles_at):
            return Turn(Wiping(), (Wipe(),))
        case Offering(), Tapped() if settled(event, mode.settles_at):
            return Turn(HomeNow())
        case Offering(), Ticked() if facts.now.monotonic >= mode.until:
            return Turn(HomeNow())
        case Wiping(), PartChanged(part="storage", health=Health.BAD):
            return notice.trouble(text("Reset"), Trouble.STORAGE, facts)
        case Wiping(), Wiped():
            return notice.told(text("Erased"), (text("Nothing is left"),), facts)
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """What will be lost."""
    if isinstance(mode, Wiping):
        return Screen(text("Reset"), Lines((text("One moment please"),), big=True))
    lines = (text("Erase everything?"), text("Accounts: {count}", count=str(len(facts.accounts))))
    return Screen(text("Reset"), Lines(lines, big=True), hint=text("Hold 5 s: erase · Tap: no"))


MODES = (Offering, Wiping)
