"""Calls of the technician's line: it reads, it asks, and while it is open it tries and provides.

Whether it is open is decided here, once, before anything else is looked at; sealing and opening only put a question
before the person at the device.
"""

from __future__ import annotations

import secrets

import msgspec

from appliance.authenticator import calls_of_upkeep
from appliance.authenticator.effects_runner import set_setting
from appliance.authenticator.scanning import Aim
from appliance.authenticator.upkeep import EARLIEST
from appliance.authenticator.vault import words_of
from appliance.authenticator.work import Work
from appliance.core.clock_trust import Now
from appliance.core.errors import PeerTrouble, Refused
from appliance.core.events import Event
from appliance.core.flows.trial import PARTS, TRIAL_SECONDS
from appliance.core.settings import Settings
from appliance.core.wishes import Kind, TryAsked
from appliance.wire import service as wire
from appliance.wire.asking import Change
from appliance.wire.call import Done
from appliance.wire.upkeep import AskClock, AskSearch, AskTest, Condition, Network, Order, Try

Reply = tuple[msgspec.Struct, tuple[Event, ...]]
READS = (AskSearch, AskTest, Condition, Network)


def answer(work: Work, asked: msgspec.Struct, settings: Settings, now: Now) -> Reply:
    """The reply and what the desk hears. Raises a DeskTokenError whose sentence goes back to the caller."""
    match asked:
        case wire.Service():
            return _service(work, settings, now), ()
        case wire.AskService():
            return Done(), (work.service.ask(Kind.SERVICE),)
        case AskClock():
            return calls_of_upkeep.answer(work, asked, settings, now)
    work.service.guard(now.monotonic)
    match asked:
        case wire.AskSeal():
            return Done(), (work.service.ask(Kind.SEAL),)
        case wire.TryPart():
            return Done(), _try(work, asked, settings, now)
        case Change():
            return Done(), set_setting(work, settings, asked.key, asked.value)
    if isinstance(asked, READS):
        return calls_of_upkeep.answer(work, asked, settings, now)
    return _provide(work, asked), ()


def _provide(work: Work, asked: msgspec.Struct) -> msgspec.Struct:
    match asked:
        case wire.Join():
            return _order(work, Order(secrets.token_hex(8), "network", wireless=asked.wireless))
        case wire.SetClock() if asked.wall > EARLIEST:
            return _order(work, Order(secrets.token_hex(8), "clock", wall=asked.wall))
        case wire.SetClock():
            raise Refused("That is not one of the choices")
        case wire.SetPortals():
            work.enrolling.allowed = work.service.choose_portals(asked.origins)
            return Done()
        case wire.SetBoard():
            work.service.boards.keep(asked.name)
            return Done()
    raise PeerTrouble("There is no such call")


def _order(work: Work, order: Order) -> wire.Ordered:
    work.upkeep.order(order)
    work.service.order(order.id)
    return wire.Ordered(order.id)


def _try(work: Work, asked: wire.TryPart, settings: Settings, now: Now) -> tuple[Event, ...]:
    if asked.part in ("light", "sound"):
        calls_of_upkeep.answer(work, Try(asked.part), settings, now)
        return ()
    if asked.part == "camera":
        work.service.expect(asked.text)
        work.scanning.look(TRIAL_SECONDS, Aim.TRIAL)
    elif work.scanning.aim is Aim.TRIAL:
        work.scanning.stop()
    return (TryAsked(asked.part if asked.part in PARTS else ""),)


def _service(work: Work, settings: Settings, now: Now) -> wire.ServiceReply:
    service, trial, desk = work.service, work.service.trial(), work.service.desk
    if desk is None:
        raise Refused("The device is busy")
    return wire.ServiceReply(
        serial=desk.facts.device.serial,
        software=desk.facts.device.software,
        sealed=service.provided().sealed,
        open_for=round(service.open_for(now.monotonic), 1),
        board=service.boards.board,
        boards=service.boards.names(),
        keys=service.keys,
        language=words_of(settings)["language"],
        portals=service.portals(),
        fingerprint=work.upkeep.fingerprint,
        storage=work.vault.level,
        trust=now.trust.value,
        wall=now.wall,
        counted=len(desk.accounts),
        asked=service.on_panel(),
        trying=trial.part if trial else "",
        seen=trial.seen if trial else (),
        decoded=service.decoded,
        parts={part: health.value for part, health in desk.facts.parts},
        tested=dict(work.upkeep.tested),
        orders=dict(service.orders),
    )
