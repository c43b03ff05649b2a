"""An export of three pictures before the camera, and the code of a Wi-Fi network: on real processes, by hand."""

from __future__ import annotations

from tests.credentials.test_export import picture
from tests.story.house import House, qr


def begins(home: House, text: str, *seen: str) -> None:
    home.camera_reads(text)
    home.hands.sees(*seen)


def shows(home: House, text: str, *seen: str) -> None:
    home.hands.camera_sees(qr(text))
    home.hands.sees(*seen)
    home.hands.settle()


def test_an_export_is_taken_over_picture_by_picture_and_account_by_account(home: House) -> None:
    begins(home, picture(2), "Camera aan: 1 van 3")
    shows(home, picture(0), "Camera aan: 2 van 3")
    shows(home, picture(2), "Camera aan: 2 van 3")
    shows(home, picture(1), "1 van 3 koppelen?", "Rail", "j00")
    home.hands.hold()
    home.hands.sees("2 van 3 koppelen?", "j01")
    home.hands.settle()
    home.hands.tap()
    home.hands.sees("3 van 3 koppelen?", "j02")
    home.hands.settle()
    home.hands.hold()
    home.hands.sees("Koppeling gereed", "j02")
    home.hands.settle()
    home.hands.tap()
    home.hands.sees("j02")
    home.hands.power("cut")
    home.hands.power("on")
    home.hands.sees_a_code(patience=40.0)
    home.hands.sees("j00")
    home.hands.nudge()
    home.hands.sees("j02")


def test_a_picture_of_another_export_ends_it_with_a_sentence(home: House) -> None:
    begins(home, picture(0), "Camera aan: 1 van 3")
    shows(home, picture(1, export=8), "Niet gekoppeld", "Van een andere export")
    home.hands.tap()
    home.hands.sees("Niet gekoppeld", "Scan uw QR-code")


def test_whoever_stops_half_way_begins_anew(home: House) -> None:
    begins(home, picture(0), "Camera aan: 1 van 3")
    home.hands.hold()
    home.hands.sees("Niet gekoppeld", "Scan uw QR-code")
    begins(home, picture(1), "Camera aan: 1 van 3")


def test_a_network_that_nobody_on_the_token_can_join_is_named(home: House) -> None:
    begins(home, "WIFI:T:WPA;S:Thuis;P:geheim-77;;", "Een wifi-code", "De helpdesk stelt wifi in")
    assert "geheim-77" not in home.log()
    assert not any(b"geheim-77" in file.read_bytes() for file in home.files())
