"""A push token's enrolment: the offer, a key made here, the rollout, and a first poll before anything is "linked".

The rollout may arrive once only, so a lost reply ends it; a server that took an unusable key says so at the first
poll. Nothing is stored before that poll succeeded, and the credential of the QR code is never used twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from appliance.authenticator import container_tokens
from appliance.authenticator.doorbell import RECORD
from appliance.authenticator.errands import Carried, Errands, Matter, Purpose, errand, form_errand
from appliance.authenticator.key_making import KeyMaker, KeyNews
from appliance.authenticator.server_clocks import ServerClocks
from appliance.authenticator.vault import Vault, new_id
from appliance.authenticator.vault_records import Kept, PushKeys
from appliance.core.accounts import Account, Kind
from appliance.core.clock_trust import Now
from appliance.core.elsewhere import KeyMade, KeyMaking
from appliance.core.errors import Refused, StorageTrouble
from appliance.core.events import (
    AccountKept,
    AccountsChanged,
    EnrolmentFailed,
    Event,
    OfferMade,
)
from appliance.core.settings import Settings, excepted
from appliance.core.troubles import Trouble
from appliance.credentials.addresses import place_of
from appliance.credentials.candidates import Algorithm
from appliance.credentials.privacyidea import answers, keys, replies
from appliance.credentials.privacyidea.challenges import polled
from appliance.credentials.privacyidea.enrolment import PushCandidate, rollout
from appliance.wire.relay import Doorbell

ROLLOUT_PATIENCE, CHECK_PATIENCE, MOST_CHECKS = 40.0, 15.0, 3
BROKEN_KEY = 500
Events = tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Pushed:
    """A push token's enrolment as far as it has come; `until` is when its QR code expires (monotonic)."""

    number: str
    candidate: PushCandidate
    until: float
    private: bytes = field(default=b"", repr=False)
    server: bytes = b""
    address: str = ""
    checks: int = 0


class PushEnrolling:
    """At most one enrolment under way. One thread uses it."""

    def __init__(
        self, vault: Vault, errands: Errands, maker: KeyMaker, clocks: ServerClocks
    ) -> None:
        self._vault = vault
        self._errands = errands
        self._maker = maker
        self._clocks = clocks
        self._at: Pushed | None = None

    def offer(self, candidate: PushCandidate, now: Now, *, again: bool = False) -> Events:
        """Show who and where; nothing is sent yet. `again` lets a token that is held already be bound anew."""
        settings = self._vault.settings() or Settings()
        if not candidate.checks_tls and not excepted(settings, *place_of(candidate.url)):
            return (EnrolmentFailed(Trouble.UNCHECKED),)
        if self._same(candidate) and not again:
            return (EnrolmentFailed(Trouble.DUPLICATE),)
        self._at = Pushed(new_id(), candidate, now.monotonic + candidate.ttl)
        account = Account(self._at.number, Kind.PUSH, candidate.label, candidate.issuer)
        return (OfferMade(account, candidate.host, needs_confirm=False),)

    def accept(self, now: Now) -> Events:
        """The person held the button: make the key."""
        if self._at is None:
            return ()
        if now.monotonic >= self._at.until:
            return self._fail(Trouble.USED_OR_EXPIRED)
        bits = int((self._vault.settings() or Settings()).key_size)
        self._maker.start(bits)
        return (KeyMaking(bits),)

    def key_heard(self, news: KeyNews, now: Now) -> Events:
        """A key is there: give its public half to the server, once."""
        private = self._maker.hear(news)
        if self._at is None or private is None:
            return ()
        bell = self._vault.read(RECORD, Doorbell)
        rings = "" if bell is None or self._at.candidate.poll_only else bell.address
        self._at = at = replace(self._at, private=private, address=rings)
        form = rollout(at.candidate, keys.public_text(private), rings)
        unchecked = not at.candidate.checks_tls
        post = form_errand(at.candidate.url, form, unchecked=unchecked)
        purpose = Purpose(Matter.ROLLOUT, at.number)
        self._errands.send(purpose, post, now.monotonic, ROLLOUT_PATIENCE, once=True)
        return (KeyMade(),)

    def carried(self, carried: Carried, now: Now) -> Events:
        """What the server said."""
        at = self._at
        if at is None or at.number != carried.purpose.subject:
            return ()
        if carried.purpose.matter is Matter.ROLLOUT:
            return self._rolled_out(at, carried, now)
        return self._checked(at, carried, now)

    @property
    def busy(self) -> bool:
        """Whether one is under way."""
        return self._at is not None

    def drop(self) -> None:
        """Forget the enrolment and its key."""
        if self._at is not None:
            self._errands.drop(self._at.number)
        self._maker.stop()
        self._at = None

    def _same(self, candidate: PushCandidate) -> tuple[str, ...]:
        """The accounts that are this very token, as it was bound before."""
        wanted, known = (candidate.serial, candidate.url), []
        for account in self._vault.accounts():
            push = self._vault.kept(account.id).push
            if push is not None and (push.serial, push.url) == wanted:
                known.append(account.id)
        return tuple(known)

    def _rolled_out(self, at: Pushed, carried: Carried, now: Now) -> Events:
        if carried.trouble in (Trouble.NO_NETWORK, Trouble.NOT_TRUSTED, Trouble.NOT_HTTPS):
            return self._fail(carried.trouble)
        if carried.trouble is not None:
            return self._fail(Trouble.LINK_ANEW)
        if carried.status != 200:
            return self._fail(Trouble.USED_OR_EXPIRED)
        try:
            server = replies.rolled_out(carried.body, at.candidate.serial)
        except Refused:
            return self._fail(Trouble.KEY_REFUSED)
        self._at = replace(at, server=server)
        return self._check(self._at, now)

    def _check(self, at: Pushed, now: Now) -> Events:
        """Poll once: a key that the server cannot use shows only now."""
        self._at = replace(at, checks=at.checks + 1)
        moment = self._clocks.at(at.candidate.host, now)
        query = urlencode(answers.poll(at.private, at.candidate.serial, moment))
        unchecked = not at.candidate.checks_tls
        get = errand("GET", f"{at.candidate.url}?{query}", unchecked=unchecked)
        purpose = Purpose(Matter.CHECK, at.number)
        self._errands.send(purpose, get, now.monotonic, CHECK_PATIENCE, once=True)
        return ()

    def _checked(self, at: Pushed, carried: Carried, now: Now) -> Events:
        if carried.status == BROKEN_KEY:
            return self._fail(Trouble.KEY_REFUSED)
        if carried.trouble is not None:
            more = at.checks < MOST_CHECKS
            return self._check(at, now) if more else self._fail(Trouble.LINK_ANEW)
        if carried.status == 400:
            failure = replies.failure(carried.body)
            said = failure.server_time or carried.server_time
            skewed = not self._clocks.is_right(at.candidate.host, said, now)
            told = self._clocks.heard(at.candidate.host, said, now)
            if skewed and said and at.checks < MOST_CHECKS:
                return (*told, *self._check(at, now))
            return self._fail(Trouble.KEY_REFUSED)
        try:
            if carried.status == 200:
                polled(carried.body, at.candidate.serial, at.server)
        except Refused:
            return self._fail(Trouble.KEY_REFUSED)
        return self._keep(at)

    def _keep(self, at: Pushed) -> Events:
        candidate = at.candidate
        push = PushKeys(
            serial=candidate.serial,
            url=candidate.url,
            private=at.private,
            server=at.server,
            checks_tls=candidate.checks_tls,
            rings=not candidate.poll_only,
            address=at.address,
        )
        older = self._same(candidate)
        known = self._vault.kept(older[0]) if older else None
        kept = Kept(
            id=known.id if known else at.number,
            kind=Kind.PUSH,
            label=known.label if known else candidate.label,
            issuer=candidate.issuer,
            secret=b"",
            algorithm=Algorithm.SHA256,
            digits=6,
            period=30,
            origin=candidate.origin,
            push=push,
            must_pin=candidate.must_pin,
        )
        self._at = None
        try:
            freed = container_tokens.relinked(self._vault, candidate.serial)
            self._vault.exchange(tuple((record, 0) for record in (kept, *freed)))
        except (Refused, StorageTrouble):
            return (EnrolmentFailed(Trouble.STORAGE),)
        return (AccountKept(kept.account), AccountsChanged(self._vault.accounts()))

    def _fail(self, why: Trouble) -> Events:
        self.drop()
        return (EnrolmentFailed(why),)
