"""How many cuts go where: first every call of a workload with every fate, then torn disks at random places."""

from __future__ import annotations

from random import Random

from tests.crash.image import Fate
from tests.crash.laboratory import Finding, Laboratory, Recorded, Tally
from tests.crash.workloads import WORKLOADS, Workload

AGAIN_EVERY = 4


def run(lab: Laboratory, workload: Workload, cuts: int, seed: int) -> Tally:
    """So many cuts of one workload. A number of cuts smaller than its places still visits them all."""
    recorded, tally, chance = lab.record(workload), Tally(), Random(f"{workload.name} {seed}")
    for at in range(len(recorded.ops) + 1):
        for fate in (Fate.KEPT, Fate.LOST):
            _one(lab, recorded, at, fate, chance, tally)
    while tally.cuts < cuts:
        at = chance.randint(0, len(recorded.ops))
        _one(lab, recorded, at, Fate.TORN, chance, tally)
    return tally


def _one(
    lab: Laboratory, recorded: Recorded, at: int, fate: Fate, chance: Random, tally: Tally
) -> None:
    """One cut; of every fourth recovery, that one is cut too."""
    finding, recovery = lab.cut(recorded, at, fate, chance)
    tally.count(finding)
    if finding is Finding.GOOD and tally.cuts % AGAIN_EVERY == 0:
        tally.again += 1
        tally.count(lab.cut_again(recovery, recorded.allowed(at), fate, chance))


def portion(job: tuple[int, int, int]) -> Tally:
    """So many cuts of one workload, in a laboratory of its own."""
    place, cuts, seed = job
    lab = Laboratory()
    try:
        return run(lab, WORKLOADS[place], cuts, seed)
    finally:
        lab.close()
