"""What every test shares: how thoroughly properties are tried, and figures that tests want to have said at the end.

Anything more belongs beside the tests that need it. And groups of tests stay on one worker: pytest-xdist 3.8 writes a
group's name where pytest 9.2 no longer reads it, so every heavy server would be started once a worker.
"""

from __future__ import annotations

from collections import Counter

import pytest
from _pytest.nodeid import NodeId
from hypothesis import settings

# no deadline: a busy machine is not a defect; no database: a run depends on nothing that an earlier one left behind
settings.register_profile("house", deadline=None, database=None)
settings.load_profile("house")

FIGURES = "figures of "


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name the group in the test's id, which is how xdist's `loadgroup` knows it."""
    for item in items:
        group = item.get_closest_marker("xdist_group")
        if group is not None and not item.nodeid.endswith(f"@{group.args[0]}"):
            item._id = NodeId.parse(f"{item.nodeid}@{group.args[0]}")


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
