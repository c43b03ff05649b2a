"""The facts of one ordinary person, their accounts and a login, from which every screen is made."""

from __future__ import annotations

from dataclasses import replace

from appliance.core.accounts import Account, Kind
from appliance.core.clock_trust import Now, Trust
from appliance.core.flow import Device, Facts
from appliance.core.requests import Asks, Match, Request
from appliance.core.settings import Settings

OTHER = Settings(language="en", hold_time=1.5, brightness=255, big_digits=True, sound=True)
NOW = Now(1000.0, 1_700_000_012.0, Trust.SYNCED)
WORK = Account("a1", Kind.PORTAL, "a.devries", "Werkplek", origin="https://werkplek.example.org")
CLUB = Account("a2", Kind.TOTP, "ada@example.org", "Roeivereniging", digits=8)
FOB = Account("a3", Kind.HOTP, "kluis", "")
DEVICE = Device("token-7f3a", "10000000c0de7f3a", "0.1.0", "otp-key")
FACTS = Facts(NOW, (WORK, CLUB, FOB), (), Settings(), DEVICE)
ALONE = replace(FACTS, accounts=(WORK,))
NOBODY = replace(FACTS, accounts=())
UNSURE = replace(FACTS, now=replace(NOW, trust=Trust.UNKNOWN))
LOGIN = Request(
    "r1", "a1", Asks.LOGIN, "Ada de Vries", "HR-portaal", "https://hr.example.org", "Utrecht Centraal",
    Match.NUMBER, NOW.wall - 3, 997.0, 1057.0,
)  # fmt: skip
VOUCH = replace(LOGIN, asks=Asks.VOUCH, service="Werkplek", note="Kim de Boer")
UNLOCK = replace(LOGIN, asks=Asks.UNLOCK, service="Werkplek", note="14:05 Zwolle")
LONG = "Zeer lange naam " * 32


def preview(width: int = 64, height: int = 48) -> bytes:
    """A picture of a code as the scanner sends it: packed one-bit rows of light with dark squares."""
    rows = []
    for y in range(height):
        lit = "".join(
            "0" if _dark(x * 64 // width, y * 48 // height) else "1" for x in range(width)
        )
        rows.append(int(lit, 2).to_bytes(width // 8, "big"))
    return b"".join(rows)


def _dark(x: int, y: int) -> bool:
    column, row = (x - 14) // 2 - 1, (y - 6) // 2 - 1
    if not (0 <= column < 17 and 0 <= row < 17):
        return False
    for left, top in ((0, 0), (12, 0), (0, 12)):
        if 0 <= column - left < 5 and 0 <= row - top < 5:
            return max(abs(column - left - 2), abs(row - top - 2)) != 1
    return (column * 7 + row * 11 + column * row) % 5 < 2
