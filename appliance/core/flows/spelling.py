"""Words that a server asks for before it links: spelled with the button, or typed on the device page.

A tap moves, a hold takes: first a group of letters, then the letter. What was taken stays hidden but for its last
letter, because somebody may look over a shoulder; it goes to the vault's process and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core.effects import DropOffer
from appliance.core.elsewhere import SendWords, WordsAsked, WordsTyped
from appliance.core.events import EnrolmentFailed, Event, Ticked
from appliance.core.flow import ARMING, Facts, Mode, Turn, moved, settled, stay
from appliance.core.flows import notice
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.screen import Choices, Line, Lines, Screen, Text, name, text
from appliance.core.troubles import Trouble

SPELL_SECONDS, LONGEST = 600.0, 128
GROUPS = ("abcdefghi", "jklmnopqr", "stuvwxyz", "0123456789", "ABCDEFGHI", "JKLMNOPQR", "STUVWXYZ")
SIGNS = (" -_.,:;!?", "@#$%&*+=/", "()[]{}<>", "\\|\"'`~^")
ALL = (*GROUPS, *SIGNS)
DONE, ERASE = len(ALL), len(ALL) + 1
FAILED = text("Not linked")


@dataclass(frozen=True, slots=True)
class Spelling(Mode):
    """`typed` so far; `group` is the opened group of letters, `after` the mode that waits for the server's word.

    First what is asked is `read`, on a panel of its own.
    """

    prompt: str
    after: Mode
    settles_at: float
    until: float
    typed: str = field(default="", repr=False)
    group: int | None = None
    chosen: int = 0
    wrong: bool = False
    read: bool = False

    awake = True
    resumes = True
    hold = 0.8
    ok_chooses = True

    def ok_taps(self) -> bool:
        """A tap takes everything but the last word on it."""
        return not self.read or self.group is not None or self.chosen != DONE


def start(event: WordsAsked, after: Mode, facts: Facts) -> Turn:
    """Ask."""
    now = facts.now.monotonic
    asked = Spelling(event.prompt, after, now + ARMING, now + SPELL_SECONDS)
    return Turn(replace(asked, wrong=event.wrong))


def items(mode: Spelling) -> tuple[Line, ...]:
    """The groups and what ends it, or the letters of the opened group and the way back."""
    if mode.group is not None:
        return (*map(_shown, ALL[mode.group]), text("Back"))
    groups = (_shown(f"{group[0]}–{group[-1]}") for group in GROUPS)
    return (*groups, *map(_shown, SIGNS), text("Done"), text("One back"))


def _shown(letters: str) -> Text:
    return text("Space") if letters == " " else text("{letters}", letters=letters.strip())


def step(mode: Mode, event: Event, facts: Facts) -> Turn:
    """Spell, send, or give it up."""
    assert isinstance(mode, Spelling)
    match event:
        case EnrolmentFailed():
            return notice.trouble(FAILED, event.why, facts)
        case Ticked() if facts.now.monotonic >= mode.until:
            turn = notice.trouble(FAILED, Trouble.TIMEOUT, facts)
            return Turn(turn.mode, (DropOffer(), *turn.effects))
        case WordsTyped():
            return Turn(mode.after, (SendWords(event.words),))
        case Tapped() | Held() if settled(event, mode.settles_at) and not mode.read:
            return stay(replace(mode, read=True, settles_at=facts.now.monotonic))
        case Tapped(move=Move.BACK) if settled(event, mode.settles_at):
            return _back(mode, facts)
        case Tapped() if settled(event, mode.settles_at):
            chosen = moved(event, mode.chosen, len(items(mode)))
            return stay(mode) if chosen is None else stay(replace(mode, chosen=chosen))
        case Held() if settled(event, mode.settles_at):
            return _take(mode, facts)
    return stay(mode)


def _take(mode: Spelling, facts: Facts) -> Turn:
    if mode.group is None:
        return _end(mode, facts) if mode.chosen >= DONE else stay(_opened(mode, mode.chosen))
    letters = ALL[mode.group]
    if mode.chosen == len(letters) or len(mode.typed) >= LONGEST:
        return stay(_opened(mode, None))
    typed = mode.typed + letters[mode.chosen]
    return stay(replace(_opened(mode, None), typed=typed))


def _opened(mode: Spelling, group: int | None) -> Spelling:
    """Inside this group of letters, or before all of them with the last one under the thumb."""
    chosen = 0 if group is not None else mode.group or 0
    return replace(mode, group=group, chosen=chosen, wrong=False)


def _end(mode: Spelling, facts: Facts) -> Turn:
    if mode.chosen == ERASE:
        return _back(mode, facts)
    return Turn(mode.after, (SendWords(mode.typed),)) if mode.typed else stay(mode)


def _back(mode: Spelling, facts: Facts) -> Turn:
    """Out of the group, one letter back, or out of it all."""
    if mode.group is not None:
        return stay(_opened(mode, None))
    if mode.typed:
        return stay(replace(mode, typed=mode.typed[:-1]))
    turn = notice.told(FAILED, (text("Nothing was saved"),), facts)
    return Turn(turn.mode, (DropOffer(), *turn.effects))


def view(mode: Mode, facts: Facts) -> Screen:
    """What is asked, what was taken, and the letters."""
    assert isinstance(mode, Spelling)
    title = text("Wrong. Once more") if mode.wrong else text("Asked by the server")
    if not mode.read:
        return Screen(title, Lines((name(mode.prompt),)), hint=text("Press: spell it"))
    taken = "•" * (len(mode.typed) - 1) + mode.typed[-1:]
    about = (text("{letters}_", letters=taken[-16:]),)
    hint = text("Tap: next · Hold: choose")
    return Screen(title, Choices(items(mode), mode.chosen, about), hint=hint)


MODES = (Spelling,)
