"""What policies ask of the person at the device, on the real processes: PINs, words, a server that is not checked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.courier.server_certificate import server_contexts
from tests.interop.administrator import PrivacyIdea, Token
from tests.interop.hands_on import PageApi, Panel, logged_in, page_of, panel
from tests.interop.meddler import Meddler, meddler

PIN = "1010"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    with panel(tmp_path_factory.mktemp("panel")) as there:
        yield there


@pytest.fixture(scope="module")
def page(desk: Panel) -> Iterator[PageApi]:
    """The device page, opened with a hold on the token, once for all."""
    with page_of(desk) as there:
        yield there


@pytest.fixture(scope="module")
def wants_pin(server: PrivacyIdea, desk: Panel, page: PageApi) -> Token:
    """A push token whose service wants a PIN, linked."""
    with server.policy("enrollment", push_app_force_unlock="pin", push_use_pia_scheme=True):
        made = server.make("push")
    pasted(desk, page, made)
    desk.hands.sees("Dienst wil een pincode")
    return made


@pytest.fixture(scope="module")
def front(server: PrivacyIdea, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meddler]:
    """The same server behind a certificate that nobody vouches for."""
    context, _ = server_contexts(tmp_path_factory.mktemp("certificate"))
    with meddler(server.url, context) as there:
        yield there


@pytest.fixture(scope="module")
def unchecked(server: PrivacyIdea, front: Meddler) -> Token:
    """A push token whose server asks that its certificate be not looked at."""
    url = f"{front.url}/ttype/push"
    with server.policy("enrollment", push_ssl_verify="0", push_registration_url=url):
        return server.make("push")


@pytest.fixture(scope="module")
def login(server: PrivacyIdea, desk: Panel, wants_pin: Token) -> str:
    """Somebody signs in with it, and the person at the token says yes; gives the transaction."""
    begun = server.signs_in(wants_pin.serial)
    desk.hands.tap()
    desk.approves()
    return begun


def test_a_pin_is_chosen_before_the_first_yes(desk: Panel, login: str) -> None:
    for asked in ("Kies eerst een pincode", "Nog een keer"):
        desk.hands.sees(asked)
        desk.hands.settle()
        desk.dials_hidden(PIN)
    desk.hands.sees("Logt u in?")
    assert login


def test_after_that_the_question_comes_back_for_its_own_hold(
    server: PrivacyIdea, desk: Panel, wants_pin: Token, login: str
) -> None:
    assert server.status(login) == "pending"
    desk.approves()
    desk.hands.sees("Goedgekeurd")
    assert logged_in(server, wants_pin.serial, login)


def test_a_server_that_asks_not_to_be_checked_is_refused(
    desk: Panel, page: PageApi, unchecked: Token
) -> None:
    page.does("POST", "/links", text=unchecked.url)
    desk.hands.sees("Geen TLS-controle")
    assert len(page.does("GET", "/accounts").json()["accounts"]) == 1


def test_its_owner_allows_that_with_a_long_hold(desk: Panel, page: PageApi, front: Meddler) -> None:
    page.does("POST", "/servers", server=front.url.removeprefix("https://"))
    desk.hands.sees("Server niet controleren?")
    desk.hands.settle()
    desk.hands.hold()
    desk.hands.sees("Gereed")


@pytest.fixture(scope="module")
def linked(desk: Panel, page: PageApi, unchecked: Token) -> Token:
    """It is linked, now that its owner allows it."""
    pasted(desk, page, unchecked)
    return unchecked


def test_it_is_shown_for_ever_that_nobody_checks_it(
    desk: Panel, page: PageApi, linked: Token
) -> None:
    desk.hands.sees(linked.serial, "Server niet gecontroleerd")
    rows = page.does("GET", "/accounts").json()["accounts"]
    assert [row["unchecked"] for row in rows] == [False, True]


def test_its_logins_are_answered_like_any_other(
    server: PrivacyIdea, desk: Panel, linked: Token
) -> None:
    login = server.signs_in(linked.serial)
    desk.hands.tap()
    desk.hands.sees("Logt u in?")
    desk.hands.settle()
    desk.hands.hold()
    desk.hands.sees("Waarom niet?")
    desk.hands.settle()
    desk.hands.hold()
    desk.hands.sees("Geweigerd")
    assert server.status(login) == "cancelled"
    desk.hands.no_longer_sees("Geweigerd")
    desk.hands.nudge_to(linked.serial)
    desk.hands.sees("Server niet gecontroleerd")


def pasted(desk: Panel, page: PageApi, made: Token) -> None:
    """Link what stands in a pasted text."""
    page.does("POST", "/links", text=made.url)
    desk.accepts(made)


def test_words_that_a_server_asks_for_are_typed_on_the_page(
    server: PrivacyIdea, desk: Panel, page: PageApi
) -> None:
    token = server.make("totp")
    made = server.ask("POST", "/container/init", type="smartphone")
    serial = str(made["result"]["value"]["container_serial"])
    server.ask("POST", f"/container/{serial}/add", serial=token.serial)
    about = {"container_serial": serial, "passphrase_prompt": "Uw personeelsnummer?"}
    with server.policy("container", privacyIDEA_server_url=server.url):
        said = server.ask(
            "POST", "/container/register/initialize", **about, passphrase_response="B-774 x"
        )
    page.does("POST", "/links", text=said["result"]["value"]["container_url"]["value"])
    desk.hands.sees("Account koppelen?")
    desk.hands.settle()
    desk.hands.hold()
    desk.hands.sees("De server vraagt", "Uw personeelsnummer?")
    page.does("POST", "/links/words", words="B-774 X")
    desk.hands.sees("Fout. Nog een keer")
    page.does("POST", "/links/words", words="B-774 x")
    desk.hands.sees("Koppeling gereed")
    assert "B-774" not in desk.log()
    desk.hands.settle()
    desk.hands.tap()
    desk.hands.sees("Deelt accounts uit")
    desk.hands.tap()
    assert server.accepts(token.serial, desk.hands.sees_a_code())


@pytest.fixture(scope="module")
def fresh(server: PrivacyIdea, desk: Panel) -> Iterator[None]:
    """The container of the test before is up to date, and its server lets the device renew it."""
    rights = {"privacyIDEA_server_url": server.url, "container_client_rollover": True}
    with server.policy("container", **rights):
        desk.to_menu("Account bijwerken")
        desk.hands.hold()
        desk.hands.sees("Bijgewerkt")
        desk.hands.settle()
        yield


@pytest.mark.usefixtures("fresh")
def test_a_container_is_renewed_from_the_menu(server: PrivacyIdea, desk: Panel) -> None:
    desk.hands.hold()
    desk.hands.sees("Alles vernieuwen?", "Oude codes vervallen")
    desk.hands.settle()
    desk.hands.hold()
    desk.hands.sees("Alles is vernieuwd")
    desk.hands.no_longer_sees("Alles is vernieuwd")
    desk.hands.nudge_to("TOTP")
    serial = desk.hands.screen()["title"]
    assert server.accepts(serial, desk.hands.sees_a_code())
