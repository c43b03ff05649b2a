"""The device's doorbell at its portal: asked for once, told to every push server that has a gateway.

A ring is a signed letter that says "poll now", and nothing else. Without a portal, or while its line is down, the slow
poll of each push token is what remains.
"""

from __future__ import annotations

import logging

import msgspec

from appliance.authenticator.errands import (
    Carried,
    Errands,
    Matter,
    Purpose,
    errand,
    form_errand,
)
from appliance.authenticator.link_states import CONNECTED
from appliance.authenticator.server_clocks import ServerClocks
from appliance.authenticator.signing import Signing
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_records import Kept
from appliance.core.accounts import Kind
from appliance.core.clock_trust import Now
from appliance.core.errors import Refused, StorageTrouble
from appliance.core.events import AccountsChanged, Event
from appliance.credentials.addresses import host_of
from appliance.credentials.privacyidea import answers, replies
from appliance.wire.paths import RELAY
from appliance.wire.relay import Doorbell, doorbell

RECORD = "relay"
PATIENCE, AGAIN, LOOK_EVERY = 30.0, 600.0, 5.0
Events = tuple[Event, ...]
log = logging.getLogger("authenticator")


class Rings:
    """The doorbell of this device. One thread uses it; `tried` holds monotonic seconds."""

    def __init__(
        self, vault: Vault, signing: Signing, errands: Errands, clocks: ServerClocks
    ) -> None:
        self._vault = vault
        self._signing = signing
        self._errands = errands
        self._clocks = clocks
        self._tried: dict[str, float] = {}
        self._next = 0.0
        self._bell: Doorbell | None = None

    @property
    def known(self) -> Doorbell | None:
        """Where gateways ring for us."""
        return self._vault.read(RECORD, Doorbell)

    @property
    def url(self) -> str:
        """Where a gateway must post to, as far as was seen lately."""
        return "" if self._bell is None else self._bell.url

    def line(self, account: str, state: str, now: Now) -> None:
        """The line to a portal changed: while there is one, the doorbell is asked for."""
        if state == CONNECTED and not self._is_early(account, now):
            self._ask(self._vault.kept(account), now)

    def tick(self, now: Now) -> None:
        """Tell the push servers with a gateway where to ring, once they should know."""
        if now.monotonic < self._next:
            return
        self._next = now.monotonic + LOOK_EVERY
        self._bell = bell = self._bell or self.known
        if bell is None:
            return
        for account in self._vault.accounts():
            push = self._vault.kept(account.id).push if account.kind is Kind.PUSH else None
            if push is not None and push.rings and push.address != bell.address:
                self._tell(account.id, bell.address, now)

    def carried(self, carried: Carried) -> Events:
        """What portal or push server said; whatever else it was, it is tried again later."""
        if carried.trouble is not None or carried.status != 200:
            return ()
        try:
            if carried.purpose.matter is Matter.DOORBELL:
                bell = doorbell(carried.body)
                self._vault.write({RECORD: msgspec.json.encode(bell)})
                self._bell = bell
                self._tried.clear()
                return ()
            return self._told(carried)
        except (Refused, StorageTrouble) as trouble:
            log.info("doorbell not known: %s", trouble)
            return ()

    def forget(self) -> None:
        """Forget everything (after a reset)."""
        self._tried.clear()
        self._bell = None

    def _is_early(self, subject: str, now: Now) -> bool:
        tried = self._tried.get(subject)
        if tried is not None and now.monotonic < tried + AGAIN:
            return True
        self._tried[subject] = now.monotonic
        return False

    def _ask(self, kept: Kept, now: Now) -> None:
        try:
            proof = self._signing.proof(kept.id, RELAY, now)
        except (Refused, StorageTrouble) as trouble:
            log.info("doorbell not asked for: %s", trouble)
            return
        post = errand("POST", kept.origin + RELAY, proof)
        self._errands.send(Purpose(Matter.DOORBELL, kept.id), post, now.monotonic, PATIENCE)

    def _tell(self, account: str, address: str, now: Now) -> None:
        push = self._vault.kept(account).push
        if push is None or self._is_early(account, now):
            return
        moment = self._clocks.at(host_of(push.url), now)
        form = answers.new_address(push.private, push.serial, address, moment)
        post = form_errand(push.url, form, unchecked=not push.checks_tls)
        purpose = Purpose(Matter.NEW_ADDRESS, account)
        self._errands.send(purpose, post, now.monotonic, PATIENCE)

    def _told(self, carried: Carried) -> Events:
        kept, bell = self._vault.kept(carried.purpose.subject), self.known
        if kept.push is None or bell is None or not replies.answered(carried.body).taken:
            return ()
        push = msgspec.structs.replace(kept.push, address=bell.address)
        self._vault.change(msgspec.structs.replace(kept, push=push))
        log.info("doorbell told to a push server")
        return (AccountsChanged(self._vault.accounts()),)
