"""The portal is gone in the middle of each step: a sentence, nothing half-linked, and the next try works."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from tests.story.house import House


@contextmanager
def frozen(home: House) -> Iterator[None]:
    """The portal neither answers nor hangs up, as behind a pulled cable."""
    os.killpg(home.portal.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(home.portal.process.pid, signal.SIGCONT)


def test_gone_before_the_offer(home: House) -> None:
    home.visitor.signs_in("jan", "een-paard-in-de-gang-7")
    link = home.visitor.link()
    home.portal.process.kill()
    home.camera_reads(link)
    home.hands.sees("Niet gekoppeld", "Geen netwerk", patience=70.0)


def test_gone_between_offer_and_keys(home: House) -> None:
    home.reaches_offer()
    home.portal.process.kill()
    home.hands.hold()
    home.hands.sees("Niet gekoppeld", patience=70.0)
    home.hands.power("cut")
    home.hands.power("on")
    home.hands.sees("Niet gekoppeld", "Scan uw QR-code", patience=40.0)


def test_gone_while_the_confirm_code_is_sent_and_back_again(home: House) -> None:
    home.reaches_dial()
    code = home.visitor.confirm_code()
    with frozen(home):
        home.hands.dial(code)
        home.hands.sees("Een ogenblik")
    home.hands.sees("Koppeling gereed", patience=60.0)


def test_gone_while_an_answer_is_sent_and_back_again(home: House) -> None:
    home.is_linked()
    home.asks()
    number = home.visitor.number()
    home.hands.settle()
    home.hands.nudge_to("▸ Ja")
    home.hands.hold()
    home.hands.sees("Kies het nummer")
    with frozen(home):
        home.hands.dial(number)
        home.hands.sees("Een ogenblik")
    home.hands.sees("Goedgekeurd", patience=60.0)
    assert home.visitor.outcome() == "approved"


def test_a_portal_that_is_gone_leaves_the_code_on_the_screen(home: House) -> None:
    home.is_linked()
    home.portal.process.kill()
    home.hands.power("cut")
    home.hands.power("on")
    home.hands.sees("jan", patience=40.0)
    home.hands.sees_a_code()
