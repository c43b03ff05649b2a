"""The rules of one inbox line, event by event, without a socket."""

from __future__ import annotations

from appliance.core.troubles import Trouble
from appliance.courier.inbox_lines import (
    Answered,
    Do,
    Failed,
    Happened,
    InboxLine,
    Step,
    StreamCut,
    StreamOpened,
    StreamRefused,
    StreamSilent,
    TokenGranted,
    TokenRefused,
    Unauthorized,
    step,
)

START = InboxLine()


def walk(*happenings: tuple[float, Happened], line: InboxLine = START) -> Step:
    """Take (time, happened) pairs; the last step."""
    taken = Step(line, None)
    for at, happened in happenings:
        taken = step(line, happened, at, 0.5)
        line = taken.line
    return taken


def test_with_a_token_the_stream_is_opened_and_reported_once() -> None:
    opened = walk((0, TokenGranted()), (1, StreamOpened()))
    assert (opened.action, opened.report) == (None, "connected")
    assert walk((2, StreamOpened()), line=opened.line).report is None


def test_a_good_stream_that_is_cut_is_opened_again_within_three_seconds_and_quietly() -> None:
    cut = walk((0, TokenGranted()), (1, StreamOpened()), (60, StreamCut()))
    assert cut.action.do is Do.OPEN_STREAM
    assert cut.action.rest <= 3
    assert cut.report is None


def test_a_stream_that_keeps_breaking_at_once_gives_way_to_long_polls() -> None:
    events = [(0, TokenGranted()), (1, StreamOpened()), (1.1, StreamCut()), (3, StreamOpened())]
    assert walk(*events, (3.1, StreamCut())).action.do is Do.LONG_POLL


def test_a_silent_stream_is_tried_once_more_before_long_polls() -> None:
    once = walk((0, TokenGranted()), (1, StreamOpened()), (72, StreamSilent()))
    assert once.action.do is Do.OPEN_STREAM
    assert (
        walk((75, StreamOpened()), (145, StreamSilent()), line=once.line).action.do is Do.LONG_POLL
    )


def test_a_refused_stream_is_replaced_by_a_first_quick_poll_and_then_long_ones() -> None:
    refused = walk((0, TokenGranted()), (1, StreamRefused()))
    assert (refused.action.do, refused.action.wait, refused.action.rest) == (Do.LONG_POLL, 0, 0)
    answered = walk((1.1, Answered(0, 0.1)), line=refused.line)
    assert (answered.action.wait, answered.report) == (25, "connected")


def test_a_portal_that_does_not_wait_is_polled_at_intervals() -> None:
    events = [(0, TokenGranted()), (1, StreamRefused()), (1, Answered(0, 0)), (1, Answered(0, 0))]
    polled = walk(*events)
    assert polled.action.do is Do.POLL
    assert polled.action.rest >= 2


def test_after_a_while_the_stream_is_tried_again_and_ever_more_rarely() -> None:
    first = walk((0, TokenGranted()), (1, StreamRefused()), (7, Answered(1, 1)))
    assert first.action.do is Do.OPEN_STREAM
    second = walk((7, StreamRefused()), (20, Answered(1, 1)), line=first.line)
    assert second.action.do is Do.LONG_POLL
    assert walk((28, Answered(1, 1)), line=second.line).action.do is Do.OPEN_STREAM


def test_a_token_that_worked_is_renewed_at_once() -> None:
    renewed = walk((0, TokenGranted()), (1, StreamOpened()), (600, Unauthorized()))
    assert (renewed.action.do, renewed.action.rest) == (Do.FETCH_TOKEN, 0)


def test_a_token_that_never_worked_makes_the_line_wait() -> None:
    refused = walk((0, TokenGranted()), (0, Unauthorized()))
    assert refused.action.rest > 1
    again = walk((3, TokenGranted()), (3, Unauthorized()), line=refused.line)
    assert again.action.rest > refused.action.rest


def test_a_refused_assertion_is_made_once_more_with_the_portals_clock() -> None:
    told = walk((0, TokenRefused(1_800_000_000.0)))
    assert told.action.server_time == 1_800_000_000.0
    assert told.report is None
    twice = walk((1, TokenRefused(1_800_000_001.0)), line=told.line)
    assert (twice.report, twice.action.server_time) == (Trouble.FOREIGN, 0.0)
    assert twice.action.rest >= 2


def test_a_failing_token_is_not_blamed_on_the_stream() -> None:
    failed = walk((0, Failed(Trouble.NO_NETWORK)), (2, Failed(Trouble.NO_NETWORK)))
    assert failed.action.do is Do.FETCH_TOKEN
    assert walk((6, TokenGranted()), line=failed.line).action.do is Do.OPEN_STREAM


def test_trouble_is_reported_when_it_changes_and_not_again() -> None:
    first = walk((0, Failed(Trouble.NO_NETWORK)))
    assert first.report == Trouble.NO_NETWORK
    assert walk((1, Failed(Trouble.NO_NETWORK)), line=first.line).report is None
    assert walk((1, Failed(Trouble.NOT_TRUSTED)), line=first.line).report == Trouble.NOT_TRUSTED


def test_a_portal_with_a_broker_is_listened_to_there() -> None:
    named = walk((0, TokenGranted(broker=True)))
    assert named.action.do is Do.SUBSCRIBE
    assert walk((1, StreamOpened()), line=named.line).report == "connected"


def test_a_broker_that_is_away_gives_way_to_http_and_is_tried_again() -> None:
    refused = walk((0, TokenGranted(broker=True)), (1, StreamRefused()))
    assert refused.action.do is Do.LONG_POLL
    assert walk((7, Answered(0, 1)), line=refused.line).action.do is Do.SUBSCRIBE


def test_a_broker_that_keeps_failing_is_left_alone_until_the_next_token() -> None:
    tired = walk(
        (0, TokenGranted(broker=True)),
        *(
            (at, StreamRefused() if at % 100 == 1 else Answered(0, 1))
            for at in (1, 90, 101, 190, 201)
        ),
    )
    assert tired.action.do is Do.OPEN_STREAM
    assert (
        walk((300, StreamOpened()), (900, StreamCut()), line=tired.line).action.do is Do.OPEN_STREAM
    )
    renewed = walk((4000, Unauthorized()), (4001, TokenGranted(broker=True)), line=tired.line)
    assert renewed.action.do is Do.SUBSCRIBE
