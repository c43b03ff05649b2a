"""Push tokens against the real server: linked, asked, answered in every way, by the device's own rules and exchange.

The rest of the server stands beside this: `test_gateway` (relay, and polling with it down), `test_codes` (every kind of
code, two-step), `test_containers` and `test_rollover`, `test_enrol_by_login`, `test_faults`; and on the real processes
through the bench API `test_on_the_panel` and `test_policies_on_the_panel`.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from appliance.authenticator import work as works
from appliance.authenticator.doorbell import RECORD
from appliance.wire.relay import Doorbell
from tests.interop.administrator import REALM, PrivacyIdea, Token
from tests.interop.device import Device
from tests.interop.hands_on import logged_in


@pytest.fixture
def made(server: PrivacyIdea, desk: Device) -> Token:
    """A push token that is linked to the device."""
    token = server.make("push")
    desk.links(token.url)
    assert "Link complete" in desk.words
    desk.tap()
    return token


def asked(server: PrivacyIdea, desk: Device, token: Token) -> str:
    """Somebody signs in, and the device has polled."""
    login = server.signs_in(token.serial)
    assert desk.polls() == "request"
    assert "Signing in?" in desk.words
    return login


def test_an_approval_signs_in(server: PrivacyIdea, desk: Device, made: Token) -> None:
    login = asked(server, desk, made)
    desk.chooses("Yes")
    assert "Approved" in desk.words
    assert logged_in(server, made.serial, login)


def test_not_me_is_declined_with_its_reason(server: PrivacyIdea, desk: Device, made: Token) -> None:
    login = asked(server, desk, made)
    desk.chooses("No")
    desk.chooses("This was not me")
    assert "Reported" in desk.words
    assert server.status(login) == "declined"
    assert not server.finishes(made.serial, login)


def test_a_mistake_is_cancelled(server: PrivacyIdea, desk: Device, made: Token) -> None:
    login = asked(server, desk, made)
    desk.chooses("No")
    desk.chooses("By mistake")
    assert "Denied" in desk.words
    assert server.status(login) == "cancelled"


def presence_shown(server: PrivacyIdea, token: Token) -> tuple[str, str]:
    """The transaction, and the option that the login page shows."""
    form = {"serial": token.serial, "pass": "1234"}
    said = server.http.post("/validate/check", data=form).json()["detail"]
    return said["transaction_id"], said["message"].rsplit(" ", 1)[-1].strip(" .")


def test_the_option_of_the_login_page_is_picked(
    server: PrivacyIdea, desk: Device, made: Token
) -> None:
    with server.policy("authentication", push_require_presence=1):
        login, option = presence_shown(server, made)
    desk.polls()
    desk.chooses("Yes")
    assert "Pick one" in desk.words
    desk.chooses(option)
    assert "Approved" in desk.words
    assert logged_in(server, made.serial, login)


def test_a_wrong_option_has_one_try_and_then_declines(
    server: PrivacyIdea, desk: Device, made: Token
) -> None:
    with server.policy("authentication", push_require_presence=1):
        login, option = presence_shown(server, made)
    desk.polls()
    options = desk.desk.facts.waiting[0].options
    desk.chooses("Yes")
    desk.chooses(next(other for other in options if other != option))
    assert "Not accepted" in desk.words
    assert server.status(login) == "cancelled"
    assert desk.polls() == "quiet"


def test_digits_from_the_reply_finish_the_login(
    server: PrivacyIdea, desk: Device, made: Token
) -> None:
    with server.policy("authentication", push_code_to_phone=True):
        login = server.signs_in(made.serial)
        desk.polls()
        desk.chooses("Yes")
        assert "Type this on the page" in desk.words
        digits = next(word for word in desk.words.split() if word.isdigit())
        assert server.finishes(made.serial, login, digits)


def test_a_yes_that_comes_too_late_is_not_accepted(
    server: PrivacyIdea, desk: Device, made: Token
) -> None:
    login = asked(server, desk, made)
    server.delete(made.serial)
    assert login
    desk.chooses("Yes")
    assert "Not accepted" in desk.words


def test_the_newer_scheme_and_its_pin_policy_are_taken(server: PrivacyIdea, desk: Device) -> None:
    newer = {"push_use_pia_scheme": True, "push_app_force_unlock": "pin"}
    with server.policy("enrollment", **newer):
        token = server.make("push")
    assert token.url.startswith("pia://pipush/")
    desk.links(token.url)
    desk.tap()
    assert "This service wants a PIN" in desk.words


def test_a_skewed_clock_still_polls_and_the_panel_says_so(
    server: PrivacyIdea, desk: Device, made: Token
) -> None:
    desk.skew = 3600.0
    login = server.signs_in(made.serial)
    assert desk.polls() == "again"
    assert desk.polls() == "request"
    desk.chooses("Yes")
    assert logged_in(server, made.serial, login)
    desk.tap()
    assert "Clock is off" in desk.words


def test_a_device_with_a_skewed_clock_can_be_linked(server: PrivacyIdea, desk: Device) -> None:
    desk.skew = -7200.0
    desk.links(server.make("push").url)
    assert "Link complete" in desk.words


def test_a_disabled_token_looks_idle(server: PrivacyIdea, desk: Device, made: Token) -> None:
    server.ask("POST", f"/token/disable/{made.serial}")
    assert desk.polls() == "quiet"


def test_a_deleted_token_is_told_after_hours_with_a_right_clock(
    server: PrivacyIdea, desk: Device, made: Token
) -> None:
    assert desk.polls() == "quiet"
    server.delete(made.serial)
    assert desk.polls() == "refused"
    desk.passes(3 * 3600)
    desk.polls()
    assert "refuses it" not in desk.words
    desk.passes(1.5 * 3600)
    desk.polls()
    desk.tap()
    assert "Its server refuses it" in desk.words


def test_a_used_code_is_refused(made: Token, tmp_path: Path) -> None:
    other = Device(tmp_path / "other")
    other.links(made.url)
    assert "Not linked" in other.words
    other.close()


def test_two_tokens_of_one_person_are_asked_and_one_yes_is_enough(
    server: PrivacyIdea, desk: Device, tmp_path: Path
) -> None:
    person = {"user": "anja", "realm": REALM}
    first, second = server.make("push", **person), server.make("push", **person)
    other = Device(tmp_path / "other")
    desk.links(first.url)
    other.links(second.url)
    said = server.user_signs_in("anja")["detail"]
    for device in (desk, other):
        device.tap()
        assert device.polls() == "request"
    desk.chooses("Yes")
    form = {"user": "anja", "realm": REALM, "transaction_id": said["transaction_id"], "pass": ""}
    assert server.http.post("/validate/check", data=form).json()["result"]["value"]
    assert other.polls() == "quiet"
    assert "Cancelled" in other.words
    other.close()


def test_a_doorbell_that_comes_later_is_told_with_a_signature(
    server: PrivacyIdea, desk: Device
) -> None:
    server.gateway("later", "http://127.0.0.1:9/device/v1/ring")
    with server.policy("enrollment", push_firebase_configuration="later", **at(server)):
        token = server.make("push")
    desk.links(token.url)
    assert server.info(token.serial)["info"]["firebase_token"] == "no_firebase_token"
    bell = Doorbell("A2" * 16, "https://portal.example/device/v1/ring")
    desk.work.vault.write({RECORD: msgspec.json.encode(bell)})
    desk.skew = 120.0
    desk.passes(10)
    assert server.info(token.serial)["info"]["firebase_token"] == bell.address
    assert works.links_of(desk.work, desk.desk.accounts)[0].rest == works.RELAYED_REST


def at(server: PrivacyIdea) -> dict[str, object]:
    return {"push_registration_url": f"{server.url}/ttype/push"}


def test_a_gateway_that_is_down_still_leaves_the_challenge(
    server: PrivacyIdea, desk: Device
) -> None:
    server.gateway("away", "http://127.0.0.1:9/device/v1/ring")
    with server.policy("enrollment", push_firebase_configuration="away", **at(server)):
        token = server.make("push")
    desk.links(token.url)
    desk.tap()
    login = server.signs_in(token.serial)
    assert desk.polls() == "request"
    desk.chooses("Yes")
    assert logged_in(server, token.serial, login)
