"""What happens beside a request waits under it, and is there when the request is over."""

from __future__ import annotations

from appliance.core import desk as rules
from appliance.core.desk import Desk
from appliance.core.dialling import Dialled
from appliance.core.events import AccountKept, EnrolmentFailed, Health, ResetAsked
from appliance.core.flow import Facts
from appliance.core.flows import confirm_code, home, linked, notice, reset, sign_in
from appliance.core.gestures import LetGo, Tapped
from appliance.core.requests import Outcome
from appliance.core.settings import Settings
from appliance.core.troubles import Trouble
from tests.core.everything import SETTLES
from tests.core.person import DEVICE, JAN, now, request

FACTS = Facts(now(), (JAN,), (request(),), Settings(), DEVICE, (("panel", Health.GOOD),))
ASKING = sign_in.Asking(request(), SETTLES)
CHECKING = confirm_code.Checking("06•••12", 700.0, 160.0)


def test_an_enrolment_goes_on_under_a_request() -> None:
    desk = rules.step(Desk(FACTS, ASKING, under=CHECKING, touched=100.0), AccountKept(JAN)).desk
    assert desk.mode == ASKING
    assert isinstance(desk.under, linked.Ready)


def test_an_enrolment_that_fails_under_a_request_is_told_after_it() -> None:
    failed = EnrolmentFailed(Trouble.PORTAL_DOWN)
    desk = rules.step(Desk(FACTS, ASKING, under=CHECKING, touched=100.0), failed).desk
    assert desk.mode == ASKING
    assert isinstance(desk.under, notice.Notice)


def test_what_the_page_asks_for_waits_under_a_request() -> None:
    desk = rules.step(Desk(FACTS, ASKING, touched=100.0), ResetAsked()).desk
    assert desk.mode == ASKING
    assert isinstance(desk.under, reset.Offering)
    shown = notice.ended(Outcome.DENIED, FACTS).mode
    desk = rules.step(Desk(FACTS, shown, touched=100.0), ResetAsked()).desk
    assert desk.mode == shown
    assert isinstance(desk.under, reset.Offering)


def test_another_notice_gives_way_to_what_the_page_asks() -> None:
    quiet = Facts(now(), (JAN,), (), Settings(), DEVICE, (("panel", Health.GOOD),))
    told = notice.told(notice.OUTCOMES[Outcome.DENIED][0], (), quiet).mode
    desk = rules.step(Desk(quiet, told, touched=100.0), ResetAsked()).desk
    assert isinstance(desk.mode, reset.Offering)
    assert desk.under is None


def test_a_fresh_desk_has_slept_through_nothing() -> None:
    desk = Desk(FACTS)
    assert (desk.touched, desk.waking, desk.whisper_until, desk.press) == (0.0, -1.0, 0.0, None)
    assert isinstance(desk.mode, home.Home)


def test_a_key_let_go_is_whispered_about_for_a_second_and_a_half() -> None:
    quiet = Facts(now(), (JAN,), (), Settings(), DEVICE, (("panel", Health.GOOD),))
    for seconds, words in ((0.5, rules.RELEASED), (0.49, rules.key_words.HOLD_OK)):
        desk = rules.step(Desk(quiet, touched=100.0), LetGo(99.0, 99.0 + seconds)).desk
        assert desk.whisper_until == 101.5
        assert desk.whisper == words


def test_the_press_that_woke_the_panel_only_woke_it() -> None:
    dialling = confirm_code.Dialling("06•••12", Dialled(6), 700.0, 0.0)
    awake = Desk(FACTS, dialling, touched=100.0, waking=99.5)
    tapped = Tapped(rules.Move.NEXT, 99.5, 99.7)
    assert (
        rules.step(awake, tapped).desk.mode
        != rules.step(awake, Tapped(rules.Move.NEXT, 99.6, 99.7)).desk.mode
    )
