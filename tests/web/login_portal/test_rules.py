"""The small rules: places, masks, languages, and what each verdict makes of a login."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.errors import Refused
from web.login_portal.rules.addresses import named_places, place_of
from web.login_portal.rules.enrolment import SERVICE_DESK, masked
from web.login_portal.rules.names import login_name
from web.login_portal.rules.outcomes import Outcome, SignIn, answered
from web.login_portal.rules.tongue import language

PLACES = named_places(["10.1.0.0/16=Office", "10.0.0.0/8=Network", "::1/128=This computer"])


@pytest.mark.parametrize(
    ("source", "place"),
    [("10.1.2.3", "Office"), ("10.9.9.9", "Network"), ("::1", "This computer"),
     ("192.0.2.1", "192.0.2.1"), ("testclient", ""), ("", "")],
)  # fmt: skip
def test_the_first_network_names_the_place(source: str, place: str) -> None:
    assert place_of(source, PLACES) == place


@pytest.mark.parametrize("untrusted", ["10.0.0.0/8", "office=Office", "10.0.0.0/8= ", "="])
def test_a_place_without_network_or_name_is_refused(untrusted: str) -> None:
    with pytest.raises(Refused):
        named_places([untrusted])


@given(st.text(alphabet="+0123456789 ()-", max_size=20))
def test_a_mask_never_shows_more_than_two_digits(phone: str) -> None:
    shown = masked(phone)
    assert shown == SERVICE_DESK or sum(sign.isdigit() for sign in shown) == 2


@given(st.text(max_size=100), st.text(max_size=100))
def test_every_browser_gets_one_of_two_languages(chosen: str, wishes: str) -> None:
    assert language(chosen, wishes) in {"nl", "en"}


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [("en-GB,en;q=0.9,nl;q=0.8", "en"), ("de,nl;q=0.3,en;q=0.2", "nl"), ("en;q=0", "nl"),
     ("nl-BE", "nl"), ("en;q=x", "nl")],
)  # fmt: skip
def test_the_heaviest_wish_that_we_speak_wins(wishes: str, expected: str) -> None:
    assert language("", wishes) == expected


@given(st.text(max_size=100))
def test_a_login_name_is_printable_or_nothing(untrusted: str) -> None:
    name = login_name(untrusted)
    assert name.isprintable()
    assert len(name) <= 64
    assert (
        login_name(name) == name
        or len(name) == 0
        or login_name(name) == login_name(login_name(name))
    )


@given(st.sampled_from(["press", "number"]), st.text(max_size=4), st.text(max_size=8))
def test_only_approve_ever_lets_in(match: str, typed: str, verdict: str) -> None:
    outcome = answered(match, "42", verdict, typed)
    if outcome is Outcome.APPROVED:
        assert verdict == "approve"
        assert match == "press" or typed == "42"


def test_a_number_that_was_never_made_matches_nothing() -> None:
    assert answered("number", "", "approve", "") is Outcome.MISMATCH
    assert answered("scan", "", "approve", "") is Outcome.MISMATCH


@given(st.floats(0, 1000), st.floats(0, 2000))
def test_an_open_login_has_time_left_and_an_expired_one_has_none(issued: float, now: float) -> None:
    sign_in = SignIn("r", "p", "s", "", "press", "", issued, issued + 120, None)
    if sign_in.outcome_at(now) is None:
        assert sign_in.seconds_left(now) >= 1
    else:
        assert sign_in.seconds_left(now) == 0
