"""Events that start a story by themselves, whatever is on the panel: a pasted link, a picture, something asked.

They come from the device page and the serial line, which may only ask: each of them still waits for a hold.
"""

from __future__ import annotations

from appliance.core.events import (
    AccountRevoked,
    EnrolmentFailed,
    Event,
    ExportSeen,
    OfferMade,
    OfferSought,
    ResetAsked,
    ScanAsked,
)
from appliance.core.flow import Facts, Mode, Turn
from appliance.core.flows import (
    asked,
    confirm_code,
    enrolment,
    linked,
    menu,
    notice,
    page,
    reset,
    self_test,
    spelling,
    trial,
    update,
)
from appliance.core.updates import UpdateAsked, UpdateEnded, UpdateMoved
from appliance.core.wishes import OpeningAsked, TestAsked, TryAsked, Wished

LINKING = (*enrolment.MODES, *confirm_code.MODES, *linked.MODES, *spelling.MODES)


def turn(mode: Mode, event: Event, facts: Facts) -> Turn | None:  # noqa: C901 - a line an event
    """The story that this event starts, or None when it starts none."""
    if isinstance(mode, LINKING) or not mode.interruptible:
        return None
    match event:
        case OfferSought() | OfferMade() | ExportSeen():
            looking = enrolment.Looking(facts.now.monotonic + enrolment.WORK_SECONDS)
            return enrolment.step(looking, event, facts)
        case EnrolmentFailed():
            return notice.trouble(enrolment.FAILED, event.why, facts)
        case AccountRevoked():
            return notice.revoked(event.account.label, facts)
        case ResetAsked():
            return reset.start(facts)
        case ScanAsked():
            return menu.start_at_scan(facts)
        case Wished():
            return asked.start(event.wish, facts)
        case UpdateAsked():
            return update.start(event, facts)
        case UpdateMoved():
            return update.moved(event, facts)
        case UpdateEnded():
            return update.ended(event, facts)
        case TestAsked():
            return self_test.start(facts)
        case TryAsked() if event.part in trial.PARTS:
            return trial.start(event.part, facts)
        case OpeningAsked():
            return page.asked(facts)
    return None
