"""The licence gate: `python -m tests.supply.licences` names every locked package whose licence is not on the list.

The device may only contain what lets everybody do everything with it; libraries under the LGPL, which Python loads
dynamically, are for the portal alone. No GPL anywhere, so none in the process that sees secrets. Run by `make check`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

LOCKS = Path(__file__).resolve().parents[2] / "config" / "locks"
FREE = frozenset(
    {
        *("MIT", "MIT-0", "MIT-CMU", "ISC", "HPND", "Zlib", "PSF-2.0", "Python-2.0", "MPL-2.0"),
        *("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "CC0-1.0"),
        "ZPL-2.1",  # waitress: the Zope licence is BSD-like and approved by OSI and FSF
    }
)
DYNAMIC = frozenset({"LGPL-3.0-only", "LGPL-3.0-or-later", "LGPL-2.1-or-later"})
ALLOWED = {"device": FREE, "tools": FREE, "portal": FREE | DYNAMIC}
# how packages without an SPDX expression say it
SAID = {
    "MIT License": "MIT",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "ZPL 2.1": "ZPL-2.1",
    "LGPL v3": "LGPL-3.0-only",
    "Python Software Foundation License": "PSF-2.0",
}


def main() -> int:
    """0 when every package of every lock is allowed there."""
    wrong = [line for lock in ALLOWED for line in judge(lock)]
    for line in wrong:
        print(f"licences: {line}")
    if not wrong:
        print(f"licences: {len(locked('device'))} packages on the device, all allowed")
    return 1 if wrong else 0


def judge(lock: str) -> Iterator[str]:
    """A sentence for each package of this lock that may not be there, or cannot be judged."""
    for name in locked(lock):
        try:
            expression = licence(metadata(name))
        except PackageNotFoundError:
            continue  # for another system or Python; it is judged where it is installed
        if not allowed(expression, ALLOWED[lock]):
            yield f"{name} ({lock}): {expression or 'no licence is told'} is not on the list"


def locked(lock: str) -> list[str]:
    """The packages of a lock by name."""
    lines = (LOCKS / f"{lock}.txt").read_text().splitlines()
    return sorted({found[1] for line in lines if (found := re.match(r"([A-Za-z0-9._-]+)==", line))})


def licence(told: PackageMetadata) -> str:
    """The licence as an SPDX expression; empty when nothing is told."""
    expression = told.get("License-Expression")
    if expression:
        return str(expression)
    words = str(told.get("License") or "").strip().splitlines()
    if words and len(words[0]) < 60:
        return SAID.get(words[0], words[0])
    kinds = [c.split(" :: ")[-1] for c in told.get_all("Classifier") or () if "License" in c]
    return " OR ".join(SAID.get(kind, kind) for kind in kinds)


def allowed(expression: str, known: frozenset[str]) -> bool:
    """Whether what must hold together is allowed; of a choice, one that is allowed is enough (SPDX 2.3, annex D)."""
    parts = [part.strip(" ()") for part in expression.split(" AND ")]
    return bool(expression) and all(
        any(one.strip(" ()") in known for one in part.split(" OR ")) for part in parts
    )


if __name__ == "__main__":
    sys.exit(main())
