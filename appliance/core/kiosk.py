"""A token that several people share: names at rest are shortened, nothing is changed at it, and it stays lit longer.

A request always shows the whole name: whoever answers must know for whom (checklist row 12).
"""

from __future__ import annotations

import re
from dataclasses import replace

from appliance.core.accounts import Account
from appliance.core.settings import Settings

OFF_AFTER, DIM_AFTER = 300, 60
WORD = re.compile(r"(\w)[^\s@._-]*\.?")


def off_after(settings: Settings) -> int:
    """After how many seconds without a touch the panel goes dark."""
    return max(OFF_AFTER, settings.off_after) if settings.kiosk else settings.off_after


def dim_after(settings: Settings) -> int:
    """After how many seconds without a touch the panel dims."""
    return max(DIM_AFTER, settings.dim_after) if settings.kiosk else settings.dim_after


def at_rest(account: Account, settings: Settings) -> Account:
    """The account as it stands on the panel while nobody answers: of a shared token only its initials."""
    return replace(account, label=initials(account.label)) if settings.kiosk else account


def initials(label: str) -> str:
    """The first letter of each part of a name: `j.de.vries` becomes `j…d…v…`; what stands after an @ goes."""
    return WORD.sub(r"\1…", label.partition("@")[0])
