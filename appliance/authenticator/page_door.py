"""The door of the device page: closed by default, open ten minutes after a hold, with a code that only the panel shows.

Five tries and one admission a code; then somebody must hold the button again (checklist rows 22, 23 and 29). Never
writes the code anywhere but to the desk. Times are in monotonic seconds.
"""

from __future__ import annotations

import hmac
import secrets

from appliance.core.events import PageOpened
from appliance.wire.asking import Admitted

OPEN_SECONDS, TRIES, LENGTH = 600.0, 5, 8


class PageDoor:
    """The one door. `address` is where the page is served, as people type it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._code = ""
        self._tries = 0
        self._until = 0.0
        self._admitted = False

    def open(self, now: float) -> PageOpened:
        """Open it with a new code; whoever was in before is out."""
        self._code = f"{secrets.randbelow(10**LENGTH):0{LENGTH}d}"
        self._tries, self._until, self._admitted = TRIES, now + OPEN_SECONDS, False
        return PageOpened(self._address, self._code, self._until)

    def close(self) -> None:
        """Close it."""
        self._code, self._tries, self._until, self._admitted = "", 0, 0.0, False

    def is_open(self, now: float) -> bool:
        """Whether the page may be served now."""
        return now < self._until

    def lets_in(self, now: float) -> bool:
        """Whether somebody who typed the code is in."""
        return self._admitted and self.is_open(now)

    def try_code(self, untrusted_digits: str, now: float) -> Admitted:
        """One try. A right code counts once."""
        if not self.is_open(now) or self._tries <= 0:
            return Admitted(admitted=False, tries_left=0)
        self._tries -= 1
        typed = untrusted_digits.replace(" ", "")[:64].encode()
        if not hmac.compare_digest(typed, self._code.encode()):
            return Admitted(admitted=False, tries_left=self._tries)
        self._admitted, self._tries = True, 0
        return Admitted(admitted=True, tries_left=0)
