"""Practice with a made-up request, marked as such on every screen. It can never sign: it does not know how."""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core.events import Event, Ticked
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn, moved, settled, stay
from appliance.core.flows import notice
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.screen import Ask, Bar, Screen, text

NO, YES = 0, 1
PRACTICE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Practising(Mode):
    """A question that nobody asked."""

    settles_at: float
    until: float
    chosen: int = NO

    awake = True


def start(facts: Facts) -> Turn:
    """Show the made-up request."""
    now = facts.now.monotonic
    return Turn(Practising(now + ARMING, now + PRACTICE_SECONDS))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """The same keys as the real thing, and nothing is sent."""
    match mode, event:
        case Practising(), Ticked() if facts.now.monotonic >= mode.until:
            return Turn(HomeNow())
        case Practising(), Tapped(move=Move.BACK):
            return Turn(HomeNow())
        case Practising(), Tapped() if settled(event, mode.settles_at):
            chosen = moved(event, mode.chosen, 2)
            return stay(mode) if chosen is None else stay(replace(mode, chosen=chosen))
        case Practising(), Held() if settled(event, mode.settles_at):
            said = text("You said yes") if mode.chosen == YES else text("You said no")
            return notice.told(text("PRACTICE"), (said, text("Nothing was sent")), facts)
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """Like a request, but not one."""
    assert isinstance(mode, Practising)
    left = max(0.0, mode.until - facts.now.monotonic)
    about = (text("Nobody is signing in"), text("Tap moves, hold chooses"))
    body = Ask(about, (text("No"), text("Yes")), mode.chosen, int(left))
    return Screen(text("PRACTICE"), body, bar=Bar("time", min(1.0, int(left) / PRACTICE_SECONDS)))


MODES = (Practising,)
