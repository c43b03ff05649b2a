"""The device's clock with everything that speaks against it: signed letters, codes that were shown, a portal's word.

Doubt hides the digits and is told once, in the log and in the audit log; a clock is never set from here. Source:
checklist rows 17 and 20.
"""

from __future__ import annotations

import logging

from appliance.authenticator.audit import Audit
from appliance.authenticator.letters_in import Letters
from appliance.authenticator.signing import Signing
from appliance.authenticator.vault import Vault
from appliance.core.clock_trust import OPINION_AGE, Now, below, doubted, not_before
from appliance.hardware.ports import Clock

log = logging.getLogger("authenticator")


class BelievedTime:
    """A clock like the one it reads, believed less. One thread uses it."""

    def __init__(
        self, clock: Clock, vault: Vault, letters: Letters, signing: Signing, audit: Audit
    ) -> None:
        self._clock = clock
        self._vault = vault
        self._letters = letters
        self._signing = signing
        self._audit = audit
        self._witness = ""
        self._noted: dict[str, float] = {}

    def now(self) -> Now:
        """Both clocks, and UNKNOWN when somebody who should know says otherwise."""
        read = self._clock.now()
        heard = (
            ("a signed letter", below(read, self._letters.floor)),
            ("a code shown before", not_before(read, self._vault.shown())),
            ("a portal", doubted(read, self._signing.opinion)),
        )
        against = next(
            ((who, said) for who, said in heard if said.trust is not read.trust), ("", read)
        )
        self._tell(*against)
        return against[1]

    def set_by_hand(self) -> None:
        """A technician has set it: marked until it is synchronised, and written down."""
        self._clock.set_by_hand()
        self._audit.note("clock", "set by hand", self._clock.now())

    def _tell(self, witness: str, now: Now) -> None:
        """Once for each doubt; one witness does not fill the log by speaking up again and again."""
        if witness == self._witness:
            return
        self._witness = witness
        if not witness:
            log.info("clock believed again trust=%s", now.trust.value)
            return
        log.warning("clock doubted because of=%s", witness)
        if now.monotonic - self._noted.get(witness, -OPINION_AGE) >= OPINION_AGE:
            self._noted[witness] = now.monotonic
            self._audit.note("clock", f"doubted: {witness}", now)
