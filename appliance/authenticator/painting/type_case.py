"""The sizes of type on the panel, and where the fixed rows of every screen lie.

A capital of 11 pixels is 2.5 mm on a 1.3 inch panel: 16 minutes of arc at half a metre (ISO 9241-3); only titles
and hints, which nobody needs at a distance, are smaller.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.authenticator.painting.font import Font, load

WIDTH, HEIGHT = 126, 64
GLASS = 128  # the picture walks in the two spare columns, so that no pixel burns in
TITLE_BASE, RULE = 9, 11
BODY_TOP = 13
HINT_TOP, HINT_BASE = 52, 60
BAR_TOP = 62


@dataclass(frozen=True, slots=True)
class TypeCase:
    """Every font of the panel, loaded once."""

    small: Font
    small_bold: Font
    middle: Font
    middle_bold: Font
    large: Font
    large_bold: Font
    huge: Font
    code_long: Font
    code: Font
    code_big: Font
    dial: Font


def load_all() -> TypeCase:
    """Read all font files."""
    return TypeCase(
        small=load("regular-8", 8, 2),
        small_bold=load("bold-8", 8, 2),
        middle=load("regular-9", 9, 3),
        middle_bold=load("bold-9", 9, 3),
        large=load("regular-11", 11, 3),
        large_bold=load("bold-11", 11, 3),
        huge=load("bold-14", 14, 4),
        code_long=load("figures-18", 18, 0),
        code=load("figures-24", 24, 0),
        code_big=load("figures-48", 48, 0),
        dial=load("figures-50", 50, 0),
    )
