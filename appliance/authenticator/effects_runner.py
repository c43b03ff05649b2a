"""Does what the rules want done: one small function an effect, results back as events.

Adds no rule of its own, with two exceptions that stand here because they are promises about secrets: no digits of
the time while the clock is unknown, and the counter or the moment of a code is durable before the code exists
(checklist rows 5, 17 and 20).
"""

from __future__ import annotations

import logging
from dataclasses import replace

import msgspec

from appliance.authenticator import leaving, self_test, wiping
from appliance.authenticator.safekeeping import KINDS as KEPT_SAFE
from appliance.authenticator.scanning import Aim
from appliance.authenticator.service_line import KINDS
from appliance.authenticator.work import Work
from appliance.core.accounts import Kind
from appliance.core.clock_trust import Now
from appliance.core.desk import Desk
from appliance.core.effects import (
    AcceptOffer,
    Blink,
    Buzz,
    CheckPin,
    ChoosePin,
    ClosePage,
    DropOffer,
    Effect,
    ForgetPin,
    GiveCode,
    NextOffer,
    OpenPage,
    SendConfirm,
    SetSetting,
    Sign,
    StartLoginScan,
    StartScan,
    StopScan,
    TestParts,
    UpdateAccount,
    Wipe,
)
from appliance.core.elsewhere import (
    RenewAccounts,
    SendWords,
    ShowText,
    TextToType,
    TextTyped,
)
from appliance.core.errors import HardwareMissing, Refused, StorageTrouble
from appliance.core.events import (
    AccountsChanged,
    CodeReady,
    EnrolmentFailed,
    Event,
    Health,
    PartChanged,
    PinsChanged,
    PinTried,
    SettingsChanged,
    UpdateFailed,
)
from appliance.core.local_time import may_sound
from appliance.core.settings import Settings, change
from appliance.core.troubles import Trouble
from appliance.core.updates import InstallUpdate, LeaveUpdate
from appliance.core.wishes import Grant, Granted, Refuse, Wish
from appliance.credentials.one_time_codes import counter_code, timed_code

log = logging.getLogger("authenticator")
Events = tuple[Event, ...]


def run(work: Work, effect: Effect, desk: Desk, now: Now) -> Events:
    """Do one effect. Trouble with the storage comes back as an event and nothing is shown that was not stored."""
    try:
        work.audit.did(effect, now)
        return _run(work, effect, desk, now)
    except StorageTrouble as trouble:
        if desk.facts.part("storage") is not Health.BAD:
            log.error("storage failed during=%s: %s", type(effect).__name__, trouble)
        return (PartChanged("storage", Health.BAD), *_instead(effect))
    except Refused as refusal:
        log.info("effect refused during=%s: %s", type(effect).__name__, refusal)
        return ()


def _run(work: Work, effect: Effect, desk: Desk, now: Now) -> Events:  # noqa: C901 - one match
    match effect:
        case Blink() | Buzz():
            return _signal(work, effect, desk.settings, now)
        case StartScan() | StartLoginScan() | StopScan() | TestParts():
            return _look(work, effect, desk)
        case AcceptOffer() | DropOffer() | NextOffer() | SendConfirm():
            return _link(work, effect, now)
        case GiveCode():
            return _give_code(work, effect, desk, now)
        case UpdateAccount():
            if work.vault.kept(effect.account).kind is Kind.CONTAINER:
                return work.enrolling.peers.synchronise(effect.account, now)
            return work.profiles.ask(effect.account, now)
        case Sign():
            log.info("request answered verdict=%s", effect.verdict.value)
            return work.service_of(effect.request.account).answer(effect, now)
        case SetSetting():
            return set_setting(work, desk.settings, effect.key, effect.value)
        case InstallUpdate():
            return work.updates.granted()
        case LeaveUpdate():
            work.updates.refused()
            return ()
        case OpenPage() | ClosePage() | Grant() | Refuse():
            return _page(work, effect, desk.settings, now)
        case ShowText() | TextTyped():
            return _text(work, effect)
        case SendWords():
            return work.enrolling.peers.words(effect.words, now)
        case RenewAccounts():
            return work.enrolling.peers.renew(effect.account, now)
        case CheckPin() | ChoosePin() | ForgetPin():
            return _pin(work, effect, desk.settings, now)
        case Wipe():
            return wiping.wipe(work, desk.settings, now)


def _look(
    work: Work, effect: StartScan | StartLoginScan | StopScan | TestParts, desk: Desk
) -> Events:
    match effect:
        case StartScan():
            work.scanning.look(effect.seconds, Aim.LINK, work.enrolling.seen)
        case StartLoginScan():
            work.scanning.look(effect.seconds, Aim.LOGIN)
        case StopScan():
            work.scanning.stop()
        case TestParts():
            work.scanning.look(self_test.CAMERA_SECONDS, Aim.TEST)
            return self_test.known(desk)
    return ()


def _link(
    work: Work, effect: AcceptOffer | DropOffer | NextOffer | SendConfirm, now: Now
) -> Events:
    match effect:
        case NextOffer():
            return work.enrolling.next_offer()
        case DropOffer():
            work.enrolling.drop()
        case AcceptOffer():
            return work.enrolling.accept(now)
        case SendConfirm():
            return work.enrolling.confirm(effect.digits, now)
    return ()


def _page(
    work: Work, effect: OpenPage | ClosePage | Grant | Refuse, settings: Settings, now: Now
) -> Events:
    match effect:
        case OpenPage():
            opened = work.door.open(now.monotonic)
            work.safekeeping.forget()
            return (replace(opened, fingerprint=work.upkeep.fingerprint),)
        case ClosePage():
            work.door.close()
            work.safekeeping.forget()
        case Grant():
            return _grant(work, effect.wish, settings, now)
        case Refuse():
            work.upkeep.refused()
            work.safekeeping.refused()
    return ()


def _grant(work: Work, wish: Wish, settings: Settings, now: Now) -> Events:
    """Do what was wished for. What the steward does is answered later."""
    log.info("wish granted kind=%s", wish.kind.value)
    if wish.kind in KINDS:
        work.service.granted(wish.kind, now)
        work.audit.note(wish.kind.value, "", now)
        return (Granted(wish.id),)
    try:
        if wish.kind in KEPT_SAFE:
            done = work.safekeeping.granted(wish, settings, now)
            work.audit.note(wish.kind.value, "granted", now)
            return (*done, Granted(wish.id))
        account = work.upkeep.granted(wish)
    except Refused as refusal:
        return (Granted(wish.id, str(refusal)),)
    if not account:
        return ()
    return (*leaving.removed(work, account, now), Granted(wish.id))


def set_setting(work: Work, settings: Settings, key: str, value: str) -> Events:
    """Store one setting. Raises Refused for a value outside its row, StorageTrouble."""
    changed = change(settings, key, value)
    work.vault.write_settings(changed)
    return (SettingsChanged(changed),)


def _give_code(work: Work, effect: GiveCode, desk: Desk, now: Now) -> Events:
    kept = work.vault.kept(effect.account)
    if kept.kind is Kind.HOTP:
        counter = work.vault.take_counter(kept.id)
        return (CodeReady(counter_code(kept.id, kept.generator, counter, now.wall)),)
    if not now.trust.shows_codes:
        return ()
    written = work.vault.remember_shown(now.wall)
    healed = written and desk.facts.part("storage") is Health.BAD
    wall = now.wall + (kept.period if effect.ahead else 0)
    ready = CodeReady(timed_code(kept.id, kept.generator, wall))
    return (PartChanged("storage", Health.GOOD), ready) if healed else (ready,)


def _text(work: Work, effect: ShowText | TextTyped) -> Events:
    kept = work.vault.kept(effect.account)
    if isinstance(effect, ShowText):
        return (TextToType(kept.id, kept.typed),) if kept.typed else ()
    work.vault.change(msgspec.structs.replace(kept, typed=""))
    return (AccountsChanged(work.vault.accounts()),)


def _pin(
    work: Work, effect: CheckPin | ChoosePin | ForgetPin, settings: Settings, now: Now
) -> Events:
    match effect:
        case ChoosePin():
            work.pins.choose(effect.owner, effect.digits)
        case ForgetPin():
            work.pins.forget(effect.owner)
        case CheckPin():
            tried = work.pins.attempt(
                effect.owner, effect.digits, now.monotonic, wipes=settings.pin_wipe
            )
            return (
                wiping.wipe(work, settings, now)
                if tried.wipe
                else (PinTried(effect.owner, tried.right, tried.wait),)
            )
    return (PinsChanged(work.pins.owners()),)


def _signal(work: Work, effect: Blink | Buzz, settings: Settings, now: Now) -> Events:
    try:
        if isinstance(effect, Blink):
            work.lamp.blink(effect.light)
        elif may_sound(settings, now):
            work.buzzer.say(effect.sound)
    except HardwareMissing as missing:
        log.info("signal not given: %s", missing)
    return ()


def _instead(effect: Effect) -> Events:
    if isinstance(effect, Grant):
        return (Granted(effect.wish.id, "Cannot save"),)
    if isinstance(effect, RenewAccounts):
        return (UpdateFailed(Trouble.STORAGE),)
    links = isinstance(effect, AcceptOffer | SendWords)
    return (EnrolmentFailed(Trouble.STORAGE),) if links else ()
