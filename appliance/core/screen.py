"""What is on the panel, in words: a title, one body, a hint and a bar. Never pixels, never a secret.

Our own words are `Text`, named by their English sentence and translated when they are painted; one may hold another.
Words from outside are `Name`: cleaned here once, clipped by the painter, never translated.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """One of our sentences, by its English form; `fill` puts values, or sentences of ours, in its {places}."""

    english: str
    fill: tuple[tuple[str, str | Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """Words that came from outside: printable, on one line, at most 512 characters."""

    words: str


Line = Text | Name


def text(english: str, **fill: str | Text) -> Text:
    """A sentence of ours with its places filled."""
    return Text(english, tuple(fill.items()))


def filled(sentence: str, fill: Mapping[str, str]) -> str:
    """The sentence with its {places} filled; one without a value stays, and no value is looked into."""
    return PLACE.sub(lambda place: str(fill.get(place[1], place[0])), sentence)


def in_english(sentence: Text) -> str:
    """For the log: the sentence as it stands in the source, with all that it holds."""
    fill = {place: v if isinstance(v, str) else in_english(v) for place, v in sentence.fill}
    return filled(sentence.english, fill)


def name(untrusted_words: str) -> Name:
    """Clean words from outside: no control, format or direction marks, single spaces."""
    seen = "".join(
        c for c in untrusted_words[:2048] if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    flat = " ".join(unicodedata.normalize("NFC", seen).split())
    return Name(flat[:512].rstrip())


@dataclass(frozen=True, slots=True)
class Lines:
    """Up to three lines, the first one the most important; `big` draws the first one larger."""

    lines: tuple[Line, ...]
    big: bool = False


@dataclass(frozen=True, slots=True)
class Digits:
    """A code in big grouped digits under the account it belongs to; `fresh` marks the first seconds of a new one.

    `waits` is set when this is the coming code: so many seconds until it is good. `half` is set in the big mode:
    only the first (0) or last (1) half of the digits is drawn, as large as the panel allows.
    """

    account: Line
    digits: str = field(repr=False)
    seconds_left: int | None
    fresh: bool = False
    waits: int | None = None
    half: int | None = None


@dataclass(frozen=True, slots=True)
class Dial:
    """Digits being dialled: those chosen so far, the one under the thumb, and how many there are in all.

    `digit` runs from 0 to 9; 10 is the arrow that takes the last digit back.
    """

    asks: Line
    done: str = field(repr=False)
    digit: int = field(repr=False)
    length: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: up to three lines of what it is about, and two answers side by side with one of them chosen.

    `more` is how many other questions wait behind this one.
    """

    about: tuple[Line, ...]
    answers: tuple[Text, ...]
    chosen: int
    seconds_left: int
    more: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """One page (from 1) of everything that was said, each line in full."""

    lines: tuple[Line, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Choices:
    """A list with one line chosen; `about` (at most two lines) stands above it."""

    items: tuple[Line, ...]
    chosen: int
    about: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Viewfinder:
    """What the camera sees (packed one-bit rows, or empty before the first frame) and a hint for the hand."""

    width: int
    height: int
    bits: bytes = field(repr=False)
    hint: Text


@dataclass(frozen=True, slots=True)
class QrPage:
    """A QR code for a phone or laptop, beside the same thing in words."""

    content: str = field(repr=False)
    lines: tuple[Line, ...]


Body = Lines | Digits | Dial | Ask | Passage | Choices | Viewfinder | QrPage


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from 0.0 to 1.0: `hold` fills while a key is held or work goes on, `time` empties as time runs out."""

    kind: str
    fraction: float


@dataclass(frozen=True, slots=True)
class Screen:
    """One whole panel. `alert` draws the mark of a request; `lit` False is a dark panel.

    `shift` is the step of the slow walk by which a picture that stands for hours is kept from burning in.
    """

    title: Line
    body: Body
    hint: Text | None = None
    bar: Bar | None = None
    alert: bool = False
    lit: bool = True
    dim: bool = False
    shift: int = 0
