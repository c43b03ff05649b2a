"""An export of three pictures before the camera, and the code of a Wi-Fi network: on real processes, by hand."""

from __future__ import annotations

from pathlib import Path

from tests.credentials.test_export import picture
from tests.steward.mock_bus import bus, saved, wifi
from tests.story.house import House, qr
from tests.tour.hands import Hands
from tests.tour.servers import BIN, serving

PASSPHRASE = "PLANTED-geheim-77"


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
    network = f"WIFI:T:WPA;S:Thuis;P:{PASSPHRASE};;"
    begins(home, network, "Een wifi-code", "De helpdesk stelt wifi in")
    assert PASSPHRASE not in home.log()
    assert_nowhere(PASSPHRASE, home.folder)


def test_a_scanned_network_is_joined_after_a_long_hold_and_by_nothing_less(tmp_path: Path) -> None:
    with bus(tmp_path / "bus", "networkmanager") as address:
        wifi(address, ("Thuis", 70, True))
        data = ("--data", str(tmp_path / "token"), "--port", "0")
        token = serving(str(BIN / "desk-token"), "bench", *data, "--system-bus", address)
        with token as server:
            hands = Hands(server.url)
            reads_network(hands)
            hands.tap()
            hands.sees("Scan uw QR-code")
            assert saved(address) == []
            reads_network(hands)
            hands.hold()
            hands.sees("Gereed", "Thuis")
            hands.close()
            (kept,) = saved(address)
            assert kept["802-11-wireless"]["ssid"][1] == b"Thuis"
            assert kept["802-11-wireless-security"]["psk"][1] == PASSPHRASE
            assert PASSPHRASE not in server.log()
    assert_nowhere(PASSPHRASE, tmp_path / "token")


def reads_network(hands: Hands) -> None:
    """Hold a Wi-Fi code before the camera, again while nobody on the token has yet reported for networks."""
    asked = False
    while not asked:
        hands.sees("Scan uw QR-code")
        hands.camera_dark()
        hands.hold()
        hands.sees("Camera aan")
        hands.camera_sees(qr(f"WIFI:T:WPA;S:Thuis;P:{PASSPHRASE};;"))
        words = hands.waits_for(lambda said: "wifi" in said, "a word about the network")
        asked = "Deze wifi gebruiken?" in words
        hands.settle()
        if not asked:
            hands.tap()


def assert_nowhere(secret: str, folder: Path) -> None:
    files = (path for path in folder.rglob("*") if path.is_file())
    assert [path for path in files if secret.encode() in path.read_bytes()] == []
