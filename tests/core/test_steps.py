"""Every step of every story stands in a table; whoever changes one sees there what else it changed."""

from __future__ import annotations

from tests.core.steps import TABLE, table


def test_every_screen_makes_of_every_event_what_the_table_says() -> None:
    """Look at the difference, and then: `make frames` or `python -m tests.core.steps`."""
    was, now_is = TABLE.read_text().splitlines(), table().splitlines()
    assert [line for line in now_is if line not in set(was)] == []
    assert was == now_is
