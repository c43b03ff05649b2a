"""Laws of what else a camera brings in: a wireless network, and the pictures of one export together."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from types import ModuleType

from appliance.core.accounts import Kind
from appliance.core.troubles import Trouble
from appliance.credentials import candidates, export, wifi
from appliance.credentials.candidates import OtpCandidate
from appliance.credentials.google_migration import Migration
from tests.fuzz.one_time import text_of
from tests.fuzz.verdict import hold, says_nothing

MOST = 99


def network(untrusted: bytes, parser: ModuleType = wifi) -> None:
    """`wifi.parse`: a network that a token can join and that survives being written and read again, or NotTaken."""
    text = text_of(untrusted)
    try:
        found = parser.parse(text)
    except candidates.NotTaken as refusal:
        says_nothing(refusal)
        hold(refusal.why in {Trouble.TOO_LONG, Trouble.WIFI_UNFIT}, "a refusal of another kind")
        return
    hold(len(text) <= 512, "a text that is too long was taken")
    hold(text.strip()[:5].lower() == "wifi:", "a text of another kind was taken")
    hold(1 <= len(found.name.encode()) <= 32, "a name that no network has was taken")
    hold(not found.password or 8 <= len(found.password.encode()) <= 63, "no such password")
    signs = {unicodedata.category(letter)[0] for letter in found.name + found.password}
    hold("C" not in signs, "a name or password with control signs was taken")
    hold(repr(replace(found, password="")) == repr(found), "the password is in the record's words")
    again = rewritten(found)
    if len(again) <= 512:
        hold(parser.parse(again) == found, "written and read again, it is another network")


def rewritten(found: wifi.Wifi) -> str:
    """The network as the plainest text that describes it."""
    name, password = (
        "".join(f"\\{letter}" if letter in '\\;,:"' else letter for letter in words)
        for words in (found.name, found.password)
    )
    kind = f"T:WPA;P:{password};" if found.password else "T:nopass;"
    return f"WIFI:{kind}S:{name};H:{str(found.hidden).lower()};;"


def page(first: int, second: int) -> Migration:
    """A picture as `google_migration.parse` may give it, from two bytes."""
    batches = 1 + (first >> 3 & 7)
    batch, number, other = (first & 7) % batches, 1 + (second >> 2 & 31), second >> 7
    accounts = tuple(
        OtpCandidate(Kind.TOTP, f"{batch}/{at}/{other}", "Rail", bytes([batch, at, other]) * 8)
        for at in range(number)
    )
    return Migration(accounts, batch, batches, second & 3)


def pictures(untrusted: bytes, parser: ModuleType = export) -> None:
    """`export.collected`: pictures of one export in any order; none is lost, mixed, or counted twice."""
    whole = None
    for at in range(0, min(len(untrusted), 48) - 1, 2):
        seen = page(untrusted[at], untrusted[at + 1])
        before = whole
        try:
            whole = parser.collected(before, seen, untrusted[at : at + 2])
        except candidates.NotTaken as refusal:
            says_nothing(refusal)
            hold(refused_rightly(before, seen), "a picture of this very export was refused")
            continue
        one_export(whole)
        hold(seen in whole.pages, "a picture that was taken is lost")
        if before is not None and seen in before.pages:
            hold(whole is before, "a repeated picture changed something")
    if whole is not None:
        offered(whole, parser)


def refused_rightly(before: export.Export | None, seen: Migration) -> bool:
    if before is None:
        return False
    first = before.pages[0]
    same = (seen.export, seen.batches) == (first.export, first.batches)
    differs = any(one.batch == seen.batch and one != seen for one in before.pages)
    return not same or differs or len(before.candidates) + len(seen.candidates) > MOST


def one_export(whole: export.Export) -> None:
    """What holds of every collection."""
    first = whole.pages[0]
    hold({one.export for one in whole.pages} == {first.export}, "two exports are mixed")
    hold({one.batches for one in whole.pages} == {whole.batches}, "two exports are mixed")
    places = [one.batch for one in whole.pages]
    hold(len(set(places)) == len(places) == whole.have, "a picture counts twice")
    hold(whole.complete == (set(places) == set(range(whole.batches))), "complete too early or late")
    hold(len(whole.pages) == 1 or len(whole.candidates) <= MOST, "an export beyond all measure")
    in_order = [one for place in sorted(places) for one in whole.pages if one.batch == place]
    hold([*whole.candidates] == [c for one in in_order for c in one.candidates], "out of order")
    hold("marks" not in repr(whole) and "secret" not in repr(whole), "a secret in its words")


def offered(whole: export.Export, parser: ModuleType) -> None:
    """Every account is offered once, in order, and then none."""
    offers, seen = parser.Offers(whole.candidates, of=len(whole.candidates)), []
    while (candidate := offers.first) is not None:
        seen.append(candidate)
        offers = offers.taken()
        hold(offers.number == len(seen), "the count of the offers is wrong")
    hold(tuple(seen) == whole.candidates, "an account was not offered")
