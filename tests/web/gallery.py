"""Brings pictures of the pages into the docs: `python -m tests.web.gallery FOLDER` takes those that docs already have.

The tests that look at pages keep their pictures in FOLDER when PICTURES names it; a new picture is first named in a
page of the docs. Most are Dutch, in the light; people's pages as on a telephone, the desk's as on a screen.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from PIL import Image

from tests.house.source import ROOT

DOCS = ROOT / "docs"
COLOURS = 64
OTHERS = {
    "portal-waiting": "portal-waiting.nl.light.1280",
    "page-panel": "panel.nl.dark.768",
    "page-waiting": "waiting.nl.light.768",
    "page-accounts": "accounts.nl.light.768",
    "page-reset": "reset.en.dark.320",
    "page-backup": "state-backup-plan.nl.light.1280",
    "page-backup-phone": "state-backup-granted.en.dark.360",
    "page-door": "enter.nl.light.1280",
}


def shown() -> set[str]:
    """The pictures of pages that the docs show, by name."""
    words = "".join(page.read_text() for page in (*ROOT.glob("*.md"), *DOCS.glob("*.md")))
    return set(re.findall(r"pictures/((?:portal|desk|page)-[\w-]+)\.png", words))


def source(folder: Path, name: str) -> Path | None:
    """The picture that was kept for this name; None when the tests that keep it did not run."""
    width = 360 if name.startswith("portal-") else 1280
    plain = name.removeprefix("page-")
    kept = (OTHERS.get(name, ""), f"{plain}.nl.light.{width}", f"{plain}.nl.{width}")
    return next((file for one in kept if (file := folder / f"{one}.png").exists()), None)


def main(folder: Path) -> int:
    """Take each picture over, small; the exit code says whether one was missing."""
    missing = []
    for name in sorted(shown()):
        if (kept := source(folder, name)) is None:
            missing.append(name)
            continue
        with Image.open(kept) as picture:
            few = picture.convert("RGB").quantize(COLOURS)
        few.save(DOCS / "pictures" / f"{name}.png", optimize=True)
    sys.stdout.writelines(f"not there: {name}\n" for name in missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
