"""The strongest match: the camera reads the QR of the login page, and the answer is bound to that very page.

Source: NIST SP 800-63B-4 section 3.1.3.2; checklist row 8 (at least 128 bits).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core.effects import StartLoginScan, StopScan
from appliance.core.events import Event, FrameSeen, LoginSeen, ScanEnded
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn, settled, stay
from appliance.core.flows import answering, notice, scan_hints
from appliance.core.gestures import Held, Tapped
from appliance.core.requests import Request, Verdict
from appliance.core.screen import Lines, Screen, Text, Viewfinder, name, text

SCAN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class LoginScanning(Mode):
    """The camera is on for the login page."""

    request: Request
    hint: Text = scan_hints.START
    width: int = 0
    height: int = 0
    bits: bytes = field(default=b"", repr=False)

    awake = True
    waits = True
    ok_chooses = True


@dataclass(frozen=True, slots=True)
class LoginFound(Mode):
    """The page was read; one more hold signs."""

    request: Request
    settles_at: float
    secret: str = field(repr=False)

    awake = True
    waits = True


def start(request: Request, facts: Facts) -> Turn:
    """Turn the camera on."""
    seconds = min(SCAN_SECONDS, request.deadline - facts.now.monotonic)
    return Turn(LoginScanning(request), (StartLoginScan(seconds),))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Look, then let the person hold. Leaving goes back to the question, which is still open."""
    match mode, event:
        case LoginScanning(), FrameSeen():
            hint = scan_hints.HINTS[event.hint]
            return stay(
                replace(mode, hint=hint, width=event.width, height=event.height, bits=event.bits)
            )
        case LoginScanning(), LoginSeen():
            return Turn(LoginFound(mode.request, facts.now.monotonic + ARMING, event.secret))
        case LoginScanning(), ScanEnded():
            return notice.unsent(event.why, facts)
        case LoginScanning(), Held() | Tapped():
            return Turn(HomeNow(), (StopScan(),))
        case LoginFound(), Held() if settled(event, mode.settles_at):
            return answering.sign(mode.request, Verdict.APPROVE, mode.secret)
        case LoginFound(), Tapped() if settled(event, mode.settles_at):
            return Turn(HomeNow())
        case LoginScanning() | LoginFound(), _:
            return answering.over(mode.request, event, facts) or stay(mode)
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """The viewfinder, or the last question."""
    match mode:
        case LoginScanning():
            body = Viewfinder(mode.width, mode.height, mode.bits, mode.hint)
            return Screen(text("Scan the login page"), body, hint=text("Press: stop"))
        case LoginFound():
            lines = Lines((name(mode.request.person), name(mode.request.service)))
            bar = answering.time_bar(mode.request, facts)
            return Screen(text("Sign in here?"), lines, hint=text("Hold: yes · Tap: back"), bar=bar)
    raise TypeError(type(mode))


MODES = (LoginScanning, LoginFound)
