"""The log: one line an event, whatever the values hold, with the time in UTC to the millisecond."""

from __future__ import annotations

import logging
import re

from hypothesis import given
from hypothesis import strategies as st

from tests.web.login_portal.conftest import Kept
from web.login_portal.logbook import Lines, Logbook


def noted(**fields: str | float) -> str:
    kept, logger = Kept(), logging.getLogger("logbook under test")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.handlers = [kept]
    Logbook(logger).note("something happened", **fields)
    (line,) = kept.lines
    return line


def test_a_fact_is_words_and_fields() -> None:
    line = noted(request="abc-123", ms=3.25, tries=4)
    assert line == "something happened request=abc-123 ms=3.2 tries=4"


@given(st.text(max_size=300))
def test_no_value_makes_a_second_line_or_a_second_field(value: str) -> None:
    line = noted(value=value)
    assert line.isprintable()
    assert line.isascii()
    if re.search(r"[\s=]", value):
        assert line.partition("value=")[2][0] in "'\""


def test_a_line_starts_with_the_time_in_utc() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "fact", None, None)
    record.created, record.msecs = 1_800_000_000.123, 123.0
    shown = Lines("%(asctime)s portal %(message)s").format(record)
    assert shown == "2027-01-15T08:00:00.123Z portal fact"
