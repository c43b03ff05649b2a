"""Codes in front of the camera that must not be linked: each gets a sentence, and nothing is kept."""

from __future__ import annotations

import socket

import pytest

from tests.story.house import House

TICKET = "ABCDEFGHIJKLMNOPQRSTUVWXY2"


def refused(home: House, text: str, *sentences: str) -> None:
    home.camera_reads(text)
    home.hands.sees(*sentences)
    home.hands.camera_dark()
    home.hands.settle()
    home.hands.tap()
    home.hands.sees("Niet gekoppeld", "Scan uw QR-code")


def test_strange_texts_each_get_a_sentence(home: House) -> None:
    refused(home, "https://example.org/menu", "Geen login-QR-code", "Dit is een webadres")
    refused(home, "Tosti ham-kaas 4,50", "Geen login-QR-code", "Dit is gewone tekst")
    refused(home, "mailto:jan@example.org", "Geen login-QR-code", "Dit is een e-mailadres")
    refused(home, "tel:+31612345678", "Geen login-QR-code", "Dit is een telefoonnummer")
    refused(home, "tiqrauth://x/y", "Geen login-QR-code", "Voor een andere app")
    refused(home, f"http://portal.example.org/e#{TICKET}", "Niet gekoppeld", "Onveilig adres")
    refused(home, "otpauth://totp/Bank:jan?secret=GEZDGNBV", "Niet gekoppeld", "te zwak")


def test_a_code_of_five_thousand_characters_is_too_long(home: House) -> None:
    refused(home, "1" * 5000, "Niet gekoppeld", "te lang")


def test_an_unknown_ticket_is_said_to_have_expired(home: House) -> None:
    refused(home, f"{home.portal.url}/e#{TICKET}", "De QR-code is verlopen")


def test_a_portal_that_does_not_exist_is_said_to_be_out_of_reach(home: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = taken.getsockname()[1]
        refused(home, f"http://127.0.0.1:{nobody}/e#{TICKET}", "Niet gekoppeld", "Geen netwerk")


def test_a_used_link_does_not_work_twice(home: House) -> None:
    home.is_linked()
    link = home.link_seen
    home.hands.hold_for("Menu")
    home.hands.sees("Menu")
    home.hands.nudge_to("▸ Scan QR-code")
    home.camera_reads(link)
    home.hands.sees("Al gekoppeld")


def test_five_wrong_confirm_codes_end_the_enrolment(home: House) -> None:
    home.reaches_dial()
    right = home.visitor.confirm_code()
    wrong = f"{(int(right) + 111111) % 1000000:06d}"
    for left in (4, 3, 2, 1):
        home.hands.dial(wrong)
        home.hands.sees(f"Nog {left} keer")
        home.hands.settle()
    home.hands.dial(wrong)
    home.hands.sees("Te vaak fout", "nieuwe QR-code")
    home.hands.settle()
    home.hands.tap()
    home.hands.sees("Niet gekoppeld")


@pytest.mark.parametrize("kind", ["totp", "hotp"])
def test_any_other_code_is_shown_with_its_issuer_and_taken(home: House, kind: str) -> None:
    counter = "&counter=7" if kind == "hotp" else ""
    home.camera_reads(
        f"otpauth://{kind}/M%C3%BCller%20GmbH:caf%C3%A9?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        f"&algorithm=SHA256&digits=8&issuer=M%C3%BCller%20GmbH{counter}"
    )
    home.hands.sees("Account koppelen?", "Müller GmbH", "café")
    home.hands.settle()
    home.hands.hold()
    home.hands.sees("Koppeling gereed", "café")


def test_a_tap_at_the_offer_keeps_nothing(home: House) -> None:
    home.reaches_offer()
    home.hands.tap()
    home.hands.sees("Er is niets bewaard")
    home.hands.power("cut")
    home.hands.power("on")
    home.hands.sees("Niet gekoppeld", patience=40.0)
