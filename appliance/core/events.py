"""What happened, in the past tense. Threads make these; only the one consumer of the queue reads them.

What a person does with the keys has a room of its own, `core/gestures.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from appliance.core.accounts import Account, Code, Profile
from appliance.core.clock_trust import Now
from appliance.core.elsewhere import ElsewhereEvent
from appliance.core.gestures import Gesture
from appliance.core.requests import Outcome, Request
from appliance.core.settings import Settings
from appliance.core.troubles import Trouble
from appliance.core.updates import UpdateAsked, UpdateEnded, UpdateMoved
from appliance.core.wishes import Granted, KeySeen, OpeningAsked, TestAsked, TryAsked, Wished


class ScanHint(StrEnum):
    """What would help the camera."""

    NONE = "none"
    CLOSER = "closer"
    FURTHER = "further"
    HOLD_STILL = "hold-still"
    TOO_BRIGHT = "too-bright"
    OUT_OF_FOCUS = "out-of-focus"


@dataclass(frozen=True, slots=True)
class Ticked:
    """Both clocks were read; comes before every other event and ten times a second."""

    now: Now


@dataclass(frozen=True, slots=True)
class FrameSeen:
    """The scanner looked at a frame: packed one-bit preview rows and a hint."""

    width: int
    height: int
    bits: bytes = field(repr=False)
    hint: ScanHint


@dataclass(frozen=True, slots=True)
class ScanEnded:
    """The scanner has gone without a text."""

    why: Trouble


@dataclass(frozen=True, slots=True)
class OfferSought:
    """A text was read and the portal is being asked what it offers; the camera is off again."""


@dataclass(frozen=True, slots=True)
class OfferMade:
    """A scanned or pasted text was understood: this account could be linked. Nothing is stored yet.

    Of an export with several accounts this is the one with this `number`, and so many were `kept` before it.
    """

    account: Account
    place: str
    needs_confirm: bool
    number: int = 1
    of: int = 1
    kept: int = 0


@dataclass(frozen=True, slots=True)
class ExportSeen:
    """So many pictures of an export were seen, out of so many; the accounts are offered after the last one."""

    have: int
    of: int


@dataclass(frozen=True, slots=True)
class EnrolmentFailed:
    """The enrolment is over and nothing was kept."""

    why: Trouble


@dataclass(frozen=True, slots=True)
class ConfirmAsked:
    """The portal sent a one-time code to this (masked) address."""

    sent_to: str


@dataclass(frozen=True, slots=True)
class ConfirmRefused:
    """The typed code was wrong; so many tries are left (0 ends the enrolment)."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class ConfirmTyped:
    """Somebody typed the confirm code on the device page."""

    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccountKept:
    """The account is stored durably."""

    account: Account


@dataclass(frozen=True, slots=True)
class AccountsChanged:
    """The whole list of accounts, in their order."""

    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class AccountRevoked:
    """The portal ended this account; its keys and records are destroyed."""

    account: Account


@dataclass(frozen=True, slots=True)
class CodeReady:
    """The vault computed a code; for a counter code the counter is already durable."""

    code: Code


@dataclass(frozen=True, slots=True)
class Requested:
    """A letter was opened, verified and found new: somebody signs in."""

    request: Request


@dataclass(frozen=True, slots=True)
class RequestEnded:
    """A request is over: answered here (the portal's verdict), elsewhere, cancelled or expired."""

    request: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class AnswerStuck:
    """The answer could not be delivered."""

    request: str
    why: Trouble


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """The settings as they are stored now."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class ProfileArrived:
    """The portal said how things stand with this person."""

    profile: Profile


@dataclass(frozen=True, slots=True)
class UpdateFailed:
    """The account could not be updated; what is known stays."""

    why: Trouble


@dataclass(frozen=True, slots=True)
class LoginSeen:
    """The camera read the QR of a login page: the secret that binds the answer to that very page."""

    secret: str = field(repr=False)


class Health(StrEnum):
    """The state of one part as the panel and the page name it."""

    UNKNOWN = "unknown"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class PartChanged:
    """`panel`, `network`, `portal`, `storage` or `camera` is good or bad now."""

    part: str
    health: Health


@dataclass(frozen=True, slots=True)
class PartTested:
    """One part of the self-test is done; `why` tells what to do when it is bad."""

    part: str
    health: Health
    why: Trouble | None = None


@dataclass(frozen=True, slots=True)
class ResetAsked:
    """Page or serial line ask for a reset; only a hold on the device does it."""


@dataclass(frozen=True, slots=True)
class ScanAsked:
    """Page or serial line ask to start a scan; the person at the device starts it with a hold."""


@dataclass(frozen=True, slots=True)
class PageOpened:
    """The device page is open: its address and the code to type there, until this monotonic time."""

    address: str
    code: str = field(repr=False)
    until: float
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class PinTried:
    """Digits were tried for this owner's PIN; after wrong ones the next try counts only so many seconds later."""

    owner: str
    right: bool
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class PinsChanged:
    """Who has a PIN now: accounts by their id, the device as an empty name."""

    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wiped:
    """The reset is complete: no key, no account, no pairing is left."""


Event = (
    Ticked
    | Gesture
    | FrameSeen
    | ScanEnded
    | OfferSought
    | OfferMade
    | ExportSeen
    | EnrolmentFailed
    | ConfirmAsked
    | ConfirmRefused
    | ConfirmTyped
    | AccountKept
    | AccountsChanged
    | AccountRevoked
    | CodeReady
    | Requested
    | RequestEnded
    | AnswerStuck
    | SettingsChanged
    | ProfileArrived
    | UpdateFailed
    | LoginSeen
    | PartTested
    | PartChanged
    | ResetAsked
    | ScanAsked
    | PageOpened
    | Wished
    | Granted
    | TestAsked
    | TryAsked
    | KeySeen
    | UpdateAsked
    | UpdateMoved
    | UpdateEnded
    | OpeningAsked
    | PinTried
    | PinsChanged
    | ElsewhereEvent
    | Wiped
)
