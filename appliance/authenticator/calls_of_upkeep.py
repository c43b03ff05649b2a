"""Calls about the device itself: what the page may read and ask, and what steward and porter report.

Reads are answered at once; whatever changes the network, the clock, the power or an account only puts a question
before the person at the device.
"""

from __future__ import annotations

import re

import msgspec
from msgspec.structs import replace

from appliance.authenticator.work import Work
from appliance.core.clock_trust import Now
from appliance.core.effects import Light, Sound
from appliance.core.errors import HardwareMissing, PeerTrouble, Refused
from appliance.core.events import AccountsChanged, Event
from appliance.core.settings import Settings
from appliance.core.wishes import TestAsked
from appliance.wire.call import Done
from appliance.wire.upkeep import (
    AskClock,
    AskNetwork,
    AskPower,
    AskRemove,
    AskSearch,
    AskTest,
    AuditLog,
    AuditReply,
    Certificate,
    Condition,
    Journal,
    JournalReply,
    Network,
    NetworkMoved,
    OrderDone,
    Panel,
    Reorder,
    Report,
    Try,
    Waiting,
    WaitingList,
)

FINGERPRINT = re.compile(r"[0-9A-F]{64}", re.ASCII)
Reply = tuple[msgspec.Struct, tuple[Event, ...]]


def answer(work: Work, asked: msgspec.Struct, settings: Settings, now: Now) -> Reply:
    """The reply and what the desk hears. Raises a DeskTokenError whose sentence goes back to the caller."""
    match asked:
        case AskRemove() | AskPower() | AskNetwork() | AskClock():
            return Done(), (work.upkeep.wish(asked, work.vault.accounts()),)
        case AskTest():
            work.upkeep.tested.clear()
            return Done(), (TestAsked(),)
        case Reorder():
            work.vault.reorder(asked.accounts)
            return Done(), (AccountsChanged(work.vault.accounts()),)
        case AskSearch():
            work.upkeep.search()
            return Done(), ()
        case Try():
            return _try(work, asked)
        case OrderDone() | Report() | NetworkMoved() | Certificate():
            return _told(work, asked)
    return _read(work, asked, settings, now), ()


def _read(work: Work, asked: msgspec.Struct, settings: Settings, now: Now) -> msgspec.Struct:
    match asked:
        case Panel():
            return work.upkeep.picture(settings.language)
        case Condition():
            known = work.upkeep.condition(now, now.monotonic)
            return replace(known, proxy_login=work.safekeeping.has_login())
        case Waiting():
            return WaitingList(work.upkeep.who_waits(now))
        case AuditLog():
            return AuditReply(tuple(line.decode() for line in work.audit.lines()))
        case Journal():
            return JournalReply(_journal(work, now))
        case Network():
            return work.upkeep.network
    raise PeerTrouble("There is no such call")


def _journal(work: Work, now: Now) -> tuple[tuple[float, str, str], ...]:
    rows = work.upkeep.journal.rows() if work.upkeep.journal else ()
    return tuple((max(0.0, now.wall - at), level, words) for at, level, words in rows)


def _told(work: Work, asked: OrderDone | Report | NetworkMoved | Certificate) -> Reply:
    match asked:
        case OrderDone():
            work.service.done(asked.id, asked.trouble)
            if work.upkeep.set_clock(asked.id, asked.trouble):
                work.clock.set_by_hand()
            return Done(), (work.upkeep.done(asked.id, asked.trouble),)
        case Report():
            work.upkeep.reported(replace(asked.network, steward=True))
        case NetworkMoved():
            work.upkeep.moves += 1
        case Certificate():
            if not FINGERPRINT.fullmatch(asked.fingerprint):
                raise Refused("That is not a fingerprint")
            work.upkeep.fingerprint = asked.fingerprint
    return Done(), ()


def _try(work: Work, asked: Try) -> Reply:
    try:
        if asked.part == "sound":
            work.buzzer.say(Sound.DONE)
        elif asked.part == "light":
            work.lamp.blink(Light.DONE)
        else:
            raise Refused("There is no such part")
    except HardwareMissing as missing:
        raise Refused("That part does not answer") from missing
    return Done(), ()
