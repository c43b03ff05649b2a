"""Ten thousand power cuts under the real vault: nothing corrupt, nothing acknowledged lost, and controls that fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from random import Random

import pytest

from tests.crash import campaign, controls
from tests.crash.image import Fate, image
from tests.crash.journal import JournalledCalls
from tests.crash.laboratory import Finding, Laboratory, Tally
from tests.crash.workloads import WORKLOADS, Workload

CUTS = 10_000 // len(WORKLOADS) + 1
Record = Callable[[str, object], None]


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_no_power_cut_corrupts_or_loses_anything(
    lab: Laboratory, workload: Workload, record_property: Record
) -> None:
    tally = campaign.run(lab, workload, CUTS, seed=1)
    lost = tally.found[Finding.LOST] + tally.found[Finding.HALF]
    corrupt = tally.found[Finding.CORRUPT]
    figures = {"cuts": tally.cuts, "corrupt": corrupt, "lost": lost}
    record_property("figures of power cuts", figures)
    assert tally.bad == 0, str(tally)
    assert tally.again >= CUTS // 5


def test_a_reset_destroys_the_key_before_anything_else(lab: Laboratory) -> None:
    """Wherever it is cut: while any old record file is missing, the old key is gone too (checklist row 36)."""
    recorded = lab.record(next(each for each in WORKLOADS if each.name == "reset"))
    key, seen = recorded.base["plain.key"], set()
    for at in range(len(recorded.ops) + 1):
        for fate in Fate:
            left = image(recorded.base, recorded.ops[:at], fate, Random(at))
            destroyed = not {"vault.key", "vault.db"} <= left.keys()
            seen.add(destroyed)
            assert not destroyed or left.get("plain.key") != key
    assert seen == {True, False}


def _under(
    workload: str,
    calls: type[JournalledCalls] = JournalledCalls,
    connection: type[sqlite3.Connection] = sqlite3.Connection,
) -> Tally:
    laboratory = Laboratory(calls, connection)
    try:
        chosen = next(each for each in WORKLOADS if each.name == workload)
        return campaign.run(laboratory, chosen, 400, seed=2)
    finally:
        laboratory.close()


def test_the_control_wal_normal_loses_acknowledged_changes(record_property: Record) -> None:
    tally = _under("counter", connection=controls.Normal)
    record_property("figures of control WAL+NORMAL, must lose", {"cuts": 400, "lost": tally.bad})
    assert tally.found[Finding.LOST] > 40
    assert tally.found[Finding.CORRUPT] == 0


def test_the_control_without_any_sync_is_corrupt(record_property: Record) -> None:
    tally = _under("a day", connection=controls.Off)
    record_property(
        "figures of control synchronous=OFF, must fail", {"cuts": 400, "bad": tally.bad}
    )
    assert tally.bad > 40


def test_the_control_whole_files_without_fsync_loses_the_key(record_property: Record) -> None:
    tally = _under("first start", calls=controls.Unsynced)
    record_property(
        "figures of control files without fsync, must fail", {"cuts": 400, "bad": tally.bad}
    )
    assert tally.found[Finding.CORRUPT] > 40


def test_the_control_with_an_unsynced_folder_loses_names(record_property: Record) -> None:
    tally = _under("reset", calls=controls.Hasty)
    record_property(
        "figures of control folder without fsync, must fail", {"cuts": 400, "bad": tally.bad}
    )
    assert tally.bad > 4
