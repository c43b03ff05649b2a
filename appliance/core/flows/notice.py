"""A short message that goes away by itself: how something ended, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core.effects import Buzz, Light, Sound
from appliance.core.events import Event, Ticked
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn, settled, stay
from appliance.core.gestures import Held, Tapped
from appliance.core.requests import Outcome
from appliance.core.screen import Line, Lines, Screen, Text, name, text
from appliance.core.troubles import Trouble

SHORT, LONG = 2.5, 8.0


@dataclass(frozen=True, slots=True)
class Notice(Mode):
    """One message, until this monotonic time or the next press; then home, on `account` if one is named.

    How a request ended (`of_request`) is read before the next request takes the panel; other messages give way.
    """

    title: Text
    lines: tuple[Line, ...]
    until: float
    settles_at: float
    account: str = ""
    of_request: bool = False
    light: Light = Light.OFF

    awake = True
    ok_chooses = True


TROUBLES: dict[Trouble, tuple[Text, ...]] = {
    Trouble.NO_CAMERA: (text("Camera not found"), text("Check the cable")),
    Trouble.CAMERA_BUSY: (text("The camera is in use"), text("Try again")),
    Trouble.NOTHING_FOUND: (text("No QR code found"), text("Try again")),
    Trouble.NOT_A_PICTURE: (text("This is no picture"),),
    Trouble.NOT_LOGIN_QR: (text("Not a login QR code"),),
    Trouble.TOO_LONG: (text("Not a login QR code"), text("It is too long")),
    Trouble.TIMEOUT: (text("Time is up"), text("Nothing was saved")),
    Trouble.NO_NETWORK: (text("No network"), text("Check the cable or Wi-Fi")),
    Trouble.NOT_TRUSTED: (text("The portal cannot be trusted"), text("Ask the helpdesk")),
    Trouble.PROXY: (text("The proxy refuses"), text("Ask the helpdesk")),
    Trouble.PORTAL_DOWN: (text("The portal does not answer"), text("Try again later")),
    Trouble.USED_OR_EXPIRED: (text("The QR code has expired"), text("Ask for a new one")),
    Trouble.WRONG_CODE: (text("Wrong code"),),
    Trouble.TOO_MANY_TRIES: (text("Wrong too often"), text("Ask for a new QR code")),
    Trouble.FOREIGN: (text("Not for this device"),),
    Trouble.NOT_HTTPS: (text("Unsafe address"), text("Ask the helpdesk")),
    Trouble.CLOCK: (text("The clock is wrong"), text("Ask the helpdesk")),
    Trouble.STORAGE: (text("Cannot save"), text("Ask the helpdesk")),
    Trouble.DUPLICATE: (text("Already linked"),),
    Trouble.WIFI: (text("A Wi-Fi code"), text("The helpdesk sets up Wi-Fi")),
    Trouble.WIFI_UNFIT: (text("A Wi-Fi code"), text("It cannot be used")),
    Trouble.WEAK_SECRET: (text("This code is too weak"),),
    Trouble.OTHER_EXPORT: (text("Of another export"), text("Begin again")),
    Trouble.IS_LOGIN_PAGE: (text("A login page's code"), text("Scan it during a login")),
    Trouble.IS_WEB: (text("Not a login QR code"), text("This is a web address")),
    Trouble.IS_CONTACT: (text("Not a login QR code"), text("This is a contact")),
    Trouble.IS_MAIL: (text("Not a login QR code"), text("This is an e-mail address")),
    Trouble.IS_PHONE: (text("Not a login QR code"), text("This is a phone number")),
    Trouble.IS_PUSH: (text("Not a login QR code"), text("This is for another app")),
    Trouble.IS_TEXT: (text("Not a login QR code"), text("This is plain text")),
    Trouble.NEWER: (text("Too new for this device"), text("Ask the helpdesk")),
    Trouble.UNCHECKED: (text("TLS would not be checked"), text("Ask the helpdesk")),
    Trouble.LINK_ANEW: (text("No answer came back"), text("Link anew: new QR code")),
    Trouble.NOT_MANAGED: (text("The server let it go"), text("Ask for a new QR code")),
    Trouble.NOT_ALLOWED: (text("The server does not allow it"), text("Ask the helpdesk")),
    Trouble.KEY_REFUSED: (text("The key was not accepted"), text("Ask for a new QR code")),
}

OUTCOMES: dict[Outcome, tuple[Text, Text, Light]] = {
    Outcome.APPROVED: (text("Approved"), text("You are signed in"), Light.DONE),
    Outcome.DENIED: (text("Denied"), text("Nobody signs in"), Light.REFUSED),
    Outcome.REPORTED: (text("Reported"), text("The helpdesk knows"), Light.REFUSED),
    Outcome.BLOCKED: (text("Requests blocked"), text("The helpdesk knows"), Light.REFUSED),
    Outcome.CANCELLED: (text("Cancelled"), text("Stopped at the login page"), Light.REFUSED),
    Outcome.EXPIRED: (text("Request expired"), text("Sign in again"), Light.REFUSED),
    Outcome.CODE: (text("Signed in"), text("With the typed code"), Light.DONE),
    Outcome.MISMATCH: (text("Wrong number"), text("Sign in again"), Light.REFUSED),
    Outcome.REFUSED: (text("Not accepted"), text("Sign in again"), Light.REFUSED),
}


def trouble(title: Text, why: Trouble, facts: Facts) -> Turn:
    """Say what went wrong and what to do about it."""
    return _spoken(_notice(title, TROUBLES[why], facts, LONG), Light.REFUSED)


def told(title: Text, lines: tuple[Line, ...], facts: Facts, seconds: float = SHORT) -> Turn:
    """Say something that is no trouble."""
    return Turn(_notice(title, lines, facts, seconds))


def ended(outcome: Outcome, facts: Facts) -> Turn:
    """Say how a request ended."""
    title, line, light = OUTCOMES[outcome]
    return _spoken(replace(_notice(title, (line,), facts, SHORT), of_request=True), light)


def unlocked(facts: Facts) -> Turn:
    """The account is open again: say exactly that the password is still the same one."""
    lines = (text("The password has not changed"), text("Sign in as usual"))
    shown = replace(_notice(text("Unlocked"), lines, facts, LONG), of_request=True)
    return _spoken(shown, Light.DONE)


def revoked(label: str, facts: Facts) -> Turn:
    """The portal ended this account: say which one, and who knows more."""
    lines = (name(label), text("Ended by the portal"), text("Ask the helpdesk"))
    return _spoken(_notice(text("Unlinked"), lines, facts, LONG), Light.REFUSED)


def unsent(why: Trouble, facts: Facts) -> Turn:
    """Say why the answer could not be given; the request comes back while it is still open."""
    shown = _notice(text("Not sent"), TROUBLES[why], facts, LONG)
    return _spoken(replace(shown, of_request=True), Light.REFUSED)


def _notice(title: Text, lines: tuple[Line, ...], facts: Facts, seconds: float) -> Notice:
    now = facts.now.monotonic
    return Notice(title, lines, now + seconds, now + ARMING)


def _spoken(shown: Notice, light: Light) -> Turn:
    sound = Sound.DONE if light is Light.DONE else Sound.REFUSED
    return Turn(replace(shown, light=light), (Buzz(sound),))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Go home when the time is up or somebody presses."""
    match mode, event:
        case Notice(), Ticked() if facts.now.monotonic >= mode.until:
            return Turn(HomeNow(mode.account))
        case Notice(), Tapped() | Held() if settled(event, mode.settles_at):
            return Turn(HomeNow(mode.account))
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """The message."""
    assert isinstance(mode, Notice)
    return Screen(mode.title, Lines(mode.lines, big=True))


MODES = (Notice,)
