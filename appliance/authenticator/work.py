"""Everything the one consumer works with besides the desk, built once and handed around as one record.

Holds no rules of its own: `effects_runner` and `calls` are the two hands that use it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from appliance.authenticator.audit import Audit
from appliance.authenticator.doorbell import Rings
from appliance.authenticator.enrolling import Enrolling
from appliance.authenticator.errands import Carried, Errands, Matter
from appliance.authenticator.letters_in import Letters
from appliance.authenticator.link_states import LinkStates
from appliance.authenticator.page_door import PageDoor
from appliance.authenticator.pins import Pins
from appliance.authenticator.profiles import Profiles
from appliance.authenticator.push_logins import PushLogins
from appliance.authenticator.safekeeping import Safekeeping
from appliance.authenticator.scanning import Aim, ScanNews, Scanning, frame_of, trouble_of
from appliance.authenticator.service import Service
from appliance.authenticator.service_line import ServiceLine
from appliance.authenticator.signing import Signing
from appliance.authenticator.updates import Updates
from appliance.authenticator.upkeep import Upkeep
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_records import Kept
from appliance.core.accounts import Account, Kind
from appliance.core.clock_trust import Now
from appliance.core.events import (
    AccountKept,
    EnrolmentFailed,
    Event,
    Health,
    LoginSeen,
    PartChanged,
    PartTested,
    ScanEnded,
)
from appliance.core.troubles import Trouble
from appliance.core.wishes import TryAsked
from appliance.credentials.candidates import NotTaken
from appliance.credentials.scanned import LoginLink, Unknown, refused, understand
from appliance.credentials.wifi import Wifi
from appliance.hardware.ports import Buzzer, Clock, Lamp
from appliance.wire.carrying import Link
from appliance.wire.scan import Answer, Failed, Found, Seen

LONELY_REST, RELAYED_REST = 15.0, 60.0


@dataclass(frozen=True, slots=True)
class Work:
    """The vault and those who work on it, and the two parts that effects speak to."""

    vault: Vault
    letters: Letters
    errands: Errands
    signing: Signing
    push: PushLogins
    enrolling: Enrolling
    scanning: Scanning
    links: LinkStates
    profiles: Profiles
    rings: Rings
    pins: Pins
    audit: Audit
    door: PageDoor
    clock: Clock
    lamp: Lamp
    buzzer: Buzzer
    service: ServiceLine
    safekeeping: Safekeeping
    upkeep: Upkeep = field(default_factory=Upkeep)
    updates: Updates = field(default_factory=Updates)

    def service_of(self, account: str) -> Service:
        """Who answers for this account. Raises Refused for an unknown one, StorageTrouble."""
        return self.push if self.vault.kept(account).kind is Kind.PUSH else self.signing


def carried(work: Work, done: Carried, now: Now) -> tuple[Event, ...]:
    """Hand the end of an errand to whom it is for."""
    match done.purpose.matter:
        case Matter.ANSWER:
            return work.signing.answered(done, now)
        case Matter.PUSH_ANSWER:
            return work.push.answered(done, now)
        case Matter.DOORBELL | Matter.NEW_ADDRESS:
            return work.rings.carried(done)
        case Matter.OFFER | Matter.CARD | Matter.CONFIRM:
            return work.enrolling.carried(done, now)
        case Matter.PROFILE:
            return work.profiles.carried(done, now)
        case Matter.FAREWELL:
            return ()
    events = work.enrolling.peers.carried(done, now)
    if any(isinstance(event, AccountKept) for event in events):
        work.push.stir()  # whoever has just linked a token signs in with it next
    return events


def heard(work: Work, news: ScanNews, now: Now) -> tuple[Event, ...]:
    """What the scanner said, as events."""
    match work.scanning.hear(news), work.scanning.aim:
        case None, _:
            return ()
        case said, (Aim.HEALTH | Aim.TEST):
            return _looked(work, said)
        case Seen() as seen, _:
            frame = frame_of(seen)
            return (PartChanged("camera", Health.GOOD), frame) if frame else ()
        case (Found() | Failed()) as last, Aim.TRIAL:
            return _tried(work, last)
        case Found() as found, Aim.LOGIN:
            return _login_seen(found.text)
        case Found() as found, _:
            return taken(work, found.text, now)
        case Failed() as failed, Aim.PICTURE:
            return (EnrolmentFailed(trouble_of(failed)),)
        case Failed() as failed, _:
            return _without_text(trouble_of(failed))


def _looked(work: Work, said: Answer) -> tuple[Event, ...]:
    """The end of a look that asks only whether the camera sees; a code before it is nobody's business."""
    work.scanning.stop()
    health = Health.BAD if isinstance(said, Failed) else Health.GOOD
    seen = () if isinstance(said, Failed) else (PartChanged("camera", health),)
    if work.scanning.aim is Aim.HEALTH:
        work.updates.camera = health
        return seen
    why = trouble_of(said) if isinstance(said, Failed) else None
    return (*seen, PartTested("camera", health, why))


def _tried(work: Work, last: Found | Failed) -> tuple[Event, ...]:
    """The end of a technician's trial of the camera."""
    if isinstance(last, Found):
        work.service.saw(last.text)
    else:
        work.service.decoded = trouble_of(last).value
    return (TryAsked(""),)


def taken(work: Work, untrusted_text: str, now: Now) -> tuple[Event, ...]:
    """What was scanned or pasted: an account to link, or a network that the steward can join after a hold."""
    events = work.enrolling.take_text(untrusted_text, now)
    if events != (EnrolmentFailed(Trouble.WIFI),) or not work.upkeep.network.steward:
        return events
    found = understand(untrusted_text)
    return (work.upkeep.scanned(found),) if isinstance(found, Wifi) else events


def _login_seen(untrusted_text: str) -> tuple[Event, ...]:
    try:
        scanned = understand(untrusted_text)
    except NotTaken as refusal:
        return (ScanEnded(refusal.why),)
    if isinstance(scanned, LoginLink):
        return (LoginSeen(scanned.code),)
    if isinstance(scanned, Wifi | Unknown):
        return (ScanEnded(refused(scanned)),)
    return (ScanEnded(Trouble.NOT_LOGIN_QR),)


def _without_text(why: Trouble) -> tuple[Event, ...]:
    lost = (PartChanged("camera", Health.BAD),) if why is Trouble.NO_CAMERA else ()
    return (*lost, ScanEnded(why))


def ticked(work: Work, now: Now) -> tuple[Event, ...]:
    """What time alone brings: errands repeated or given up, requests forgotten, profiles fetched anew."""
    work.letters.tick(now.monotonic)
    work.push.tick(now.monotonic)
    given_up = work.errands.tick(now.monotonic)
    if not work.errands.busy_with(Matter.FAREWELL):
        work.upkeep.told_steward = work.upkeep.life
    ended = tuple(event for done in given_up for event in carried(work, done, now))
    work.rings.tick(now)
    if work.enrolling.idle:
        work.enrolling.peers.resume(now)
    return (*ended, *work.profiles.tick(now))


def links_of(work: Work, accounts: tuple[Account, ...]) -> tuple[Link, ...]:
    """The lines that the courier should keep."""
    lines = (_link(work.vault.kept(account.id)) for account in accounts)
    return tuple(line for line in lines if line is not None)


def _link(kept: Kept) -> Link | None:
    if kept.kind is Kind.PORTAL:
        return Link(kept.id, kept.origin, kept.device)
    if kept.push is None:
        return None
    rest = RELAYED_REST if kept.push.address else LONELY_REST
    unchecked = not kept.push.checks_tls
    return Link(kept.id, kept.push.url, kept.push.serial, "push", rest, unchecked)
