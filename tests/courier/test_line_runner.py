"""A line at work against a real portal: letters arrive whatever breaks, once each and in order."""

from __future__ import annotations

from appliance.core.errors import Refused
from appliance.wire.carrying import Assertion, Deliver, Line, Taken
from tests.courier.conftest import Bench


def test_letters_that_waited_and_letters_that_come_are_delivered_in_order(bench: Bench) -> None:
    early = bench.portal.post("early")
    bench.start()
    bench.wait_for_letter(early)
    late = bench.portal.post("late")
    bench.wait_for_letter(late)
    assert bench.delivered() == [early, late]
    assert [call.state for call in bench.desk.of(Line)] == ["connected"]


def test_a_line_that_was_cut_catches_up_by_its_cursor(bench: Bench) -> None:
    bench.start()
    first = bench.portal.post("first")
    bench.wait_for_letter(first)
    bench.portal.streams = False
    bench.portal.cut()
    second = bench.portal.post("second")
    bench.wait_for_letter(second)
    assert bench.delivered() == [first, second]


def test_without_a_stream_the_line_asks_with_long_polls(bench: Bench) -> None:
    bench.portal.streams = False
    bench.start()
    bench.portal.wait_until_asked("long-poll")
    letter = bench.portal.post("hello")
    bench.wait_for_letter(letter)
    assert bench.portal.asked.count("poll") == 1


def test_without_long_polls_the_line_polls(bench: Bench) -> None:
    bench.portal.streams = bench.portal.waits = False
    bench.start()
    bench.portal.wait_until_asked("poll", times=3)
    letter = bench.portal.post("hello")
    bench.wait_for_letter(letter)


def test_a_token_that_ran_out_is_renewed_and_nothing_is_lost(bench: Bench) -> None:
    bench.start()
    bench.wait_for_state("connected")
    bench.portal.withdraw_tokens()
    bench.portal.cut()
    letter = bench.portal.post("after")
    bench.wait_for_letter(letter)
    assert bench.portal.given == 2


def test_a_device_with_a_wrong_clock_signs_with_the_portals_time(bench: Bench) -> None:
    bench.portal.wants_time = True
    bench.start()
    bench.wait_for_state("connected")
    assert [bool(call.server_time) for call in bench.desk.of(Assertion)] == [False, True]


def test_what_the_portal_said_of_the_time_does_not_grow_old(bench: Bench) -> None:
    """A stream may be open for days; when it is cut, its first word about the time is as old as that."""
    bench.start()
    bench.wait_for_state("connected")
    bench.ahead = 86400.0
    bench.portal.close()
    bench.portal.cut()
    bench.desk.wait_for(lambda call: isinstance(call, Line) and call.state != "connected")
    first, last = (call.server_time for call in bench.desk.of(Line)[:2])
    assert 86400.0 <= last - first < 86400.0 + 60.0


def test_a_silent_stream_is_cut_and_the_letter_still_comes(bench: Bench) -> None:
    bench.portal.silent = True
    letter = bench.portal.post("stuck in a buffer")
    bench.start(silence=0.3)
    bench.wait_for_letter(letter)
    assert bench.portal.asked.count("stream") >= 2


def test_a_portal_that_breaks_in_the_middle_is_reported_and_found_again(bench: Bench) -> None:
    bench.start()
    bench.wait_for_state("connected")
    bench.portal.broken = 503
    bench.portal.cut()
    bench.wait_for_state("portal-down")
    bench.portal.broken = 0
    letter = bench.portal.post("back")
    bench.wait_for_letter(letter)
    bench.wait_for_states("connected", "portal-down", "connected")


def test_a_portal_that_redirects_is_not_followed(bench: Bench) -> None:
    bench.portal.broken = 302
    bench.start()
    bench.wait_for_state("portal-down")


def test_a_stopped_line_ends_at_once_although_its_stream_is_open(bench: Bench) -> None:
    runner = bench.start()
    bench.wait_for_state("connected")
    runner.stop()
    thread = bench.threads[0][1]
    thread.join(10)
    assert not thread.is_alive()


def test_a_letter_that_is_declined_for_a_moment_is_not_lost(bench: Bench) -> None:
    refusals = [Refused("The device is busy")] * 2

    def busy(_ask: Deliver) -> Taken:
        if refusals:
            raise refusals.pop()
        return Taken(True)

    bench.desk.teach("Deliver", busy)
    bench.start()
    letter = bench.portal.post("patience")
    bench.desk.wait_for(lambda _: bench.delivered() == [letter] * 3)


def test_a_letter_that_is_never_taken_does_not_hold_up_the_next(bench: Bench) -> None:
    def never(_ask: Deliver) -> Taken:
        raise Refused("There is no such account")

    bench.desk.teach("Deliver", never)
    bench.desk.teach("Line", never)
    bench.start()
    poison, next_one = bench.portal.post("poison"), bench.portal.post("next")
    bench.desk.wait_for(lambda _: bench.delivered() == [poison] * 3 + [next_one] * 3)


def test_after_the_authenticator_was_away_the_inbox_is_read_from_its_beginning(
    bench: Bench,
) -> None:
    bench.start()
    letter = bench.portal.post("still open")
    bench.wait_for_letter(bench.portal.post("only asked for once the first was taken"))
    bench.desk.close()
    missed = bench.portal.post("while it was away")
    bench.portal.wait_until_asked("rest 1.0")
    bench.restart_desk()
    bench.wait_for_letter(letter)
    bench.wait_for_letter(missed)
