"""The story of one token, step by step, as a person lives it. Every step ends with what that person sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.tour.eye import photograph
from tests.tour.hands import Hands
from tests.tour.page import Portal
from tests.tour.servers import Server

Desk = Callable[..., str]


def nobody(*words: str) -> str:
    """There is no service desk."""
    raise RuntimeError(f"nobody does {words}")


@dataclass
class Stage:
    """Everything that the story plays with."""

    hands: Hands
    portal: Portal
    portal_server: Server
    name: str
    password: str
    told: str = ""
    desk: Desk = nobody

    def password_ends(self) -> None:
        """The service desk says when the password ends: by the portal's own command."""
        day = datetime.now(UTC) + timedelta(days=12)
        self.desk("user", "set-password-until", self.name, day.strftime("%Y-%m-%d"))

    def matches_by_scan(self) -> None:
        """From now on this person's logins show a code for the camera."""
        self.desk("user", "set-match", self.name, "scan")

    def signs_in(self) -> None:
        """Type the password; the request comes to the panel."""
        self.portal.gives_password(self.name, self.password)
        self.hands.sees("Logt u in?")

    def accepted_to_panel(self) -> str:
        """The time from the portal's accept of the password to the changed panel, measured by looking at both."""
        before = len(self.portal_server.said("password accepted"))
        self.signs_in()
        seen = self.hands.seen_at
        accepted = self.portal_server.said("password accepted")[before]
        return f"password accepted → panel changed: {1000 * (seen - accepted):.0f} ms"


Step = tuple[str, Callable[[Stage], None]]


def unlinked(stage: Stage) -> None:
    stage.hands.sees("Niet gekoppeld", "Scan uw QR-code")


def first_factor(stage: Stage) -> None:
    stage.portal.gives_password(stage.name, stage.password)
    stage.portal.page.wait_for_selector("#qr")


def camera_on(stage: Stage) -> None:
    stage.hands.camera_dark()
    stage.hands.hold()
    stage.hands.sees("Camera aan")


def camera_sees_the_page(stage: Stage) -> None:
    stage.hands.camera_sees(photograph(stage.portal.page.screenshot()))
    stage.hands.sees("Account koppelen?", "Werkplek", stage.name)


def accepts_the_offer(stage: Stage) -> None:
    stage.hands.settle()
    stage.hands.hold()
    stage.hands.sees("Voer de code in")
    stage.portal.page.wait_for_selector("#stage[data-stage=sent]")


def dials_the_confirm_code(stage: Stage) -> None:
    code = stage.portal.confirm_code()
    stage.hands.settle()
    stage.hands.dial(code)
    stage.hands.sees("Koppeling gereed", stage.name)
    stage.portal.page.wait_for_selector("#stage[data-stage=linked]")


def gets_started(stage: Stage) -> None:
    stage.hands.settle()
    stage.hands.tap()
    stage.hands.sees_a_code()
    stage.portal.page.click("#get-started")
    stage.portal.is_signed_in("linked")


def approves_with_the_number(stage: Stage) -> None:
    stage.portal.signs_out()
    stage.told = stage.accepted_to_panel()
    _approves(stage)


def _approves(stage: Stage) -> None:
    stage.hands.settle()
    stage.hands.nudge_to("▸ Ja")
    stage.hands.hold()
    stage.hands.sees("Kies het nummer")
    stage.hands.dial(stage.portal.number())
    stage.portal.is_signed_in("approved")
    stage.hands.sees_a_code()


def refuses_by_mistake(stage: Stage) -> None:
    stage.portal.signs_out()
    stage.signs_in()
    stage.hands.settle()
    stage.hands.hold()
    stage.hands.sees("Waarom niet?")
    stage.hands.hold()
    stage.portal.ends_as("denied")
    stage.hands.sees_a_code()


def types_the_code(stage: Stage) -> None:
    code = stage.hands.sees_a_code()
    stage.signs_in()
    stage.portal.types_code(code)
    stage.portal.is_signed_in("code")
    stage.hands.sees_a_code()


def cancels_in_the_browser(stage: Stage) -> None:
    stage.portal.signs_out()
    stage.signs_in()
    stage.portal.page.click("#cancel")
    stage.portal.ends_as("cancelled")
    stage.hands.sees_a_code()


def restarts(stage: Stage) -> None:
    stage.hands.power("cut")
    stage.hands.waits_for(lambda words: stage.name not in words, "a dark panel")
    stage.hands.power("on")
    stage.hands.sees(stage.name, patience=40.0)
    stage.hands.sees_a_code()


def approves_after_the_restart(stage: Stage) -> None:
    stage.told = stage.accepted_to_panel()
    _approves(stage)


def reports_a_stranger(stage: Stage) -> None:
    stage.portal.signs_out()
    stage.signs_in()
    stage.hands.settle()
    stage.hands.hold()
    stage.hands.sees("Waarom niet?")
    stage.hands.nudge_to("▸ Dit was ik niet")
    stage.hands.hold()
    stage.portal.ends_as("reported")
    stage.hands.sees_a_code()


def locks_the_account(stage: Stage) -> None:
    stage.portal.page.goto(f"{stage.portal.url}/sign-in")
    while "/locked" not in stage.portal.page.url:
        stage.portal.gives_password(stage.name, "wrong")
    stage.portal.page.wait_for_selector("#locked[data-standing=open]")
    stage.hands.sees("Account op slot")


def unlocks_in_two_steps(stage: Stage) -> None:
    stage.hands.settle()
    stage.hands.nudge()
    stage.hands.hold()
    stage.hands.sees("Ontgrendelen?")
    stage.hands.settle()
    stage.hands.nudge()
    stage.hands.hold()
    stage.hands.sees("Ontgrendeld")
    stage.portal.page.wait_for_selector("#locked[data-standing=unlocked]")


def shows_the_profile(stage: Stage) -> None:
    stage.password_ends()
    stage.hands.settle()
    stage.hands.tap()
    stage.hands.sees_a_code()
    stage.hands.hold_for("Menu")
    stage.hands.sees("Menu")
    stage.hands.nudge_to("▸ Account bijwerken")
    stage.hands.hold()
    stage.hands.sees("Profiel", "dagen geldig")


def scans_the_login_page(stage: Stage) -> None:
    stage.hands.hold()
    stage.hands.sees_a_code()
    stage.matches_by_scan()
    stage.hands.camera_dark()
    stage.signs_in()
    stage.hands.settle()
    stage.hands.nudge()
    stage.hands.hold()
    stage.hands.sees("Scan de inlogpagina")
    stage.hands.camera_sees(photograph(stage.portal.page.screenshot()))
    stage.hands.sees("Hier inloggen?")
    stage.hands.settle()
    stage.hands.hold()
    stage.portal.is_signed_in("approved")
    stage.hands.sees_a_code()


STORY: tuple[Step, ...] = (
    ("the token says that it is not linked", unlinked),
    ("user name and password; the portal shows a QR", first_factor),
    ("a hold turns the camera on", camera_on),
    ("the camera sees the page; the token says who and which service", camera_sees_the_page),
    ("a hold accepts; the portal sends a code", accepts_the_offer),
    ("the code is dialled with the button; linked", dials_the_confirm_code),
    ("Aan de slag: account and code", gets_started),
    ("second login approved with the number from the page", approves_with_the_number),
    ("third login refused; both sides say so", refuses_by_mistake),
    ("fourth login with the typed code", types_the_code),
    ("a login cancelled in the browser leaves the panel", cancels_in_the_browser),
    ("the plug is pulled and put back; the account is still there", restarts),
    ("fifth login approved after the restart", approves_after_the_restart),
    ("a login that was not me is reported", reports_a_stranger),
    ("five wrong passwords lock the account; the token says from where", locks_the_account),
    ("unlocked on the token in two steps; the password is the same", unlocks_in_two_steps),
    ("Account bijwerken: how long the password lasts", shows_the_profile),
    ("sixth login: the camera reads the login page", scans_the_login_page),
)


def steps() -> Iterator[tuple[int, Step]]:
    """The story with its numbers."""
    return enumerate(STORY, 1)
