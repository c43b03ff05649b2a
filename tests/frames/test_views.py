"""Every view says what it always said: each screen, asked and painted anew, is the one of its golden frame."""

from __future__ import annotations

from appliance.authenticator.painter import Painter
from tests.frames.pictures import FOLDER, plain
from tests.painting.screens import catalogue


def test_no_view_says_anything_else_than_its_golden_frame() -> None:
    """Asks the views at this very moment; the other test of the frames asks them once, when it is read."""
    painter = Painter()
    moved = [
        name
        for name, screen in catalogue().items()
        if plain(painter.paint(screen, "en")) != (FOLDER / f"{name}.en.pbm").read_text("ascii")
    ]
    assert moved == []
