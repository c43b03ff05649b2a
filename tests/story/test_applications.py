"""Somebody signs in to another company's application, and at a kiosk, with the portal's command and the whole token."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import httpx

from tests.story.house import NAME, PASSWORD, House
from tests.tour.page import browser
from tests.tour.servers import BIN
from tests.web.login_portal.applications.demo_application import Register, demo_application
from web.login_portal.applications.asking import KIOSK_GRANT
from web.login_portal.applications.metadata import BACKCHANNEL, TOKEN

PICTURES = os.environ.get("PICTURES", "")


def add(home: House, name: str, *words: str) -> tuple[str, str]:
    """Register an application with the portal's own command, while it serves; its id and its secret."""
    key = home.folder / f"{name}.secret"
    where = ["--data", str(home.folder / "portal"), "--secret-file", str(key)]
    command = [str(BIN / "desk-portal"), "app", "add", name, *where, *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip(), key.read_text().strip()


def of(home: House) -> Register:
    return lambda back, bye: add(home, "Rooster", "--redirect", back, "--after-sign-out", bye)


def test_an_application_signs_its_person_in_by_the_token(home: House) -> None:
    home.is_linked()
    with demo_application(home.portal.url, of(home)) as application, browser() as page:
        page.goto(application.url)
        page.fill("#name", NAME)
        page.fill("#password", PASSWORD)
        page.click("#sign-in")
        home.hands.sees("Logt u in?", "Rooster")
        keep(home, "panel-application")
        home.approves(page.inner_text("#match-number"))
        page.wait_for_selector("#welcome")
    assert application.heard["userinfo"]["preferred_username"] == NAME
    assert application.heard["id_token"]["acr"] == "urn:desk-token:number"


def test_a_kiosk_signs_its_person_in_by_the_token_alone(home: House) -> None:
    home.is_linked()
    auth = add(home, "Sleutelkast", "--kiosk", "number")
    ask = {"scope": "openid", "login_hint": NAME, "binding_message": "Kast 4"}
    told = httpx.post(f"{home.portal.url}{BACKCHANNEL}", data=ask, auth=auth).json()
    home.hands.sees("Logt u in?", "Sleutelkast", "Kast 4")
    keep(home, "panel-kiosk")
    home.approves(told["number"])
    home.hands.no_longer_sees("Kies het nummer")
    home.hands.no_longer_sees("Logt u in?")
    wanted = {"grant_type": KIOSK_GRANT, "auth_req_id": told["auth_req_id"]}
    given = httpx.post(f"{home.portal.url}{TOKEN}", data=wanted, auth=auth).json()
    assert "id_token" in given, given


def keep(home: House, name: str) -> None:
    """With PICTURES set to a folder, the panel as it is now."""
    if PICTURES:
        (Path(PICTURES) / f"{name}.png").write_bytes(home.hands.picture())
