"""Something from this panel must be typed elsewhere: digits on a login page, or a text at a new account's server.

The text is shown large, five characters a page, and again whenever the account is opened, until the person says that
the server took it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core.accounts import Account
from appliance.core.effects import Buzz, Sound
from appliance.core.elsewhere import DigitsToType, ShowText, TextToType, TextTyped
from appliance.core.events import AccountsChanged, Event, Ticked
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn, moved, settled, stay
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.screen import Digits, Lines, Screen, name, text

DIGITS_SECONDS, TEXT_SECONDS, ON_A_PAGE = 120.0, 600.0, 5


@dataclass(frozen=True, slots=True)
class Digital(Mode):
    """The login page waits for these digits; they come once."""

    account: str
    digits: str = field(repr=False)
    settles_at: float
    until: float

    awake = True
    ok_chooses = True


@dataclass(frozen=True, slots=True)
class Textual(Mode):
    """A page of the text; past the last page a hold says that the server took it."""

    account: str
    words: str = field(repr=False)
    settles_at: float
    until: float
    page: int = 0

    awake = True
    resumes = True

    @property
    def pages(self) -> tuple[str, ...]:
        """The text in pieces."""
        starts = range(0, len(self.words), ON_A_PAGE)
        return tuple(self.words[at : at + ON_A_PAGE] for at in starts)


def digits(event: DigitsToType, account: str, facts: Facts) -> Turn:
    """Show the digits that finish a login."""
    now = facts.now.monotonic
    mode = Digital(account, event.digits, now + ARMING, now + DIGITS_SECONDS)
    return Turn(mode, (Buzz(Sound.DONE),))


def start(event: TextToType, facts: Facts) -> Turn:
    """Show the text of an account that is stored and not finished."""
    now = facts.now.monotonic
    return Turn(Textual(event.account, event.words, now + ARMING, now + TEXT_SECONDS))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Turn the pages, say that it is done, or go away and come back later."""
    now = facts.now.monotonic
    match mode, event:
        case Digital(), Tapped() | Held() if settled(event, mode.settles_at):
            return Turn(HomeNow(mode.account))
        case Digital() | Textual(), Ticked() if now >= mode.until:
            return Turn(HomeNow(mode.account))
        case Textual(), Tapped(move=Move.BACK) if settled(event, mode.settles_at):
            return Turn(HomeNow(mode.account))
        case Textual(), Tapped() if settled(event, mode.settles_at):
            page = moved(event, mode.page, len(mode.pages) + 1)
            return stay(mode) if page is None else stay(replace(mode, page=page))
        case Textual(), Held() if settled(event, mode.settles_at):
            if mode.page < len(mode.pages):
                return Turn(HomeNow(mode.account))
            return Turn(mode, (TextTyped(mode.account),))
        case Textual(), AccountsChanged():
            return Turn(HomeNow(mode.account))
    return stay(mode)


def view(mode: Mode, facts: Facts) -> Screen:
    """Digits or a piece of the text, as large as the panel has them."""
    match mode:
        case Digital():
            body = Digits(text("Type this on the page"), mode.digits, None)
            return Screen(text("Approved"), body, hint=text("Tap: done"))
        case Textual() if mode.page < len(mode.pages):
            count = {"page": str(mode.page + 1), "pages": str(len(mode.pages))}
            title = text("Type at the server {page}/{pages}", **count)
            piece = text("{letters}", letters=" ".join(mode.pages[mode.page]))
            return Screen(title, Lines((piece,), big=True), hint=text("Tap: next · Hold: later"))
    lines = (text("Taken by the server?"), text("Then the codes are good"))
    return Screen(text("Link complete"), Lines(lines), hint=text("Tap: again · Hold: done"))


def waiting_view(account: Account) -> Screen:
    """Home, before an account whose text was not typed yet."""
    lines = (text("Not finished"), text("Type a text at the server"))
    return Screen(name(account.label), Lines(lines), hint=text("Hold: show the text"))


def again(account: Account) -> Turn:
    """Ask for the text once more."""
    return Turn(HomeNow(account.id), (ShowText(account.id),))


MODES = (Digital, Textual)
