"""The table of the portal's proofs names tests that exist, and the gallery of its pages leaves none out."""

from __future__ import annotations

import re

from tests.house.source import ROOT, every_test

PROOFS = (ROOT / "docs" / "portal-proofs.md").read_text()
GALLERY = (ROOT / "docs" / "portal-pages.md").read_text()
TEMPLATES = ROOT / "web" / "login_portal" / "pages" / "templates"
PARTS = {"base.html", "parts.html", "desk/base.html", "desk/words.html"}


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PROOFS))
    assert len(named) > 120
    assert named - every_test() == set()


def test_each_line_of_the_service_has_its_row() -> None:
    rows = re.findall(r"^\| (\d+) .*`test_", PROOFS, re.MULTILINE)
    assert {int(row) for row in rows} == set(range(1, 12))


def test_every_page_has_a_picture() -> None:
    there = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}
    assert set(re.findall(r"`([\w/]+\.html)`", GALLERY)) == there - PARTS


def test_every_picture_of_the_portal_is_shown() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
    shown = {name for page in pages for name in re.findall(r"pictures/([\w-]+)", page.read_text())}
    kept = {path.stem for path in (ROOT / "docs" / "pictures").glob("*.png")}
    assert {name for name in kept if name.startswith(("portal-", "desk-"))} - shown == set()
