"""A day with the installed token: from the camera to a login that is approved by edges on a pin."""

from __future__ import annotations

import time

from tests.story.house import NAME, PASSWORD
from tests.vm.conftest import SERVICE, Outside
from tests.vm.token import Token


def test_an_enrolment_by_camera_ends_with_the_account_on_the_glass(token: Token) -> None:
    token.wakes(SERVICE)
    assert token.machine.does("systemctl is-active desk-token-courier.service") == "active"


def test_a_login_is_approved_with_edges_on_the_pin(token: Token, outside: Outside) -> None:
    visitor = outside.visitor
    visitor.signs_in(NAME, PASSWORD)
    token.sees("Logt u in?")
    token.settle()
    token.tap_until("Ja")
    approve(token, visitor.number())
    deadline = time.monotonic() + 60
    while visitor.outcome() != "approved" and time.monotonic() < deadline:
        pass
    assert visitor.outcome() == "approved"


def approve(token: Token, number: str) -> None:
    """Move to Ja, hold, and dial the number of the login page."""
    token.tap()
    token.hold()
    token.sees("Kies het")
    token.settle()
    token.dial(number)


def test_a_contact_that_bounces_is_one_press(token: Token) -> None:
    token.wakes(SERVICE)
    # no sleep in between: the guest starts a program slower than a contact bounces
    bounce = "".join(f"echo pull-{way} > $p; " for way in ("down", "up") * 4)
    token.machine.does(
        f"p=$(echo /sys/devices/platform/gpio-sim.0/gpiochip*/sim_gpio17/pull); {bounce}"
        "echo pull-down > $p; sleep 0.15; "
        f"{bounce} echo pull-up > $p; sleep 1"
    )
    assert not token.says("Losgelaten")
    token.sees(SERVICE, patience=5)


def test_a_hold_is_as_long_as_its_edges_say_though_the_device_was_busy(fresh: Token) -> None:
    fresh.camera_sees()
    fresh.wakes("Niet gekoppeld")
    told = "systemctl kill --kill-whom=main --signal={} desk-token-authenticator.service"
    fresh.machine.does(told.format("STOP"))
    fresh.hold()
    fresh.machine.does(told.format("CONT"))
    fresh.sees("Camera", "aan")


def test_a_panel_that_was_unplugged_shows_all_again_when_it_is_back(token: Token) -> None:
    token.wakes(SERVICE)
    token.machine.does("echo -1 > /sys/module/pitap/parameters/addr")
    token.machine.until(
        "journalctl -u desk-token-authenticator -b --no-pager | grep -q 'panel state=bad'"
    )
    token.glass.memory[:] = 0x55
    token.machine.does("echo 60 > /sys/module/pitap/parameters/addr")
    token.sees(SERVICE)


def test_a_missing_camera_is_a_sentence_and_the_token_goes_on(fresh: Token) -> None:
    fresh.machine.does("mv /usr/share/libcamera/pipeline/virtual /var/tmp/")
    fresh.wakes("Niet gekoppeld")
    fresh.hold()
    fresh.sees("Camera niet")
    fresh.machine.does("mv /var/tmp/virtual /usr/share/libcamera/pipeline/")
