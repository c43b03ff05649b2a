"""The long run: `python -m tests.crash 1000000` cuts the power so many times, on all cores, and says how it went."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from pathlib import Path

from tests.crash import update_cuts
from tests.crash.campaign import portion
from tests.crash.laboratory import Finding, Tally
from tests.crash.workloads import WORKLOADS

PORTION = 2500
UPDATES, UPDATE_PORTION = 10_000, 1000
RESULT = Path("build/crash.json")


def main() -> int:
    """Cut, count, and fail when anything was corrupt or lost."""
    parser = argparse.ArgumentParser(prog="crash", description=__doc__)
    parser.add_argument("cuts", type=int, nargs="?", default=1_000_000)
    wanted = parser.parse_args().cuts
    portions = -(-wanted // PORTION)
    jobs = [(n % len(WORKLOADS), min(PORTION, wanted), n) for n in range(portions)]
    began, all_of_it = time.monotonic(), Tally()
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        for number, tally in enumerate(pool.imap_unordered(portion, jobs), 1):
            all_of_it.add(tally)
            speed = all_of_it.cuts / (time.monotonic() - began)
            print(f"crash: {100 * number // portions:3d} % {all_of_it} · {speed:.0f}/s", flush=True)
        updates = Tally()
        places = len(update_cuts.STORIES)
        jobs = [(n % places, UPDATE_PORTION, n) for n in range(UPDATES // UPDATE_PORTION)]
        for tally in pool.imap_unordered(update_cuts.portion, jobs):
            updates.add(tally)
    RESULT.parent.mkdir(exist_ok=True)
    print(f"crash: updates {updates} half {updates.found[Finding.HALF]}")
    seconds = round(time.monotonic() - began, 1)
    found = {finding.value: count for finding, count in all_of_it.found.items()}
    RESULT.write_text(json.dumps({"cuts": all_of_it.cuts, "seconds": seconds, **found}) + "\n")
    bad = all_of_it.bad + updates.bad
    kept = "every law kept" if bad == 0 else "LAWS BROKEN"
    print(f"crash: {all_of_it} half {all_of_it.found[Finding.HALF]} in {seconds} s: {kept}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
