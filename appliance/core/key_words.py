"""The same grammar for three sets of keys: what a hint says of one button, in the words of three keys or a joystick.

The stories speak of one button, on which a tap moves and a hold chooses. With more keys, OK chooses and the others
move; where a hold signs, erases or opens something it stays a hold, and the words say so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from appliance.core.screen import Ask, Body, Line, Lines, Screen, Text, text

ONE, THREE, JOYSTICK = "one", "three", "joystick"
Keyed = tuple[Text, Text]


def _both(words: Text) -> Keyed:
    return words, words


KEYED: dict[Text, Keyed] = {
    text("Hold: scan · Tap: menu"): (text("OK: scan · Next: menu"), text("OK: scan · Right: menu")),
    text("Tap: done"): _both(text("OK: done")),
    text("Tap: done · Hold: renew all"): _both(text("Back · Hold OK: renew")),
    text("Tap: next · Hold: later"): (text("Next · OK: later"), text("Up/down · OK: later")),
    text("Tap: again · Hold: done"): (text("Next: again · OK: done"), text("Up: again · OK: done")),
    text("Hold: show the text"): _both(text("OK: show the text")),
    text("Hold: choose a PIN"): _both(text("OK: choose a PIN")),
    text("Clock is off · Hold: menu"): _both(text("Clock is off · OK: menu")),
    text("Hold: menu"): _both(text("OK: menu")),
    text("Tap: next · Hold: menu"): (text("Next: code · OK: menu"), text("Right: code · OK: menu")),
    text("No storage · Hold: menu"): _both(text("No storage · OK: menu")),
    text("No network · Hold: menu"): _both(text("No network · OK: menu")),
    text("No portal · Hold: menu"): _both(text("No portal · OK: menu")),
    text("Tap: next · Hold: choose"): (text("Next · OK: choose"), text("Up/down · OK: choose")),
    text("Tap: next · Hold: change"): (text("Next · OK: change"), text("Up/down · OK: change")),
    text("Tap: next · Hold: back"): (text("Next · OK: back"), text("Up/down · OK: back")),
    text("Tap: next · Hold: send"): (text("Next · Hold OK"), text("Up/down · Hold OK")),
    text("Tap: all · Hold: back"): (text("Next: all · OK: back"), text("Down: all · OK: back")),
    text("Tap: away? · Hold: back"): (text("Next: away? · OK: back"), text("Right: away? · OK: back")),
    text("Tap: longer · Hold: back"): (text("Next: longer · OK: back"), text("Right: longer · OK: back")),
    text("Tap: +1 · Hold: next"): (text("Next: +1 · OK: take"), text("Up: +1 · OK: take")),
    text("Tap: +1 · Hold: send"): (text("Next: +1 · Hold OK"), text("Up: +1 · Hold OK")),
    text("Tap: home · Hold: close"): _both(text("Back · Hold OK: close")),
    text("Hold 3 s: open · Tap: no"): _both(text("Hold OK 3 s · Back: no")),
    text("Hold 3 s: yes · Tap: no"): _both(text("Hold OK 3 s · Back: no")),
    text("Hold: enter the PIN"): _both(text("OK: enter the PIN")),
    text("Tap: home"): _both(text("Back: home")),
    text("Hold 5 s: erase · Tap: no"): _both(text("Hold OK 5 s · Back: no")),
    text("Hold: link · Tap: no"): _both(text("Hold OK: link · Back: no")),
    text("Hold: yes · Tap: back"): _both(text("Hold OK: yes · Back")),
    text("Hold: close"): _both(text("Hold OK: off")),
    text("Hold: stop"): _both(text("OK: stop")),
    text("New code: hold"): _both(text("New code: OK")),
    text("Tap moves, hold chooses"): (text("Next moves, hold OK"), text("Move, then hold OK")),
}  # fmt: skip
HOLD_OK = text("Hold OK")


def in_words_of(keys: str, screen: Screen) -> Screen:
    """The screen with its hint and its lines in the words of this set of keys."""
    if keys == ONE:
        return screen
    hint = None if screen.hint is None else _words(screen.hint, keys)
    return replace(screen, hint=hint, body=_body(screen.body, keys))


def key_set(roles: Collection[str]) -> str:
    """Which set of keys a board with these roles has."""
    if "up" in roles and "down" in roles:
        return JOYSTICK
    return THREE if "next" in roles and "back" in roles else ONE


def _words(words: Text, keys: str) -> Text:
    three, joystick = KEYED.get(words, (words, words))
    return three if keys == THREE else joystick


def _line(line: Line, keys: str) -> Line:
    return _words(line, keys) if isinstance(line, Text) else line


def _body(body: Body, keys: str) -> Body:
    match body:
        case Lines():
            return replace(body, lines=tuple(_line(line, keys) for line in body.lines))
        case Ask():
            return replace(body, about=tuple(_line(line, keys) for line in body.about))
    return body
