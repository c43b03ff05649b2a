"""Whose answers wait to be judged at the broker's line."""

from __future__ import annotations

from web.login_portal.broker.turns import ALTOGETHER, OF_ONE, Turns


def test_a_device_that_floods_waits_for_itself_alone() -> None:
    turns = Turns()
    assert [turns.begin("loud") for _ in range(OF_ONE + 1)] == [True] * OF_ONE + [False]
    assert turns.begin("quiet")
    turns.end("loud")
    assert turns.begin("loud")


def test_no_crowd_of_devices_fills_the_memory() -> None:
    turns = Turns()
    assert all(turns.begin(f"d{number}") for number in range(ALTOGETHER))
    assert not turns.begin("one more")
    turns.end("d0")
    assert turns.begin("one more")
