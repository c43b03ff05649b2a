"""A screen as it is shown from afar: no figure, no picture and no QR code of the real one is left in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.authenticator.painter import Painter
from appliance.core.masking import masked
from appliance.core.screen import Dial, Digits, Lines, QrPage, Screen, Viewfinder, name, text
from tests.painting.screens import catalogue

PAINTER = Painter()


def body_of(figure: str) -> tuple[Screen, ...]:
    """The same screens with another figure in every place where a secret may stand."""
    code = (figure * 6)[:6]
    return (
        Screen(name(f"Bank {code}"), Digits(name(f"jan {code}"), code, 12)),
        Screen(text("Code"), Dial(text("Code"), code[:3], int(figure), 6)),
        Screen(text("Code {digits}", digits=code), Lines((name(code), text("{a}", a=code)))),
        Screen(text("Code"), QrPage(f"HTTPS://X/{code}", (name(code),))),
        Screen(text("Code"), Viewfinder(8, 1, bytes([int(figure)]), text("{a}", a=code))),
    )


@pytest.mark.parametrize("at", range(5))
def test_row_28_no_figure_of_the_panel_reaches_the_page(at: int) -> None:
    pictures = {
        PAINTER.paint(masked(body_of(figure)[at]), "nl").bits for figure in ("1", "4", "7", "9")
    }
    assert len(pictures) == 1


def test_every_screen_of_the_device_can_be_masked_and_painted() -> None:
    for screen in catalogue().values():
        shown = masked(screen)
        assert masked(shown) == shown
        PAINTER.paint(replace(shown, lit=True), "nl")
