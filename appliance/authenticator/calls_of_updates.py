"""Calls about updates: reads, wishes that only put a question before the person, and the updater's own reports.

Pieces of a file do not come by here: they pass from the thread that brought them to the updater, never to the consumer.
"""

from __future__ import annotations

import msgspec

from appliance.authenticator.scanning import Aim
from appliance.authenticator.self_test import CAMERA_SECONDS
from appliance.authenticator.work import Work
from appliance.core.errors import PeerTrouble
from appliance.core.events import Event
from appliance.core.events import Health as PartHealth
from appliance.core.troubles import Trouble
from appliance.wire.bundle import _
from appliance.wire.call import Done
from appliance.wire.updates import (
    AskBack,
    AskUpdate,
    DropUpdate,
    FetchFailed,
    FindUpdate,
    Health,
    JobDone,
    UpdateReport,
)

Reply = tuple[msgspec.Struct, tuple[Event, ...]]


NOT_FETCHED = _("The update could not be fetched")
FETCHING: dict[str, str] = {
    Trouble.NO_NETWORK: _("The update could not be fetched: there is no network"),
    Trouble.NOT_TRUSTED: _("The update could not be fetched: the server cannot be trusted"),
    Trouble.TIMEOUT: _("The update could not be fetched: the server is too slow"),
    Trouble.TOO_LONG: _("The update is too big"),
}


def answer(work: Work, asked: msgspec.Struct) -> Reply:
    """The reply and what the desk hears. Raises a DeskTokenError whose sentence goes back to the caller."""
    updates = work.updates
    match asked:
        case AskUpdate():
            return Done(), (updates.ask(asked.version),)
        case AskBack():
            return Done(), (updates.ask(""),)
        case FindUpdate():
            updates.find(asked.where)
        case DropUpdate():
            updates.drop()
        case FetchFailed():
            updates.fetch_failed(asked, FETCHING.get(asked.trouble, NOT_FETCHED))
        case JobDone():
            updates.job_done(asked)
        case UpdateReport():
            return Done(), updates.report(asked.state)
        case Health():
            if asked.look and updates.has_camera and not work.scanning.busy:
                updates.camera = PartHealth.UNKNOWN
                work.scanning.look(CAMERA_SECONDS, Aim.HEALTH)
            return updates.health(), ()
        case _:
            raise PeerTrouble("There is no such call")
    return Done(), ()
