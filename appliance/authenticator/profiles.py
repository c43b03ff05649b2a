"""What the portals say of their persons: asked for after linking, once a day, and whenever the person wants to know.

What arrives counts only when a pinned key signed it for this device and it is not older than what is known. It is
durable before it is shown. A refresh that nobody asked for fails without a word.
"""

from __future__ import annotations

from appliance.authenticator.errands import Carried, Errands, Matter, Purpose, errand
from appliance.authenticator.link_states import CONNECTED
from appliance.authenticator.signing import Signing
from appliance.authenticator.vault import Vault
from appliance.core.accounts import Profile
from appliance.core.clock_trust import Now, Trust
from appliance.core.errors import Refused, StorageTrouble
from appliance.core.events import Event, ProfileArrived, UpdateFailed
from appliance.core.requests import Match
from appliance.core.troubles import Trouble
from appliance.wire.profile import PROFILE, Statement, open_statement

PATIENCE, DAY, AFTER_A_FAILURE = 15.0, 86400.0, 3600.0
LATEST, LONGEST_NAME = 32_503_680_000.0, 512  # the year 3000
Events = tuple[Event, ...]


class Profiles:
    """Asks and understands. One thread uses it; `due` times are monotonic seconds."""

    def __init__(self, vault: Vault, signing: Signing, errands: Errands) -> None:
        self._vault = vault
        self._signing = signing
        self._errands = errands
        self._due: dict[str, float] = {}
        self._under_way: set[str] = set()
        self._wanted: set[str] = set()

    def line(self, account: str, state: str, now: Now) -> None:
        """The line to this account's portal changed: while there is one, the profile is kept fresh."""
        if state == CONNECTED:
            self._due.setdefault(account, now.monotonic + self._fresh_for(account, now))
        else:
            self._due.pop(account, None)

    def tick(self, now: Now) -> Events:
        """Ask for what is due."""
        due = [account for account, at in self._due.items() if now.monotonic >= at]
        return tuple(event for account in due for event in self._send(account, now))

    def ask(self, account: str, now: Now) -> Events:
        """The person wants to know. Answer: ProfileArrived or UpdateFailed."""
        self._wanted.add(account)
        return self._send(account, now)

    def carried(self, carried: Carried, now: Now) -> Events:
        """What the portal said."""
        account = carried.purpose.subject
        self._under_way.discard(account)
        if carried.trouble is not None:
            return self._fail(account, carried.trouble, now)
        if carried.status != 200:
            return self._fail(account, Trouble.FOREIGN, now)
        try:
            profile = self._opened(account, carried.body)
            self._vault.write_profile(profile)
        except Refused:
            return self._fail(account, Trouble.NOT_TRUSTED, now)
        except StorageTrouble:
            return self._fail(account, Trouble.STORAGE, now)
        self._wanted.discard(account)
        return (ProfileArrived(profile),)

    def drop(self, account: str) -> None:
        """The account is gone."""
        self._errands.drop(account)
        self._due.pop(account, None)
        self._under_way.discard(account)
        self._wanted.discard(account)

    def forget(self) -> None:
        """Forget everything (after a reset)."""
        self._due.clear()
        self._under_way.clear()
        self._wanted.clear()

    def _fresh_for(self, account: str, now: Now) -> float:
        """Seconds for which what is known is good enough."""
        known = self._known(account)
        if known is None or now.trust is Trust.UNKNOWN:
            return 0.0
        return min(DAY, max(0.0, known.fetched + DAY - now.wall))

    def _send(self, account: str, now: Now) -> Events:
        if account in self._due:
            self._due[account] = now.monotonic + DAY
        if account in self._under_way:
            return ()
        try:
            kept = self._vault.kept(account)
            proof = self._signing.proof(account, PROFILE, now)
        except (Refused, StorageTrouble):
            return self._fail(account, Trouble.STORAGE, now)
        self._under_way.add(account)
        post = errand("POST", kept.origin + PROFILE, proof)
        self._errands.send(Purpose(Matter.PROFILE, account), post, now.monotonic, PATIENCE)
        return ()

    def _opened(self, account: str, untrusted: str) -> Profile:
        kept, known = self._vault.kept(account), self._known(account)
        said = open_statement(untrusted, kept.portal_keys)
        if (said.iss, said.aud) != (kept.origin, kept.device) or not _well_formed(said):
            raise Refused("The profile is not for this device")
        if known is not None and said.issued < known.fetched:
            raise Refused("The profile is older than the one that is known")
        match = said.match if said.match in tuple(Match) else ""
        return Profile(account, said.person, said.password_until, said.issued, match)

    def _known(self, account: str) -> Profile | None:
        return next((p for p in self._vault.profiles() if p.account == account), None)

    def _fail(self, account: str, why: Trouble, now: Now) -> Events:
        if account in self._due:
            self._due[account] = now.monotonic + AFTER_A_FAILURE
        if account not in self._wanted:
            return ()
        self._wanted.discard(account)
        return (UpdateFailed(why),)


def _well_formed(said: Statement) -> bool:
    times = [said.issued] if said.password_until is None else [said.issued, said.password_until]
    return len(said.person) <= LONGEST_NAME and all(0 < at < LATEST for at in times)
