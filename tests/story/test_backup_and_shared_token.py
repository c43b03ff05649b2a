"""A technician backs a token up, restores it, shares it and exports its audit log, in a browser on real processes."""

from __future__ import annotations

import base64
import re
import subprocess
from pathlib import Path

from playwright.sync_api import Page

from appliance.authenticator.backup_file import unseal
from tests.story.page_in_browser import Technician, technician
from tests.story.test_planted_secrets import forms, hunt, written
from tests.tour.servers import BIN

SEED = b"PLANTED-SEED-0123456"
LINK = f"otpauth://totp/Bank:jan.devries?secret={base64.b32encode(SEED).decode()}&issuer=Bank"
PASSPHRASE = "PLANTED woorden op een bankje"


def holds_for(tech: Technician, question: str) -> None:
    """The token asks what the page wished for, and somebody holds its button."""
    tech.home.hands.sees(question)
    tech.home.hands.settle()
    tech.home.hands.hold()
    tech.home.hands.sees("Gereed")


def links(tech: Technician) -> None:
    hands, page = tech.home.hands, tech.page
    tech.at("/link")
    page.fill("#text", LINK)
    page.click("text=Link versturen")
    hands.sees("Account koppelen?", "Bank")
    hands.settle()
    hands.hold()
    hands.sees("Koppeling gereed")
    hands.settle()
    hands.tap()
    hands.sees_a_code()


def saved(page: Page, press: str, to: Path) -> bytes:
    with page.expect_download() as loading:
        page.click(press)
    loading.value.save_as(to)
    return to.read_bytes()


def switch(tech: Technician, *keys: str) -> None:
    tech.at("/security")
    for key in keys:
        tech.page.check(f"input[name={key}]")
    tech.page.click("form.settings .end button")
    tech.reads("Opgeslagen")


def test_codes_go_into_a_backup_by_a_hold_and_come_back_by_a_hold(tmp_path: Path) -> None:
    with technician(tmp_path) as tech:
        hands, page = tech.home.hands, tech.page
        hands.sees("Niet gekoppeld")
        tech.enters(tech.opens_the_page())
        links(tech)
        switch(tech, "backup_codes", "kiosk")
        hands.sees("j…d…")
        tech.at("/backup")
        page.click("text=Vraag het token deze codes toe te voegen")
        holds_for(tech, "Codes in back-up?")
        tech.reads("Ja: 1")
        page.fill("#passphrase", PASSPHRASE)
        page.fill("#again", PASSPHRASE)
        file = saved(page, "text=Back-up downloaden", tmp_path / "b.backup")
        assert [codes.secret for codes in unseal(file, PASSPHRASE).codes] == [SEED]

        tech.at("/accounts")
        page.click("summary")
        page.click("button.danger")
        holds_for(tech, "Account verwijderen?")
        hands.sees("Niet gekoppeld")
        tech.at("/backup")
        page.set_input_files("#file", str(tmp_path / "b.backup"))
        page.fill("#opens", "een heel andere wachtzin")
        page.click("text=Bekijk wat er zou gebeuren")
        tech.reads("De wachtzin of de back-up klopt niet")
        page.set_input_files("#file", str(tmp_path / "b.backup"))
        page.fill("#opens", PASSPHRASE)
        page.click("text=Bekijk wat er zou gebeuren")
        tech.reads("Codes die erbij komen")
        tech.reads("jan.devries · Bank")
        hands.sees("Niet gekoppeld")
        page.click("text=Vraag het token dit terug te zetten")
        holds_for(tech, "Back-up terugzetten?")
        hands.sees_a_code()

        tech.at("/log")
        saved(page, "text=Auditlogboek downloaden", tmp_path / "audit.jsonl")
        checked = subprocess.run(
            [str(BIN / "desk-token-tool"), "audit", str(tmp_path / "audit.jsonl")],
            capture_output=True,
            text=True,
            check=True,
        )
        assert re.match(r"good +\d+ entries hold together", checked.stdout)
        told = (tmp_path / "audit.jsonl").read_text()
        assert all(f'"what":"{what}"' in told for what in ("boot", "enrol", "backup", "restore"))
        secrets = (*forms(SEED), PASSPHRASE.encode())
        places = {**written(tmp_path / "token"), "audit": told.encode(), "backup": file}
        assert hunt({**places, "logs": tech.home.log().encode()}, secrets) == []


def test_a_server_is_left_unchecked_by_a_hold_and_marked_for_as_long(tmp_path: Path) -> None:
    with technician(tmp_path) as tech:
        hands, page = tech.home.hands, tech.page
        hands.sees("Niet gekoppeld")
        tech.enters(tech.opens_the_page())
        tech.at("/security")
        page.click("summary")
        page.fill("#server_exceptions", "pi.spoor.example")
        page.click("button.danger")
        hands.sees("Server niet controleren?", "pi.spoor.example")
        hands.settle()
        hands.tap()
        hands.no_longer_sees("Server niet controleren?")
        tech.at("/status")
        assert "Niet gecontroleerd" not in page.inner_text("main")
        tech.at("/security")
        page.click("summary")
        page.fill("#server_exceptions", "pi.spoor.example")
        page.click("button.danger")
        holds_for(tech, "Server niet controleren?")
        tech.reads("Weer controleren")
        tech.at("/status")
        assert "pi.spoor.example" in page.inner_text("main .box.bad")
        tech.at("/security")
        page.click("text=Weer controleren")
        tech.reads("Elke server wordt gecontroleerd")
