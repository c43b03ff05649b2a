"""What somebody hears who has a page read out, and what the keyboard and one's own spacing of text make of it.

It asks Chromium for the tree of names and roles that a screen reader is given; it never looks at pixels.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.web.looks import mismeasured

HERE = Path(__file__).parent
FIELDS = ("textbox", "searchbox", "combobox", "checkbox", "radio", "spinbutton")
NAMED = frozenset(("button", "link", "image", "progressbar", "region", "navigation", *FIELDS))
OUTLINE = """(() => {
  const at = document.activeElement, drawn = getComputedStyle(at);
  return [window.stops.indexOf(at), drawn.outlineStyle === "none" ? 0 : parseFloat(drawn.outlineWidth)];
})()"""
MOST_STOPS = 120


def for_everybody(page: Page, name: str) -> list[str]:
    """What is wrong with this page when it is heard, when there is no mouse, and when its text is spaced wider."""
    return [f"{name}: {one}" for one in (*unheard(page), *unreached(page), *strained(page))]


def unheard(page: Page) -> list[str]:
    """What has no name, stands in no order, or is not said."""
    tree = spoken(page)
    wrong = [f"a {role} has no name" for role, name, _ in tree if role in NAMED and not name]
    roles = [role for role, _, _ in tree]
    wrong += [f"{roles.count(one)} × {one}" for one in ("main", "banner") if roles.count(one) != 1]
    heads = [(level, name) for role, name, level in tree if role == "heading"]
    first = [name for level, name in heads if level == 1]
    wrong += [] if len(first) == 1 else [f"headings of the page: {first}"]
    levels = [level for level, _ in heads]
    wrong += [f"after h{one} comes h{two}" for one, two in pairwise(levels) if two > one + 1]
    title = page.title()
    wrong += [f"the title “{title}” does not say “{one}”" for one in first if not _said(one, title)]
    told: list[str] = page.evaluate((HERE / "heard.js").read_text())
    return wrong + told


def spoken(page: Page) -> list[tuple[str, str, int]]:
    """Role, name and level of whatever a screen reader comes by, in order."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        (_of(one, "role"), _of(one, "name"), _level(one)) for one in nodes if not one["ignored"]
    ]


def unreached(page: Page) -> list[str]:
    """Where the Tab key does not come, comes out of order, or comes without showing it (WCAG 2.1.1, 2.4.3, 2.4.7)."""
    wanted: list[str] = page.evaluate((HERE / "stops.js").read_text())
    wrong, came = list[str](), list[int]()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop, outline = page.evaluate(OUTLINE)
        if came[-1:] == [len(wanted) - 1] != [stop]:
            break
        came += [stop] if stop >= 0 and stop not in came[-1:] else []
        wrong += [f"{wanted[stop]} is not seen to be reached"] if stop >= 0 and outline < 2 else []
    missed = [one for at, one in enumerate(wanted) if at not in came]
    wrong += [f"the Tab key never comes to {one}" for one in missed]
    return wrong if came == sorted(came) else [*wrong, f"the Tab key goes {came}"]


def strained(page: Page) -> list[str]:
    """What does not fit with wide spacing on 320 pixels: a page of 1280 at four times its size (WCAG 1.4.10)."""
    before, spacing = page.viewport_size, (HERE / "strained.js").read_text()
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate(spacing, True)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    wrong = [f"{wide} px too wide when spaced"] if wide > 0 else []
    wrong += [f"when spaced {one}" for one in mismeasured(page)]
    page.evaluate(spacing, False)
    if before is not None:
        page.set_viewport_size(before)
    return wrong


def _said(words: str, title: str) -> bool:
    first, second = (re.sub(r"\W+", " ", text).casefold().strip() for text in (words, title))
    return first in second


def _of(node: dict[str, Any], what: str) -> str:
    return str(node.get(what, {}).get("value", "")).strip()


def _level(node: dict[str, Any]) -> int:
    found = [one["value"]["value"] for one in node.get("properties", ()) if one["name"] == "level"]
    return int(found[0]) if found else 0
