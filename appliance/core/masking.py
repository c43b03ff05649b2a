"""A screen for those who are not in front of it: every figure is a nought, no picture or QR code is left.

What this hides can never be asked back; the device page shows the panel only through it (checklist row 28).
"""

from __future__ import annotations

import re
from dataclasses import replace

from appliance.core.screen import (
    Ask,
    Body,
    Choices,
    Dial,
    Digits,
    Line,
    Lines,
    Name,
    Passage,
    QrPage,
    Screen,
    Text,
    Viewfinder,
)

FIGURE = re.compile(r"\d")


def masked(screen: Screen) -> Screen:
    """The same screen without a figure from outside, a camera picture or a QR code."""
    return replace(screen, title=_line(screen.title), hint=_hint(screen), body=_body(screen.body))


def _hint(screen: Screen) -> Text | None:
    return None if screen.hint is None else _text(screen.hint)


def _body(body: Body) -> Body:
    match body:
        case Digits():
            return replace(body, account=_line(body.account), digits=_noughts(body.digits))
        case Dial():
            return replace(body, asks=_line(body.asks), done=_noughts(body.done), digit=0)
        case QrPage():
            return Lines(_lines(body.lines))
        case Viewfinder():
            return replace(body, width=0, height=0, bits=b"", hint=_text(body.hint))
        case Choices():
            return replace(body, items=_lines(body.items), about=_lines(body.about))
        case Ask():
            return replace(body, about=_lines(body.about))
        case Lines() | Passage():
            return replace(body, lines=_lines(body.lines))


def _lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(map(_line, lines))


def _line(line: Line) -> Line:
    return Name(_noughts(line.words)) if isinstance(line, Name) else _text(line)


def _text(sentence: Text) -> Text:
    fill = ((place, _noughts(v) if isinstance(v, str) else _text(v)) for place, v in sentence.fill)
    return Text(sentence.english, tuple(fill))


def _noughts(words: str) -> str:
    return FIGURE.sub("0", words)
