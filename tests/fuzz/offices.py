"""Laws of what an office hands the portal: a file of people and their tokens, and what its directory says of one."""

from __future__ import annotations

from types import ModuleType

from tests.fuzz.verdict import hold
from web.login_portal.rules import directory, people_file

_NOW, _YEAR_10000 = 1_800_000_000.0, 253_402_300_800.0


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


def entry(untrusted: bytes, parser: ModuleType = directory) -> None:
    """`rules.directory`: an entry's days can be shown, its states are plain, its words mean nothing.

    Each line is an attribute and its value, as the source passes them on.
    """
    lines = untrusted.decode("utf-8", "replace").split("\n")[:40]
    found = {key: value[:256] for key, _, value in (line.partition(" ") for line in lines)}
    until = parser.password_until(found, parser.max_age(found))
    hold(until is None or 0 < until < _YEAR_10000, "a day that no calendar can show")
    hold(isinstance(parser.disabled(found, _NOW), bool), "a state that is none")
    hold(parser.must_change(found, until, _NOW) in (True, False), "a state that is none")
    for value in found.values():
        hold(
            not set(parser.escaped(value)) & set("*()\0"), "a sign that means something in a filter"
        )
