"""What every test shares: how thoroughly properties are tried, and figures that tests want to have said at the end.

Anything more belongs beside the tests that need it.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import settings

# no deadline: a busy machine is not a defect; no database: a run depends on nothing that an earlier one left behind
settings.register_profile("house", deadline=None, database=None)
settings.load_profile("house")

FIGURES = "figures of "


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Add up what tests recorded with `record_property("figures of <what>", {name: count})` and say it."""
    sums: dict[str, Counter[str]] = {}
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, counts in report.user_properties:
            if report.when == "call" and name.startswith(FIGURES):
                sums.setdefault(name.removeprefix(FIGURES), Counter()).update(counts)
    for what, counts in sorted(sums.items()):
        said = ", ".join(f"{name} {count}" for name, count in counts.items())
        terminalreporter.write_line(f"{what}: {said}")
