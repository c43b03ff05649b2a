"""What the rules want done in the world. The authenticator's loop does it; results come back as events."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from appliance.core.elsewhere import ElsewhereEffect
from appliance.core.requests import Request, Verdict
from appliance.core.updates import InstallUpdate, LeaveUpdate
from appliance.core.wishes import Grant, Refuse


class Light(StrEnum):
    """Rhythms of the one light; the meaning is in the rhythm, never in a colour."""

    OFF = "off"
    WAITING = "waiting"
    HOLDING = "holding"
    DONE = "done"
    REFUSED = "refused"
    DOUBT = "doubt"
    RESET = "reset"


class Sound(StrEnum):
    """What the buzzer may say."""

    REQUEST = "request"
    TICK = "tick"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class StartScan:
    """Turn the camera on, for at most so many seconds.

    Answer: FrameSeen…, then OfferMade, ExportSeen, Wished (a network), EnrolmentFailed or ScanEnded.
    """

    seconds: float


@dataclass(frozen=True, slots=True)
class StopScan:
    """Turn the camera off now."""


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    """The person held: make keys and post them (answer ConfirmAsked), or keep a foreign code (answer AccountKept)."""


@dataclass(frozen=True, slots=True)
class DropOffer:
    """Forget the offer or the half-done enrolment; nothing of it may stay."""


@dataclass(frozen=True, slots=True)
class NextOffer:
    """Forget this account of an export, or go on after it was kept. Answer: OfferMade for the next one."""


@dataclass(frozen=True, slots=True)
class SendConfirm:
    """Send the typed code. Answer: AccountKept, ConfirmRefused or EnrolmentFailed."""

    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GiveCode:
    """Compute the code of this account; a counter is advanced durably first. Answer: CodeReady.

    `ahead` asks for the code of the next period instead, which a counter account never gives.
    """

    account: str
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class StartLoginScan:
    """Turn the camera on for the QR of a login page. Answer: FrameSeen…, then LoginSeen or ScanEnded."""

    seconds: float


@dataclass(frozen=True, slots=True)
class UpdateAccount:
    """Ask the portal how things stand with this account. Answer: ProfileArrived or UpdateFailed."""

    account: str


@dataclass(frozen=True, slots=True)
class TestParts:
    """Test every part in turn. Answer: one PartTested for each name in `PARTS` of the self-test."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Sign the answer to this request and send it. The only effect that signs; `match` is what the person dialled.

    Answer: RequestEnded or AnswerStuck.
    """

    request: Request
    verdict: Verdict
    match: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SetSetting:
    """Store one setting. Answer: SettingsChanged."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class OpenPage:
    """Open the device page for ten minutes. Answer: PageOpened."""


@dataclass(frozen=True, slots=True)
class ClosePage:
    """Close the device page now."""


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Whether these digits are the PIN of this owner: an account, or the device (empty). Answer: PinTried, or Wiped."""

    owner: str
    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChoosePin:
    """Set the PIN of this owner. Answer: PinsChanged."""

    owner: str
    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ForgetPin:
    """Remove the PIN of this owner. Answer: PinsChanged."""

    owner: str


@dataclass(frozen=True, slots=True)
class Wipe:
    """Destroy the key, then every record. Answer: Wiped."""


@dataclass(frozen=True, slots=True)
class Blink:
    """Put the light in this rhythm until the next one."""

    light: Light


@dataclass(frozen=True, slots=True)
class Buzz:
    """Say this once, if sound is on."""

    sound: Sound


Effect = (
    StartScan
    | StopScan
    | AcceptOffer
    | DropOffer
    | NextOffer
    | SendConfirm
    | GiveCode
    | StartLoginScan
    | UpdateAccount
    | TestParts
    | Sign
    | SetSetting
    | OpenPage
    | ClosePage
    | CheckPin
    | ChoosePin
    | ForgetPin
    | Wipe
    | Grant
    | Refuse
    | ElsewhereEffect
    | InstallUpdate
    | LeaveUpdate
    | Blink
    | Buzz
)
