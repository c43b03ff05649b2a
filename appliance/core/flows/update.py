"""An update: asked on the page, begun by a hold of three seconds, shown until it has ended."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.core.events import Event, Ticked
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn, settled, stay
from appliance.core.flows import notice
from appliance.core.gestures import Held, Tapped
from appliance.core.screen import Bar, Lines, Screen, text
from appliance.core.updates import (
    InstallUpdate,
    LeaveUpdate,
    Phase,
    UpdateAsked,
    UpdateEnded,
    UpdateMoved,
)

ASKED_HOLD, ASKED_SECONDS = 3.0, 60.0
SILENCE = 180.0
TITLE = text("Update")
LEAVE_IT = text("Leave it plugged in")


@dataclass(frozen=True, slots=True)
class Proposed(Mode):
    """Which version, and the long hold that begins it."""

    version: str
    back: bool
    settles_at: float
    until: float

    awake = True
    hold_seconds = ASKED_HOLD


@dataclass(frozen=True, slots=True)
class Installing(Mode):
    """It goes on; `until` is when its silence becomes a trouble."""

    phase: Phase
    percent: int
    until: float

    awake = True
    interruptible = False


def start(asked: UpdateAsked, facts: Facts) -> Turn:
    """Ask."""
    now = facts.now.monotonic
    return Turn(Proposed(asked.version, asked.back, now + ARMING, now + ASKED_SECONDS))


def moved(event: UpdateMoved, facts: Facts) -> Turn:
    """Show how far it is, whatever was on the panel: after its restart the device finds itself here."""
    return Turn(Installing(event.phase, event.percent, facts.now.monotonic + SILENCE))


def ended(event: UpdateEnded, facts: Facts) -> Turn:
    """Say how it ended."""
    if event.failed:
        lines = (text("The old version runs"), text("See the device page"))
        return notice.told(text("Not updated"), lines, facts, notice.LONG)
    version = text("Version {version}", version=event.version)
    return notice.told(text("Updated"), (version,), facts, notice.LONG)


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """A long hold begins it; a tap, or a minute without one, leaves all as it is."""
    now = facts.now.monotonic
    match mode, event:
        case Proposed(), Held() if settled(event, mode.settles_at):
            return Turn(Installing(Phase.INSTALLING, 0, now + SILENCE), (InstallUpdate(),))
        case Proposed(), Tapped() if settled(event, mode.settles_at):
            return Turn(HomeNow(), (LeaveUpdate(),))
        case Proposed(), Ticked() if now >= mode.until:
            return Turn(HomeNow(), (LeaveUpdate(),))
        case Installing(), UpdateMoved():
            return moved(event, facts)
        case Installing(), UpdateEnded():
            return ended(event, facts)
        case Installing(), Ticked() if now >= mode.until:
            late = (text("It took too long"),)
            return notice.told(text("Not updated"), late, facts, notice.LONG)
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """What is asked, or how far it is."""
    if isinstance(mode, Proposed):
        question = text("Update to {version}?", version=mode.version)
        if mode.back:
            question = text("Go back to {version}?", version=mode.version)
        lines = (question, LEAVE_IT)
        return Screen(TITLE, Lines(lines, big=True), hint=text("Hold 3 s: yes · Tap: no"))
    assert isinstance(mode, Installing)
    said = {
        Phase.INSTALLING: text("Updating {percent} %", percent=str(mode.percent)),
        Phase.RESTARTING: text("Starting anew…"),
        Phase.TRYING: text("Testing the update"),
    }[mode.phase]
    done = mode.percent / 100 if mode.phase is Phase.INSTALLING else 1.0
    return Screen(TITLE, Lines((said,), big=True), hint=LEAVE_IT, bar=Bar("hold", done))


MODES = (Proposed, Installing)
