"""Places without a camera: the link is pasted, or a picture is sent, on the device's own page; the hold stays."""

from __future__ import annotations

import pytest

from tests.story.house import NAME, PASSWORD, House, qr
from tests.story.technician import Technician


@pytest.mark.parametrize("way", ["pasted link", "sent picture"])
def test_an_account_is_linked_on_the_page_with_the_hold_on_the_device(
    home: House, way: str
) -> None:
    technician = Technician(home)
    home.visitor.signs_in(NAME, PASSWORD)
    technician.link_page()
    if way == "pasted link":
        technician.sends(technician.action("text"), text=home.visitor.link())
    else:
        technician.sends_picture(technician.action("picture"), qr(home.visitor.link()))
    home.hands.sees("Account koppelen?", "Werkplek", NAME)
    home.hands.settle()
    home.hands.hold()
    home.hands.sees("Voer de code in")
    technician.link_page()
    technician.sends(technician.action("code"), code=home.visitor.confirm_code())
    home.hands.sees("Koppeling gereed", NAME)
    technician.close()


def test_a_link_that_is_none_is_said_on_page_and_panel(home: House) -> None:
    technician = Technician(home)
    technician.link_page()
    technician.sends(technician.action("text"), text="x" * 4000)
    home.hands.sees("Niet gekoppeld", "Geen login-QR-code")
    technician.close()
