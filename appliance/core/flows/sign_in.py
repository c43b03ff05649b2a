"""Somebody signs in, or links a token and needs a colleague's word: who, where, and the person's own answer.

A press that began before the screen had settled never counts, the list starts on "No", and no answer is never a yes
(checklist rows 12 and 13; CISA, Implementing Number Matching).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core import details, dialling
from appliance.core.dialling import Dialled
from appliance.core.events import Event
from appliance.core.flow import ARMING, Facts, Mode, Turn, dial_hint, moved, settled, stay
from appliance.core.flows import answering, login_scan, picking
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.requests import Asks, Match, Request, Verdict
from appliance.core.screen import Ask, Choices, Dial, Line, Passage, Screen, Text, name, text

NO, YES = 0, 1
NUMBER_LENGTH = 2
ENDINGS = (
    (text("By mistake"), Verdict.DENY),
    (text("This was not me"), Verdict.REPORT),
    (text("Block me for a while"), Verdict.BLOCK),
)


@dataclass(frozen=True, slots=True)
class Asking(Mode):
    """The question itself, on "No" until somebody moves it; past "Yes" come the pages with everything it says."""

    request: Request
    settles_at: float
    chosen: int = NO

    awake = True
    waits = True


@dataclass(frozen=True, slots=True)
class Numbering(Mode):
    """The number from the login page is being dialled."""

    request: Request
    settles_at: float
    dialled: Dialled = field(default_factory=lambda: Dialled(NUMBER_LENGTH))

    awake = True
    waits = True
    hold = 0.8

    def ok_taps(self) -> bool:
        """A tap takes every digit but the last one, which signs."""
        return not self.dialled.at_last


@dataclass(frozen=True, slots=True)
class Refusing(Mode):
    """Why not: by mistake, "this was not me", or leave me in peace. The last line goes back."""

    request: Request
    settles_at: float
    chosen: int = 0

    awake = True
    waits = True


def start(request: Request, facts: Facts) -> Turn:
    """Take over the panel, wherever it was."""
    return Turn(Asking(request, facts.now.monotonic + ARMING))


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """The story of one login."""
    match mode, event:
        case Asking(), Tapped() if settled(event, mode.settles_at):
            return _ask(mode, event, facts)
        case Refusing(), Tapped(move=Move.BACK) if settled(event, mode.settles_at):
            return Turn(Asking(mode.request, facts.now.monotonic))
        case Refusing(), Tapped() if settled(event, mode.settles_at):
            return _choose(mode, event)
        case Asking(chosen=1), Held() if settled(event, mode.settles_at):
            return _approve(mode, facts)
        case Asking(), Held() if mode.chosen > YES and settled(event, mode.settles_at):
            return Turn(Asking(mode.request, facts.now.monotonic))
        case Asking(), Held() if settled(event, mode.settles_at):
            return _say_no(mode.request, facts)
        case Refusing(), Held() if settled(event, mode.settles_at):
            return _refuse(mode, facts)
        case Numbering(), Tapped() if settled(event, mode.settles_at):
            return stay(replace(mode, dialled=dialling.turn(mode.dialled, event.move)))
        case Numbering(), Held() if settled(event, mode.settles_at):
            return _take(mode, facts)
        case Asking() | Numbering() | Refusing(), _:
            return answering.over(mode.request, event, facts) or stay(mode)
    return stay(mode)


def _ask(mode: Asking, event: Tapped, facts: Facts) -> Turn:
    if event.move is not Move.BACK:
        chosen = moved(event, mode.chosen, 2 + len(told(mode.request)))
        return stay(mode) if chosen is None else stay(replace(mode, chosen=chosen))
    if mode.chosen == NO:
        return Turn(Refusing(mode.request, facts.now.monotonic))
    return stay(replace(mode, chosen=NO))


def _say_no(request: Request, facts: Facts) -> Turn:
    """No at once where the server knows but one; else why not."""
    if len(request.endings) == 1:
        return answering.sign(request, request.endings[0])
    return Turn(Refusing(request, facts.now.monotonic))


def endings(request: Request) -> tuple[tuple[Text, Verdict], ...]:
    """The ways of refusing that this server can tell apart."""
    return tuple(ending for ending in ENDINGS if ending[1] in request.endings)


def _choose(mode: Refusing, event: Tapped) -> Turn:
    chosen = moved(event, mode.chosen, len(endings(mode.request)) + 1)
    return stay(mode) if chosen is None else stay(replace(mode, chosen=chosen))


def told(request: Request) -> tuple[tuple[Line, ...], ...]:
    """Everything that will be signed, in full, page by page."""
    names = _subject(request), request.service, request.place
    return details.request_pages(names, request.issued, request.origin)


def _approve(mode: Asking, facts: Facts) -> Turn:
    match mode.request.match:
        case Match.NUMBER:
            return Turn(Numbering(mode.request, facts.now.monotonic))
        case Match.SCAN:
            return login_scan.start(mode.request, facts)
        case Match.PRESS:
            return answering.sign(mode.request, Verdict.APPROVE)
        case Match.CHOICE:
            return picking.start(mode.request, facts)


def _refuse(mode: Refusing, facts: Facts) -> Turn:
    known = endings(mode.request)
    if mode.chosen == len(known):
        return Turn(Asking(mode.request, facts.now.monotonic))
    return answering.sign(mode.request, known[mode.chosen][1])


def _take(mode: Numbering, facts: Facts) -> Turn:
    dialled = dialling.take(mode.dialled)
    if dialled is None:
        return Turn(Asking(mode.request, facts.now.monotonic))
    if dialled.full:
        return answering.sign(mode.request, Verdict.APPROVE, dialled.done)
    return stay(replace(mode, dialled=dialled))


def view(mode: Mode, facts: Facts) -> Screen:
    """Exactly what will be signed: who, which service, where, when, and how long it can still be answered."""
    match mode:
        case Asking():
            asked = _question(mode, facts) if mode.chosen <= YES else _page(mode)
            return replace(asked, bar=answering.time_bar(mode.request, facts))
        case Numbering():
            asks = text("Number on the login page")
            body = Dial(asks, mode.dialled.done, mode.dialled.digit, NUMBER_LENGTH)
            bar = answering.time_bar(mode.request, facts)
            return Screen(text("Enter the number"), body, hint=dial_hint(mode.dialled), bar=bar)
        case Refusing():
            words = tuple(words for words, _ in endings(mode.request))
            items = Choices((*words, text("Back")), mode.chosen)
            bar = answering.time_bar(mode.request, facts)
            return Screen(text("Why not?"), items, hint=text("Tap: next · Hold: send"), bar=bar)
    raise TypeError(type(mode))


def _question(mode: Asking, facts: Facts) -> Screen:
    request = mode.request
    who = name(_subject(request))
    about: tuple[Line, ...] = (who, name(request.service), name(request.place))
    left, more = answering.seconds_left(request, facts), answering.more(request, facts)
    body = Ask(about, (text("No"), text("Yes")), mode.chosen, left, more)
    vouches = request.asks is Asks.VOUCH
    return Screen(text("Vouch for them?") if vouches else text("Signing in?"), body, alert=True)


def _subject(request: Request) -> str:
    """Whom the question is about: the person, or the newcomer to vouch for."""
    return request.note if request.asks is Asks.VOUCH else request.person


def _page(mode: Asking) -> Screen:
    pages = told(mode.request)
    page = mode.chosen - YES
    body = Passage(pages[page - 1], page, len(pages))
    return Screen(text("In full"), body, alert=True)


MODES = (Asking, Numbering, Refusing)
