"""How the courier waits: patient with a portal that is away, and never in a herd."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.core.troubles import Trouble
from appliance.courier import backoff
from appliance.courier.inbox_lines import FIRST_ACTION, Failed, InboxLine, TokenGranted, step

chances = st.floats(0, 1)


@given(failures=st.integers(1, 10**6), chance=chances)
def test_no_rest_after_a_failure_is_shorter_than_a_second_or_longer_than_two_minutes(
    failures: int, chance: float
) -> None:
    assert 1.0 <= backoff.after_failures(failures, chance) <= 120.0


@given(seed=st.integers(0, 10**6), admitted=st.booleans())
@settings(max_examples=20)
def test_row_35_a_portal_that_is_down_for_a_day_costs_at_most_a_request_a_minute(
    seed: int, admitted: bool
) -> None:
    chance = Random(seed)
    line, at, tries = InboxLine(), 0.0, []
    if admitted:
        line = step(line, TokenGranted(), at, 0.5).line
    while at < 86_400:
        taken = step(line, Failed(Trouble.NO_NETWORK), at, chance.random())
        line = taken.line
        at += taken.action.rest
        tries.append(at)
    assert len([t for t in tries if t < 600]) < 30
    assert len([t for t in tries if t >= 600]) <= (86_400 - 600) / 60


def test_devices_that_lost_their_stream_together_come_back_spread_over_seconds() -> None:
    rests = {round(backoff.after_cut(n / 100), 3) for n in range(100)}
    assert len(rests) == 100
    assert max(rests) - min(rests) > 2.5


@given(st.integers(0, 1000), chances)
def test_quiet_polling_slows_from_two_seconds_to_thirty(empty: int, chance: float) -> None:
    rest = backoff.after_empty(empty, chance)
    assert 1.3 < rest <= 40
    assert backoff.after_empty(0, 0.5) == 2.0
    assert backoff.after_empty(50, 0.5) == 30.0


def test_a_line_begins_with_a_token() -> None:
    assert FIRST_ACTION.do == "fetch-token"
