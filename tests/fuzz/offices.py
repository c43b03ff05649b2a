"""Laws of what an office hands the portal: a file of people and their tokens."""

from __future__ import annotations

from types import ModuleType

from tests.fuzz.verdict import hold
from web.login_portal.rules import people_file


def people(untrusted: bytes, parser: ModuleType = people_file) -> None:
    """`people_file.parse`: every line is a sound row or is named as bad, never both, and nobody stands there twice."""
    rows, bad = parser.parse(untrusted)
    named, wrong = [row.line for row in rows], [one.line for one in bad]
    hold(not set(named) & set(wrong), "a line is good and bad")
    hold(named == sorted(set(named)) and wrong == sorted(wrong), "lines out of their order")
    hold(len({row.name for row in rows}) == len(rows), "somebody stands there twice")
    for row in rows:
        words = (row.name, row.display, row.phone, row.email, row.serial)
        hold(all(word.isprintable() for word in words), "a strange sign was taken")
        hold(
            len(row.serial) <= 64 and not set(row.serial) & set("/\\?#% "),
            "a strange serial number",
        )
        hold("@" in row.email or not row.email, "an address that is none")
        hold(row.until is None or bool(row.serial), "a loan of nothing")
        hold(row.password == "" or row.password not in repr(row), "a password in a repr")
    for one in bad:
        hold(10 < len(one.why) < 120, "a reason that nobody can act on")
