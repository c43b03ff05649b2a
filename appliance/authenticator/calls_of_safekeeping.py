"""Calls about backups, servers that are not checked, the proxy's login, and opening the page by the cable.

What lowers the guard or changes much is only put before the person at the device.
"""

from __future__ import annotations

import msgspec

from appliance.authenticator.sealing import Gather, Gathered, Unsealed
from appliance.authenticator.work import Work
from appliance.core.clock_trust import Now
from appliance.core.errors import PeerTrouble
from appliance.core.events import Event
from appliance.core.settings import Settings
from appliance.core.wishes import OpeningAsked
from appliance.wire.call import Done
from appliance.wire.safekeeping import (
    AskCodes,
    AskOpening,
    AskRestore,
    AskServer,
    Backups,
    DropPlan,
    DropServer,
    ProxyLogin,
)

Asked = (
    AskCodes
    | AskOpening
    | AskRestore
    | AskServer
    | Backups
    | DropPlan
    | DropServer
    | Gather
    | ProxyLogin
    | Unsealed
)
Reply = tuple[msgspec.Struct, tuple[Event, ...]]


def answer(work: Work, asked: Asked, settings: Settings, now: Now) -> Reply:
    """The reply and what the desk hears. Raises a DeskTokenError whose sentence goes back to the caller."""
    safe = work.safekeeping
    match asked:
        case AskCodes() | AskRestore() | AskServer():
            return Done(), (safe.wish(asked, settings),)
        case AskOpening():
            return Done(), () if work.door.is_open(now.monotonic) else (OpeningAsked(),)
        case DropServer():
            work.audit.note("setting", "server_exceptions", now)
            return Done(), safe.drop_server(asked, settings)
        case ProxyLogin():
            return Done(), safe.log_in(asked, settings)
        case Backups():
            return safe.state(settings, now), ()
    return _file(work, asked, settings, now)


def _file(work: Work, asked: msgspec.Struct, settings: Settings, now: Now) -> Reply:
    match asked:
        case Gather():
            contents, with_codes = work.safekeeping.contents(settings, now)
            work.audit.note("backup", "codes" if with_codes else "settings", now)
            return Gathered(contents, with_codes), ()
        case Unsealed():
            work.safekeeping.read(asked.contents)
            return Done(), ()
        case DropPlan():
            work.safekeeping.drop_plan()
            return Done(), ()
    raise PeerTrouble("There is no such call")
