"""Home: the code of one account, or the one thing that an unlinked device can do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core import kiosk
from appliance.core.accounts import Account, Code, Kind
from appliance.core.clock_trust import Trust
from appliance.core.effects import GiveCode
from appliance.core.elsewhere import TextToType
from appliance.core.events import AccountsChanged, CodeReady, Event, Health, Ticked
from appliance.core.flow import LAST_MOVES, NEXT_MOVES, Facts, Mode, Turn, stay
from appliance.core.flows import enrolment, linked, menu, pin, profile, typing_over
from appliance.core.gestures import Held, Tapped
from appliance.core.screen import Bar, Digits, Line, Lines, Screen, Text, name, text

FRESH_SECONDS = 2.0
HANDS_SECONDS = 6.0
ASK_AGAIN = 2.0
BIG_PAGE_SECONDS = 2.0
NO_STORAGE = (text("Storage trouble"), text("Ask the helpdesk"))
AILS = {
    "storage": (text("No storage"), text("No storage · Hold: menu")),
    "network": (text("No network"), text("No network · Hold: menu")),
    "portal": (text("No portal"), text("No portal · Hold: menu")),
    "clock": (text("Clock"), text("Clock is off · Hold: menu")),
}
WITHOUT_TIME = (Kind.HOTP, Kind.PUSH, Kind.CONTAINER)
BY_HAND = (text("Clock by hand"), text("Clock by hand · Hold: menu"))


@dataclass(frozen=True, slots=True)
class Home(Mode):
    """One account and its code. `asked` is when the vault was asked for a code (0 = not), in Unix seconds."""

    account: str = ""
    code: Code | None = None
    coming: Code | None = None
    asked: float = 0.0

    ok_chooses = True


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Keep a good code on the screen; a tap shows the next account, a hold opens the menu."""
    if not isinstance(mode, Home):
        return stay(mode)
    account = shown(mode, facts)
    if account is not None and pin.closed(account.id, facts) and isinstance(event, Held | Ticked):
        return pin.knock(account, facts) if isinstance(event, Held) else stay(Home(account.id))
    match event:
        case AccountsChanged():
            return stay(Home(mode.account))
        case TextToType():
            return typing_over.start(event, facts)
        case Held() if account is not None and account.to_type:
            return typing_over.again(account)
        case Held() if account is None:
            return enrolment.start(facts)
        case Tapped() if account is None:
            return menu.start(facts, "")
        case Held():
            return menu.start(facts, _fresh_wish(account), account.id if account else "")
        case Tapped() if account is not None:
            return stay(_neighbour(mode, account, event, facts))
        case CodeReady() if account is not None and event.code.account == account.id:
            return stay(_given(mode, account, event.code, facts.now.wall))
        case Ticked() if account is not None:
            return _refresh(mode, account, facts)
    return stay(mode)


def shown(mode: Home, facts: Facts) -> Account | None:
    """The account on the screen: the named one, else the first."""
    named = [account for account in facts.accounts if account.id == mode.account]
    found = next(iter(named or facts.accounts), None)
    return None if found is None else kiosk.at_rest(found, facts.settings)


def _fresh_wish(account: Account | None) -> str:
    return account.id if account is not None and account.kind is Kind.HOTP else ""


def _neighbour(mode: Home, account: Account, event: Tapped, facts: Facts) -> Home:
    places = [known.id for known in facts.accounts]
    by = 1 if event.move in NEXT_MOVES else -1 if event.move in LAST_MOVES else 0
    next_id = places[(places.index(account.id) + by) % len(places)]
    return mode if next_id == account.id else Home(next_id)


def _refresh(mode: Home, account: Account, facts: Facts) -> Turn:
    wall = facts.now.wall
    if account.kind in WITHOUT_TIME or account.to_type:
        return stay(mode)
    if not facts.now.trust.shows_codes:
        return stay(Home(account.id))
    just_asked = mode.asked != 0.0 and 0 <= wall - mode.asked < ASK_AGAIN
    if mode.code is None or not mode.code.holds_at(wall):
        if mode.coming is not None and mode.coming.holds_at(wall):
            return stay(Home(account.id, mode.coming))
        if just_asked:
            return stay(replace(mode, code=None, coming=None))
        return Turn(Home(account.id, asked=wall), (GiveCode(account.id),))
    if mode.coming is None and _dying(mode.code, wall) and not just_asked:
        return Turn(replace(mode, asked=wall), (GiveCode(account.id, ahead=True),))
    return stay(mode)


def _given(mode: Home, account: Account, code: Code, wall: float) -> Home:
    if code.holds_at(wall) or mode.code is None:
        return Home(account.id, code)
    return Home(account.id, mode.code, coming=code)


def _dying(code: Code, wall: float) -> bool:
    """Whether so little time is left that a person would not finish typing; never of a counter code."""
    return code.valid_to is not None and code.valid_to - wall < HANDS_SECONDS


def view(mode: Mode, facts: Facts) -> Screen:
    """The code with its seconds, or what stands in its place."""
    assert isinstance(mode, Home)
    account = shown(mode, facts)
    if account is None:
        return _unlinked(facts)
    if pin.closed(account.id, facts):
        return pin.locked_view(account, facts)
    if account.to_type:
        return typing_over.waiting_view(account)
    if account.kind in (Kind.PUSH, Kind.CONTAINER):
        return _waiting(account, facts)
    if account.kind is not Kind.HOTP and not facts.now.trust.shows_codes:
        lines = (text("Clock not set"), text("Waiting for the network"))
        return Screen(name(account.label), Lines(lines, big=True), hint=text("Hold: menu"))
    return _code(mode, account, facts)


def _waiting(account: Account, facts: Facts) -> Screen:
    """An account without a code of its own: it waits, or says why it waits in vain."""
    waits = text("Waits for a login") if account.kind is Kind.PUSH else text("Hands out accounts")
    lines: tuple[Line, ...] = (waits, linked.issuer(account))
    if account.id in facts.unknown:
        lines = (text("Its server refuses it"), text("Link it anew"))
    if account.unfinished:
        lines = (text("Not finished"), text("Choose Update account"))
    if account.unchecked:
        lines = (lines[0], text("Server not checked"))
    return Screen(name(account.label), Lines(lines), hint=_hint(facts))


def _hint(facts: Facts) -> Text:
    """What ails the device, or what the keys do."""
    ails = trouble(facts)
    several = len(facts.accounts) > 1
    usual = text("Tap: next · Hold: menu") if several else text("Hold: menu")
    return ails[1] if ails else usual


def _code(mode: Home, account: Account, facts: Facts) -> Screen:
    code, wall = mode.code, facts.now.wall
    ails, hint = trouble(facts), _hint(facts)
    if code is None or not code.holds_at(wall):
        return Screen(name(account.label), Lines(_instead(account, facts), big=True), hint=hint)
    left = code.seconds_left(wall)
    bar = None if left is None else Bar("time", min(1.0, left / account.period))
    body = _digits(mode, code, account, facts)
    title = ails[0] if ails and body.half is not None else name(account.label)
    warned = None if ails else profile.warning(account, facts)
    return Screen(title, body, hint=warned or hint, bar=bar)


def _instead(account: Account, facts: Facts) -> tuple[Text, ...]:
    """Where there is no code: a disk that takes nothing gives none, because what was shown must be remembered."""
    if facts.part("storage") is Health.BAD:
        return NO_STORAGE
    return (text("New code: hold") if account.kind is Kind.HOTP else text("One moment please"),)


def _unlinked(facts: Facts) -> Screen:
    lines = (text("Not linked"), text("Scan your QR code"))
    if facts.part("storage") is Health.BAD:
        lines = NO_STORAGE
    return Screen(text("Desk Token"), Lines(lines, big=True), hint=text("Hold: scan · Tap: menu"))


def trouble(facts: Facts) -> tuple[Text, Text] | None:
    """What is wrong while the code is still good, and as a hint: it stands beside the code, never in its place.

    A time that only a technician's hand vouches for is not wrong, and is said until the network confirms it.
    """
    by_hand = BY_HAND if facts.now.trust is Trust.SET else None
    return next((said for part, said in AILS.items() if facts.part(part) is Health.BAD), by_hand)


def _digits(mode: Home, code: Code, account: Account, facts: Facts) -> Digits:
    """The code; or the coming one with its wait, so that no code dies in the hand."""
    wall, left = facts.now.wall, code.seconds_left(facts.now.wall)
    who = name(account.issuer or account.label)
    half = int(facts.now.monotonic / BIG_PAGE_SECONDS) % 2 if facts.settings.big_digits else None
    if mode.coming is not None and _dying(code, wall):
        return Digits(who, mode.coming.digits, left, waits=left, half=half)
    fresh = left is not None and wall - code.valid_from < FRESH_SECONDS
    return Digits(who, code.digits, left, fresh, half=half)


MODES = (Home,)
