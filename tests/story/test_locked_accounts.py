"""Wrong passwords, peace, and revocation: the stories around a login, on real processes and with the button alone."""

from __future__ import annotations

from tests.story.house import DISPLAY, NAME, PASSWORD, House, add_person, service_desk
from tests.tour.eye import photograph
from tests.tour.page import Portal, browser

LOCKED, UNLOCKED = 'data-standing="open"', 'data-standing="unlocked"'


def locks(home: House) -> None:
    """Somebody types wrong passwords, again and again, and waits when the portal says so."""
    home.visitor.opens("/sign-in")
    while LOCKED not in home.visitor.page:
        home.visitor.signs_in(NAME, "wrong")
    home.hands.sees("Account op slot")


def desk(home: House, *words: str) -> str:
    """The service desk at work."""
    return service_desk(home.folder / "portal", *words)


def test_the_owner_unlocks_in_two_steps_and_signs_in_as_usual(home: House) -> None:
    home.is_linked()
    locks(home)
    home.hands.sees(DISPLAY, "127.0.0.1", "×")
    home.visitor.signs_in(NAME, PASSWORD)
    assert LOCKED in home.visitor.page
    home.hands.settle()
    home.hands.nudge()
    home.hands.hold()
    home.hands.sees("Ontgrendelen?")
    home.hands.nudge()
    home.hands.hold()
    home.hands.sees("Ontgrendeld", "Wachtwoord")
    assert UNLOCKED in home.visitor.opens("/locked")
    home.asks()
    home.approves(home.visitor.number())
    home.hands.sees("Goedgekeurd")
    assert home.visitor.outcome() == "approved"


def test_not_me_keeps_the_account_locked(home: House) -> None:
    home.is_linked()
    locks(home)
    home.hands.settle()
    home.hands.hold()
    home.hands.sees("Gemeld")
    assert 'data-standing="reported"' in home.visitor.opens("/locked")
    home.visitor.signs_in(NAME, PASSWORD)
    assert 'data-standing="reported"' in home.visitor.page
    assert "service desk told" in home.portal.log()
    desk(home, "user", "unlock", NAME)
    home.hands.sees_a_code()
    home.asks()


def test_how_long_the_password_lasts_is_on_the_panel(home: House) -> None:
    home.is_linked()
    desk(home, "user", "set-password-until", NAME, "2026-12-31")
    chooses(home, "Account bijwerken")
    home.hands.sees("Profiel", "31-12-2026")


def chooses(home: House, item: str) -> None:
    """Open the menu, move to this line, and hold."""
    home.hands.hold_for("Menu")
    home.hands.sees("Menu")
    home.hands.nudge_to(f"▸ {item}")
    home.hands.hold()


def test_block_me_brings_peace(home: House) -> None:
    home.is_linked()
    home.asks()
    home.hands.settle()
    home.hands.hold()
    home.hands.sees("Waarom niet?")
    home.hands.nudge(2)
    home.hands.hold()
    home.hands.sees_a_code()
    assert home.visitor.outcome() == "blocked"
    home.visitor.signs_in(NAME, PASSWORD)
    assert 'id="in-peace"' in home.visitor.page
    home.visitor.sends("/waiting/code", code=home.hands.sees_a_code())
    assert 'data-how="code"' in home.visitor.page


def test_a_revoked_token_forgets_its_account_at_once(home: House) -> None:
    home.is_linked()
    token = desk(home, "token", "list").split("\t")[0]
    desk(home, "token", "revoke", token)
    home.hands.sees("Ontkoppeld", NAME)
    home.hands.sees("Niet gekoppeld")
    assert "revoked" in desk(home, "token", "list")


def test_an_erased_token_is_gone_at_the_portal(home: House) -> None:
    home.is_linked()
    chooses(home, "Reset")
    home.hands.sees("Alles wissen?")
    home.hands.settle()
    home.hands.hold()
    home.hands.sees("Niet gekoppeld")
    while "revoked" not in desk(home, "token", "list"):
        continue


def test_the_camera_reads_the_login_page(home: House) -> None:
    add_person(home.folder / "portal", "els", "Els", "+31 6 87654321", PASSWORD, match="scan")
    with browser() as page:
        portal = Portal(page, home.portal.url)
        portal.gives_password("els", PASSWORD)
        home.camera_reads(page.input_value("#link-text"))
        home.hands.sees("Account koppelen?")
        home.hands.settle()
        home.hands.hold()
        home.hands.sees("Voer de code in")
        home.hands.settle()
        home.hands.dial(portal.confirm_code())
        home.hands.sees("Koppeling gereed")
        home.hands.settle()
        home.hands.tap()
        portal.gives_password("els", PASSWORD)
        home.hands.sees("Logt u in?", "Els")
        home.hands.camera_dark()
        home.hands.settle()
        home.hands.nudge()
        home.hands.hold()
        home.hands.sees("Scan de inlogpagina")
        home.hands.camera_sees(photograph(page.screenshot()))
        home.hands.sees("Hier inloggen?", "Els")
        home.hands.settle()
        home.hands.hold()
        portal.is_signed_in("approved")
