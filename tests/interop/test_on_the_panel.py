"""A privacyIDEA push token lived through on the real processes: camera, button, panel, and the real server's login.

Every answer that a person can give, each held for on one token that stays linked; the bench API is all that is used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.interop.administrator import PrivacyIdea, Token
from tests.interop.hands_on import Panel, logged_in, panel
from tests.interop.meddler import Meddler, Passed, meddler


@pytest.fixture(scope="module")
def front(server: PrivacyIdea) -> Iterator[Meddler]:
    """The token reaches the server through this."""
    with meddler(server.url) as there:
        yield there


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    with panel(tmp_path_factory.mktemp("panel")) as there:
        yield there


@pytest.fixture(scope="module")
def made(server: PrivacyIdea, front: Meddler, desk: Panel) -> Token:
    """A push token, scanned and held for."""
    with server.policy("enrollment", **through(front)):
        token = server.make("push")
    desk.links(token)
    desk.hands.sees("Wacht op een login", token.serial)
    return token


def through(front: Meddler) -> dict[str, object]:
    return {
        "push_firebase_configuration": "poll only",
        "push_registration_url": f"{front.url}/ttype/push",
    }


def asks(server: PrivacyIdea, desk: Panel, token: Token, **policy: object) -> tuple[str, str]:
    """Somebody signs in; the transaction and what the login page says. A tap at the token looks at once."""
    with server.policy("authentication", push_wait="0", **policy):
        form = {"serial": token.serial, "pass": "1234"}
        said = server.http.post("/validate/check", data=form).json()["detail"]
    desk.hands.tap()
    desk.hands.sees("Logt u in?")
    desk.hands.settle()
    return said["transaction_id"], said["message"]


def says(desk: Panel, answer: str, *more: str) -> None:
    """This answer, and what it leads to, each with a hold."""
    desk.moves_to(answer)
    desk.hands.hold()
    for choice in more:
        desk.hands.settle()
        desk.moves_to(choice)
        desk.hands.hold()


def ends(desk: Panel, *words: str) -> None:
    """The panel says how it ended; a tap leads home."""
    desk.hands.sees(*words)
    desk.hands.settle()
    desk.hands.tap()
    desk.hands.no_longer_sees(words[0])


def test_a_yes_signs_its_person_in(server: PrivacyIdea, desk: Panel, made: Token) -> None:
    login, _ = asks(server, desk, made)
    says(desk, "Ja")
    ends(desk, "Goedgekeurd")
    assert logged_in(server, made.serial, login)
    assert made.parameters["enrollment_credential"] not in desk.log()


@pytest.mark.parametrize(
    ("reason", "ending", "status"),
    [("Vergissing", "Geweigerd", "cancelled"), ("Dit was ik niet", "Gemeld", "declined")],
)
def test_a_no_carries_its_reason(
    server: PrivacyIdea, desk: Panel, made: Token, reason: str, ending: str, status: str
) -> None:
    login, _ = asks(server, desk, made)
    says(desk, "Nee", reason)
    ends(desk, ending)
    assert server.status(login) == status
    assert not server.finishes(made.serial, login)


def test_the_option_of_the_login_page_is_picked(
    server: PrivacyIdea, desk: Panel, made: Token
) -> None:
    login, message = asks(server, desk, made, push_require_presence=1)
    says(desk, "Ja", message.rsplit(" ", 1)[-1].strip(" ."))
    ends(desk, "Goedgekeurd")
    assert logged_in(server, made.serial, login)


def test_a_wrong_option_has_one_try_and_is_declined(
    server: PrivacyIdea, desk: Panel, made: Token
) -> None:
    login, message = asks(server, desk, made, push_require_presence=1)
    right = message.rsplit(" ", 1)[-1].strip(" .")
    says(desk, "Ja")
    desk.hands.sees("Kies, één poging")
    lines = [line.strip("▸ ") for line in desk.hands.screen()["lines"]]
    desk.hands.settle()
    desk.moves_to(next(o for o in lines[1:] if o != right))
    desk.hands.hold()
    ends(desk, "Niet geaccepteerd")
    assert server.status(login) == "cancelled"


def test_digits_from_the_panel_finish_the_login(
    server: PrivacyIdea, desk: Panel, made: Token
) -> None:
    login, _ = asks(server, desk, made, push_code_to_phone=True)
    says(desk, "Ja")
    desk.hands.sees("Typ dit op de pagina")
    lines = [line.replace(" ", "") for line in desk.hands.screen()["lines"]]
    digits = next(line for line in lines if line.isdigit())
    assert server.finishes(made.serial, login, digits)
    ends(desk, "Typ dit")
    assert digits not in desk.log().split()


def test_two_hundred_with_false_is_not_accepted(
    server: PrivacyIdea, desk: Panel, made: Token, front: Meddler
) -> None:
    """The server takes it for itself and says no to us: 200 is not a yes."""
    with server.policy("enrollment", **through(front)):
        asks(server, desk, made)
    with front.does(not_taken):
        says(desk, "Ja")
        ends(desk, "Niet geaccepteerd")


def not_taken(passed: Passed) -> Passed:
    if passed.verb != "POST":
        return passed
    said = json.loads(passed.body)
    said["result"]["value"] = False
    return replace(passed, body=json.dumps(said))
