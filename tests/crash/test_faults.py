"""A full, broken or read-only disk at every single call: the act is refused aloud, and what was promised stays."""

from __future__ import annotations

import errno
from collections.abc import Callable

import pytest

from tests.crash.journal import Fault, Journal
from tests.crash.laboratory import Finding, Laboratory
from tests.crash.workloads import WORKLOADS, Workload

Record = Callable[[str, object], None]
FAULTS = {
    "ENOSPC": (errno.ENOSPC, False),
    "EIO": (errno.EIO, False),
    "full for good": (errno.ENOSPC, True),
    "EROFS": (errno.EROFS, True),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_a_disk_that_refuses_a_call_costs_nothing_that_was_acknowledged(
    lab: Laboratory, workload: Workload, fault: str, record_property: Record
) -> None:
    number, stays = FAULTS[fault]
    recorded = lab.record(workload)
    calls = _calls_of(lab, workload, recorded.base)
    for at in range(calls):
        noticed, finding = lab.with_fault(workload, recorded, Fault(at, number, stays))
        assert finding is Finding.GOOD, (workload.name, at)
        assert noticed or not stays or at >= calls - 8, (workload.name, at)
    record_property("figures of refused calls", {"calls": calls, "corrupt": 0, "lost": 0})


def _calls_of(lab: Laboratory, workload: Workload, base: dict[str, bytes]) -> int:
    lab.lay(base)
    journal = Journal(lab.folder, base)
    vault = lab.start(journal)
    for act in workload.acts:
        act(vault)
    vault.close()
    return journal.calls
