"""A technician finishes a token in a real browser: the page, the porter, the steward and the authenticator are real."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.steward.mock_bus import bus, saved, wifi
from tests.story.house import qr
from tests.story.page_in_browser import NAME, PASSWORD, technician

PASSPHRASE = "PLANTED-wachtwoord-77"


def test_a_token_is_linked_set_up_tested_and_diagnosed(tmp_path: Path) -> None:
    with technician(tmp_path) as tech:
        hands, visitor, page = tech.home.hands, tech.home.visitor, tech.page
        hands.sees("Niet gekoppeld")
        code = tech.opens_the_page()
        shown = tech.fingerprint_on_the_panel()
        assert (len(shown), shown) == (64, tech.fingerprint_of_the_line())
        tech.enters(code)
        cookie = page.context.cookies()[0]
        assert (cookie["name"], cookie["secure"], cookie["httpOnly"]) == ("__Host-desk", True, True)

        visitor.signs_in(NAME, PASSWORD)
        link = visitor.link()
        tech.at("/link")
        picture = {"name": "qr.png", "mimeType": "image/png", "buffer": qr(link)}
        page.set_input_files("#picture", picture)
        page.click("text=Afbeelding versturen")
        hands.sees("Account koppelen?")
        hands.settle()
        hands.hold()
        page.wait_for_selector("#code", timeout=20_000)
        page.fill("#code", visitor.confirm_code())
        page.click("#asked button")
        hands.sees("Koppeling gereed")
        tech.at("/accounts")
        assert NAME in page.inner_text("main")

        tech.at("/settings")
        page.select_option("#language", "en")
        page.click("main .end button")
        hands.sees("Link complete", "Press: get started")
        hands.settle()
        hands.tap()
        digits = hands.sees_a_code()

        tech.at("/log")
        page.click("#tested + form button")
        hands.sees("Test")
        tech.reads("Clock")
        with page.expect_download() as loading:
            page.click("a[download]")
        packed = zipfile.ZipFile(loading.value.path())
        told = "".join(packed.read(name).decode() for name in packed.namelist())
        assert "authenticator: started" in told
        for secret in (link, link.rpartition("#")[2], PASSWORD, NAME, code, digits):
            assert secret not in told


def test_the_network_is_changed_and_everything_erased_only_by_a_hold(tmp_path: Path) -> None:
    with bus(tmp_path / "bus", "networkmanager", "logind") as address:
        wifi(address, ("Stationswifi", 70, True), ("Gasten <b>'\"", 30, False))
        with technician(tmp_path, address) as tech:
            hands, page = tech.home.hands, tech.page
            hands.sees("Niet gekoppeld")
            tech.enters(tech.opens_the_page())

            tech.at("/network")
            page.check("input[value=Stationswifi]")
            page.fill("#passphrase", PASSPHRASE)
            page.select_option("#country", "NL")
            page.click("text=Vraag het token om de wijziging")
            hands.sees("Ander netwerk?", "Stationswifi")
            hands.settle()
            hands.tap()
            hands.no_longer_sees("Ander netwerk?")
            assert saved(address) == []

            page.fill("#passphrase", PASSPHRASE)
            page.check("input[value=Stationswifi]")
            page.select_option("#country", "NL")
            page.click("text=Vraag het token om de wijziging")
            hands.sees("Ander netwerk?")
            hands.settle()
            hands.hold()
            hands.sees("Gereed")
            kept = saved(address)
            assert kept[0]["802-11-wireless"]["ssid"][1] == b"Stationswifi"
            assert kept[0]["802-11-wireless-security"]["psk"][1] == PASSPHRASE
            assert PASSPHRASE not in page.content()
            assert PASSPHRASE not in tech.home.log()

            tech.at("/reset")
            page.fill("#serial", page.inner_text("label .code"))
            page.click("button.danger")
            hands.sees("Alles wissen?")
            hands.settle()
            hands.hold()
            hands.sees("Gewist")
            tech.reads("Deze pagina is gesloten")
