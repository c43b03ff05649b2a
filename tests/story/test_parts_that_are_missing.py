"""No camera, no panel, no clock, two logins at once, a closed browser: each is said, and the rest lives on."""

from __future__ import annotations

import pytest

from tests.story.house import NAME, PASSWORD, House
from tests.story.visitor import Visitor
from tests.tour.hands import LET_GO, TRIES, Hands, NotSeen


def test_a_missing_camera_is_a_sentence(home: House) -> None:
    home.hands.plugs(camera=False)
    home.hands.hold()
    home.hands.sees("Camera niet gevonden", "kabel")


def test_without_a_panel_nobody_can_approve(home: House) -> None:
    home.is_linked()
    home.asks()
    home.hands.settle()
    home.hands.plugs(panel=False)
    home.hands.press()
    home.hands.release()
    home.hands.plugs(panel=True)
    home.hands.sees("Logt u in?", "▸ Nee", patience=40.0)
    home.approves(home.visitor.number())
    home.hands.sees("Goedgekeurd")


def test_an_unknown_clock_shows_no_digits_and_says_so(home: House) -> None:
    home.is_linked()
    home.hands.clock(0.0, synchronised=False)
    home.hands.sees("Klok niet ingesteld")
    home.hands.clock(0.0, synchronised=True)
    home.hands.sees_a_code()


def test_two_logins_at_once_are_asked_one_after_the_other(home: House) -> None:
    home.is_linked()
    other = Visitor(home.portal.url)
    home.asks()
    other.signs_in(NAME, PASSWORD)
    home.approves(home.visitor.number())
    home.hands.sees("Goedgekeurd")
    home.hands.sees("Logt u in?")
    home.approves(other.number())
    home.hands.sees("Goedgekeurd")
    assert (home.visitor.outcome(), other.outcome()) == ("approved", "approved")
    other.close()


def test_a_closed_browser_does_not_keep_the_panel(home: House) -> None:
    home.is_linked()
    home.asks()
    number = home.visitor.number()
    home.visitor.close()
    home.approves(number)
    home.hands.sees("Goedgekeurd")
    home.hands.sees_a_code()


def test_a_wrong_number_ends_the_login_on_both_sides(home: House) -> None:
    home.is_linked()
    home.asks()
    number = int(home.visitor.number())
    home.approves(str(10 + (number - 9) % 90))
    home.hands.sees("Verkeerd nummer")
    assert home.visitor.outcome() == "mismatch"


def lets_go(hands: Hands) -> None:
    """Press too long for a tap and too short for a hold; what a busy machine drew out to a hold is taken back."""
    for _ in range(TRIES):
        hands.press()
        hands.settle()
        hands.release()
        words = hands.waits_for(lambda now: LET_GO in now or "Waarom niet?" in now, LET_GO)
        if LET_GO in words:
            return
        hands.nudge_to("▸ Terug")
        hands.hold()
        hands.sees("Logt u in?")
        hands.settle()


def test_nothing_is_sent_when_the_hold_is_let_go(home: House) -> None:
    home.is_linked()
    home.asks()
    home.hands.settle()
    lets_go(home.hands)
    home.hands.sees("Logt u in?")
    with pytest.raises(NotSeen):
        home.hands.sees("Waarom niet?", patience=0.3)
