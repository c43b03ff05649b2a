"""The PIN: chosen, asked, changed and removed with the button. It guards codes and approvals, never a refusal.

Digits go to the vault and nowhere else; whether they were right, and how long the next try must wait, comes back as
an event. Whoever forgot the PIN comes to the menu, where the reset is: there is no other way around it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core import dialling
from appliance.core.accounts import Account
from appliance.core.dialling import Dialled
from appliance.core.effects import CheckPin, ChoosePin, ForgetPin
from appliance.core.events import Event, Health, PartChanged, PinsChanged, PinTried, Wiped
from appliance.core.flow import ARMING, Facts, HomeNow, Mode, Turn, dial_hint, moved, settled, stay
from appliance.core.flows import notice
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.screen import Choices, Dial, Line, Lines, Screen, Text, name, text
from appliance.core.troubles import Trouble

LENGTH, MINUTES_FROM = 4, 120
CHANGE, REMOVE, BACK = text("Change the PIN"), text("Remove the PIN"), text("Back")
TITLE, CHOOSE = text("PIN"), text("Choose a PIN")


@dataclass(frozen=True, slots=True)
class Entering(Mode):
    """The PIN of this owner is being dialled; `left` is how many tries are left after a wrong one."""

    owner: str
    settles_at: float
    account: str = ""
    manages: bool = False
    dialled: Dialled = field(default_factory=lambda: Dialled(LENGTH))
    checking: bool = False
    wrong: bool = False
    wait_until: float = 0.0

    hold = 0.8

    def ok_taps(self) -> bool:
        """A tap takes every digit but the last one, which is checked at once."""
        return not self.dialled.at_last


@dataclass(frozen=True, slots=True)
class Choosing(Mode):
    """A new PIN is dialled, and dialled again to be sure."""

    owner: str
    settles_at: float
    dialled: Dialled = field(default_factory=lambda: Dialled(LENGTH))
    first: str = field(default="", repr=False)
    differed: bool = False
    asks: Text = CHOOSE

    hold = 0.8


@dataclass(frozen=True, slots=True)
class Managing(Mode):
    """Somebody who knows the PIN may change or remove it."""

    owner: str
    settles_at: float
    chosen: int = 0


def start(facts: Facts, account: str) -> Turn:
    """From the menu: choose one, or prove the one there is and then change it."""
    chooses = choosing(account, facts)
    if chooses.owner in facts.pins:
        return Turn(Entering(chooses.owner, chooses.settles_at, account, manages=True))
    return Turn(chooses)


def closed(account: str, facts: Facts) -> bool:
    """Whether nothing of this account may be seen now: its PIN was not typed, or one must be chosen first."""
    return facts.locked(account) is not None or facts.lacks_pin(account)


def knock(account: Account, facts: Facts) -> Turn:
    """At home, before a closed account: ask for its PIN, or have one chosen."""
    owner = facts.locked(account.id)
    if owner is None:
        return Turn(choosing(account.id, facts))
    return Turn(Entering(owner, facts.now.monotonic + ARMING, account.id))


def choosing(account: str, facts: Facts) -> Choosing:
    """A new PIN, of this account or of the whole device."""
    owner = account if facts.settings.pin_each else ""
    return Choosing(owner, facts.now.monotonic + ARMING)


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Dial, check, wait; choose twice; manage."""
    match mode, event:
        case _, Wiped():
            return notice.told(text("Erased"), (text("Nothing is left"),), facts)
        case _, PartChanged(part="storage", health=Health.BAD):
            return notice.trouble(TITLE, Trouble.STORAGE, facts)
        case Entering(), _:
            return enter(mode, event, facts)
        case Choosing(), _:
            return choose(mode, event, facts)
        case Managing(), _:
            return _manage(mode, event, facts)
    return stay(mode)


def enter(mode: Entering, event: Event, facts: Facts) -> Turn:
    """Dial it, and hear whether it was right."""
    now = facts.now.monotonic
    match event:
        case PinTried(right=True) if event.owner == mode.owner:
            return Turn(
                Managing(mode.owner, now + ARMING) if mode.manages else HomeNow(mode.account)
            )
        case PinTried() if event.owner == mode.owner:
            again = Entering(mode.owner, now + ARMING, mode.account, mode.manages, wrong=True)
            return stay(replace(again, wait_until=now + event.wait))
        case Tapped() | Held() if mode.checking or now < mode.wait_until:
            return stay(mode)
        case Tapped() if settled(event, mode.settles_at):
            return stay(replace(mode, dialled=dialling.turn(mode.dialled, event.move)))
        case Held() if settled(event, mode.settles_at):
            return _take(mode)
    return stay(mode)


def _take(mode: Entering) -> Turn:
    dialled = dialling.take(mode.dialled)
    if dialled is None:
        return Turn(HomeNow(mode.account, menu=True))
    if not dialled.full:
        return stay(replace(mode, dialled=dialled))
    waiting = replace(mode, dialled=Dialled(LENGTH), checking=True)
    return Turn(waiting, (CheckPin(mode.owner, dialled.done),))


def choose(mode: Choosing, event: Event, facts: Facts) -> Turn:
    """Dial a new one twice."""
    match event:
        case PinsChanged():
            return notice.told(TITLE, (text("The PIN is set"),), facts)
        case Tapped() if settled(event, mode.settles_at):
            return stay(replace(mode, dialled=dialling.turn(mode.dialled, event.move)))
        case Held() if settled(event, mode.settles_at):
            return _chosen(mode, facts)
    return stay(mode)


def _chosen(mode: Choosing, facts: Facts) -> Turn:
    dialled, settles_at = dialling.take(mode.dialled), facts.now.monotonic + ARMING
    if dialled is None:
        return Turn(HomeNow())
    if not dialled.full:
        return stay(replace(mode, dialled=dialled))
    if not mode.first:
        return Turn(Choosing(mode.owner, settles_at, first=dialled.done))
    if mode.first != dialled.done:
        return Turn(Choosing(mode.owner, settles_at, differed=True))
    return Turn(Choosing(mode.owner, settles_at), (ChoosePin(mode.owner, dialled.done),))


def _manage(mode: Managing, event: Event, facts: Facts) -> Turn:
    match event:
        case PinsChanged():
            return notice.told(TITLE, (text("The PIN is removed"),), facts)
        case Tapped(move=Move.BACK) if settled(event, mode.settles_at):
            return Turn(HomeNow())
        case Tapped() if settled(event, mode.settles_at):
            chosen = moved(event, mode.chosen, 3)
            return stay(mode) if chosen is None else stay(replace(mode, chosen=chosen))
        case Held() if settled(event, mode.settles_at):
            if mode.chosen == 0:
                return Turn(Choosing(mode.owner, facts.now.monotonic + ARMING))
            return Turn(mode, (ForgetPin(mode.owner),)) if mode.chosen == 1 else Turn(HomeNow())
    return stay(mode)


def locked_view(account: Account, facts: Facts) -> Screen:
    """Home, before a closed account."""
    if facts.lacks_pin(account.id):
        asks = (text("Locked"), text("This service wants a PIN"))
        return Screen(name(account.label), Lines(asks), hint=text("Hold: choose a PIN"))
    lines = (text("Locked"), text("With a PIN"))
    return Screen(name(account.label), Lines(lines, big=True), hint=text("Hold: enter the PIN"))


def view(mode: Mode, facts: Facts) -> Screen:
    """The dial, patience, or the two things that can be done with a PIN."""
    match mode:
        case Entering():
            return _entering(mode, facts)
        case Choosing():
            asks = text("Once more") if mode.first else mode.asks
            return _dial(text("Not the same. Again") if mode.differed else asks, mode.dialled)
    assert isinstance(mode, Managing)
    hint = text("Tap: next · Hold: choose")
    return Screen(TITLE, Choices((CHANGE, REMOVE, BACK), mode.chosen), hint=hint)


def _entering(mode: Entering, facts: Facts) -> Screen:
    wait = int(mode.wait_until - facts.now.monotonic + 0.999)
    if mode.checking:
        return Screen(TITLE, Lines((text("One moment please"),), big=True))
    if wait > 0:
        return Screen(TITLE, Lines((text("Wrong PIN"), _how_long(wait)), big=True))
    return _dial(text("Wrong. Try again") if mode.wrong else text("Enter the PIN"), mode.dialled)


def _how_long(wait: int) -> Line:
    """The seconds while they can be counted along, else whole minutes, rounded up."""
    if wait < MINUTES_FROM:
        return text("Wait {seconds} s", seconds=str(wait))
    return text("Wait {minutes} min", minutes=str(-(-wait // 60)))


def _dial(asks: Line, dialled: Dialled) -> Screen:
    """The digits that were taken stay hidden: somebody may look over a shoulder."""
    body = Dial(asks, "•" * len(dialled.done), dialled.digit, LENGTH)
    return Screen(TITLE, body, hint=dial_hint(dialled))


MODES = (Entering, Choosing, Managing)
