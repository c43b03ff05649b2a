"""How a page looks to a machine: nothing wider than the window, no serious finding of axe-core, and its picture.

What is pressed must be large enough for a thumb, and no text may stick out of the card that it stands in.
With PICTURES set to a folder, a picture of each page is kept there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page

HERE = Path(__file__).parent
AXE = HERE.parent / "vendor" / "axe.min.js"
MEASURE = HERE / "measure.js"
PICTURES = os.environ.get("PICTURES", "")


def findings(page: Page) -> list[str]:
    """What axe-core calls serious or critical."""
    page.evaluate(AXE.read_text() + ";0")
    found = page.evaluate("axe.run()")
    return [
        f"{one['id']}: {one['nodes'][0]['html']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def at_every_width(page: Page, name: str, file: str, sizes: Mapping[int, int]) -> list[str]:
    """Where the page is wider than its window or its measures are wrong; a picture `file.width` of each is kept."""
    page.wait_for_load_state()  # a page without its style is not what anybody sees
    wrong: list[str] = []
    for width, height in sizes.items():
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong += [f"{name} is {wide} px too wide at {width}"] if wide > 0 else []
        wrong += [f"{name} at {width}: {one}" for one in mismeasured(page)]
        keep(page, f"{file}.{width}")
    return wrong


def mismeasured(page: Page) -> list[str]:
    """What is too small to press (44 px, WCAG 2.5.5) or sticks out of its card; a link in a sentence may be small."""
    found: list[str] = page.evaluate(MEASURE.read_text())
    return found


def keep(page: Page, name: str) -> None:
    """Keep a picture of the whole page, if pictures are wanted."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
