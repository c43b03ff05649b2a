"""Which story a mode belongs to. One table, built from the flows' own lists of modes."""

from __future__ import annotations

from typing import Protocol

from appliance.core.elsewhere import KeyMade, KeyMaking, TextToType, WordsAsked, WordsTyped
from appliance.core.events import (
    AccountKept,
    ConfirmAsked,
    ConfirmRefused,
    ConfirmTyped,
    EnrolmentFailed,
    Event,
    ExportSeen,
    OfferMade,
    OfferSought,
)
from appliance.core.flow import Facts, Mode, Turn
from appliance.core.flows import (
    about,
    answering,
    asked,
    confirm_code,
    enrolment,
    home,
    linked,
    login_scan,
    menu,
    notice,
    page,
    picking,
    pin,
    practice,
    profile,
    proving,
    reset,
    self_test,
    set_up,
    sign_in,
    spelling,
    trial,
    typing_over,
    unlock,
    update,
    updating,
)
from appliance.core.screen import Screen


class Story(Protocol):
    """A flow, seen as a value."""

    def step(self, mode: Mode, event: Event, facts: Facts) -> Turn: ...

    def view(self, mode: Mode, facts: Facts) -> Screen: ...


ENROLMENT_NEWS = (
    OfferSought,
    OfferMade,
    ExportSeen,
    EnrolmentFailed,
    ConfirmAsked,
    ConfirmRefused,
    ConfirmTyped,
    AccountKept,
    KeyMaking,
    KeyMade,
    TextToType,
    WordsAsked,
    WordsTyped,
)
STORIES: dict[type[Mode], Story] = {
    **dict.fromkeys(home.MODES, home),
    **dict.fromkeys(menu.MODES, menu),
    **dict.fromkeys(enrolment.MODES, enrolment),
    **dict.fromkeys(confirm_code.MODES, confirm_code),
    **dict.fromkeys(linked.MODES, linked),
    **dict.fromkeys(sign_in.MODES, sign_in),
    **dict.fromkeys(unlock.MODES, unlock),
    **dict.fromkeys(login_scan.MODES, login_scan),
    **dict.fromkeys(answering.MODES, answering),
    **dict.fromkeys(notice.MODES, notice),
    **dict.fromkeys(page.MODES, page),
    **dict.fromkeys(pin.MODES, pin),
    **dict.fromkeys(proving.MODES, proving),
    **dict.fromkeys(profile.MODES, profile),
    **dict.fromkeys(self_test.MODES, self_test),
    **dict.fromkeys(practice.MODES, practice),
    **dict.fromkeys(reset.MODES, reset),
    **dict.fromkeys(asked.MODES, asked),
    **dict.fromkeys(update.MODES, update),
    **dict.fromkeys(set_up.MODES, set_up),
    **dict.fromkeys(about.MODES, about),
    **dict.fromkeys(trial.MODES, trial),
    **dict.fromkeys(picking.MODES, picking),
    **dict.fromkeys(typing_over.MODES, typing_over),
    **dict.fromkeys(updating.MODES, updating),
    **dict.fromkeys(spelling.MODES, spelling),
}


def story(mode: Mode) -> Story:
    """The flow of this mode."""
    return STORIES[type(mode)]
