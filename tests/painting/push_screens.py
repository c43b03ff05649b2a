"""The screens of push tokens, of containers, and of what must be typed elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from appliance.core.accounts import Account, Kind
from appliance.core.dialling import Dialled
from appliance.core.events import Health
from appliance.core.flow import Facts, HomeNow, Mode
from appliance.core.flows import (
    enrolment,
    home,
    notice,
    picking,
    pin,
    proving,
    sign_in,
    spelling,
    typing_over,
    updating,
)
from appliance.core.requests import Match, Verdict
from appliance.core.screen import text
from tests.painting.facts import FACTS, LOGIN, NOW

PUSH = Account("p1", Kind.PUSH, "PIPU0001A2B3", "privacyIDEA", origin="https://mfa.example.org")
TIED = Account("c1", Kind.CONTAINER, "SMPH0001A2B3", "privacyIDEA")
THEIRS = replace(FACTS, accounts=(PUSH,))
ASKED = replace(
    LOGIN,
    account="p1",
    person="PIPU0001A2B3",
    service="Do you want to confirm the login?",
    place="privacyIDEA",
    match=Match.PRESS,
    endings=(Verdict.DENY, Verdict.REPORT),
)
PRESENCE = replace(ASKED, match=Match.CHOICE, options=("A", "Q", "X"))
SALTED = "AFCW6MLTKIWY2NSDJ7TQ"


def push() -> Iterator[tuple[str, Mode, Facts]]:
    """Every mode of theirs by a name that says what is seen."""
    yield "push-home", home.Home("p1"), THEIRS
    yield "push-home-unknown", home.Home("p1"), replace(THEIRS, unknown=("p1",))
    unchecked = replace(THEIRS, accounts=(replace(PUSH, unchecked=True),))
    yield "push-home-unchecked", home.Home("p1"), unchecked
    yield "push-home-clock", home.Home("p1"), replace(THEIRS, parts=(("clock", Health.BAD),))
    wants = replace(THEIRS, accounts=(replace(PUSH, must_pin=True),))
    yield "push-home-pin", home.Home("p1"), wants
    yield "container-home", home.Home("c1"), replace(THEIRS, accounts=(TIED,))
    begun = replace(THEIRS, accounts=(replace(TIED, unfinished=True),))
    yield "container-unfinished", home.Home("c1"), begun
    yield "container-updating", updating.Updating("c1", 9e9), FACTS
    yield "container-fresh", updating.Fresh("c1", 0.0, 9e9), FACTS
    yield "container-renew", updating.Renewing("c1", 0.0, 9e9), FACTS
    yield from _spelled()
    yield "push-offer", enrolment.Offered(PUSH, "mfa.example.org", 0.0, 9e9), FACTS
    yield "push-making", enrolment.Making(NOW.monotonic - 7, 9e9), FACTS
    yield "push-request", sign_in.Asking(ASKED, 0.0), THEIRS
    for chosen in range(3):
        yield f"push-refuse-{chosen}", sign_in.Refusing(ASKED, 0.0, chosen), THEIRS
    for chosen in range(4):
        yield f"push-pick-{chosen}", picking.Picking(PRESENCE, 0.0, chosen), THEIRS
    yield "push-digits", typing_over.Digital("p1", "42", 0.0, 9e9), THEIRS
    first = pin.Choosing("", 0.0, Dialled(4, "12", 3), asks=proving.FIRST)
    yield "push-needs-pin", proving.ChoosingFirst(first, ASKED, 0.0), THEIRS
    for page in range(5):
        yield f"two-step-{page + 1}", typing_over.Textual("a2", SALTED, 0.0, 9e9, page), FACTS
    waiting = replace(FACTS, accounts=(replace(FACTS.accounts[1], to_type=True),))
    yield "two-step-home", home.Home("a2"), waiting
    lines = (text("Up to date"), text("Accounts: {count}", count="12"))
    yield "container-updated", notice.Notice(text("Update account"), lines, 0.0, 0.0), FACTS


def _spelled() -> Iterator[tuple[str, Mode, Facts]]:
    """Words for a server, letter by letter."""
    blank = spelling.Spelling(
        "Please enter the passphrase of your user store.", HomeNow(), 0.0, 9e9
    )
    yield "spelling-asked", blank, FACTS
    yield "spelling-wrong", replace(blank, wrong=True), FACTS
    blank = replace(blank, read=True)
    yield "spelling-begun", blank, FACTS
    yield "spelling-letters", replace(blank, typed="appe", group=1, chosen=2), FACTS
    yield "spelling-signs", replace(blank, typed="appel", chosen=len(spelling.GROUPS) + 1), FACTS
    yield "spelling-done", replace(blank, typed="appel", chosen=spelling.DONE), FACTS
