"""A line of a screen as words in one language, and how words fall into rows of a given width."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.authenticator.painting.font import ELLIPSIS, Font
from appliance.core.screen import Line, Name, Text
from appliance.wording import translate_with

# A value inside a sentence of ours may be long or hostile; it never takes more than this many letters.
LONGEST_VALUE = 32


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to draw. Those from outside (`ours` False) carry a mark and stay on one row."""

    words: str
    ours: bool = True


def say(line: Line, language: str) -> Phrase:
    """The words of a line: ours translated, those from outside as they are."""
    match line:
        case Text():
            return Phrase(say_text(line, language))
        case Name():
            return Phrase(line.words, ours=False)


def say_text(sentence: Text, language: str) -> str:
    """Our sentence in this language, with its values kept short and on one line; sentences that it holds are whole."""
    fill = {
        place: _short(value) if isinstance(value, str) else say_text(value, language)
        for place, value in sentence.fill
    }
    return translate_with(sentence.english, language, fill)


def _short(value: str) -> str:
    flat = " ".join("".join(c if c.isprintable() else " " for c in value[:1024]).split())
    return flat if len(flat) <= LONGEST_VALUE else flat[: LONGEST_VALUE - 1] + ELLIPSIS


def wrap(words: str, font: Font, width: int) -> list[str] | None:
    """The rows these words take, about equally long; None when a single word is wider than a row."""
    rows = _greedy(words, font, width)
    if rows is None or len(rows) == 1:
        return rows
    best, narrower = rows, width - 4
    while narrower > 8:
        tried = _greedy(words, font, narrower)
        if tried is None or len(tried) > len(rows):
            return best
        best, narrower = tried, narrower - 4
    return best


def _greedy(words: str, font: Font, width: int) -> list[str] | None:
    rows: list[str] = []
    for word in words.split():
        if font.width(word) > width:
            return None
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and font.width(longer) <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def chop(words: str, font: Font, width: int, most: int) -> list[str]:
    """Words broken where a row is full, after a sign if there is one; past `most` rows they end in "…"."""
    rows: list[str] = []
    rest = words
    while rest and len(rows) < most - 1 and font.width(rest[:200]) > width:
        end = 1
        while end < len(rest) and font.width(rest[: end + 1]) <= width:
            end += 1
        signs = [place for place in range(end // 2, end) if rest[place] in "/:.@-_"]
        end = signs[-1] + 1 if signs else end
        rows.append(rest[:end].strip())
        rest = rest[end:].strip()
    return [*rows, font.clip(rest, width)] if rest else rows
