"""A container at work: registered after a hold, synchronised on request, ended with a goodbye.

What is held is always listed, because a server issues anew whatever is not; a token that it issues again takes the
place of the old one. The container's key signs fixed words over the server's challenge, and nothing else.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace

import msgspec

from appliance.authenticator import grants
from appliance.authenticator.errands import Carried, Errands, Matter, Purpose, json_errand
from appliance.authenticator.vault import Vault, new_id
from appliance.authenticator.vault_records import ContainerTie, Kept
from appliance.core.accounts import Account, Kind
from appliance.core.clock_trust import Now
from appliance.core.errors import Refused, StorageTrouble
from appliance.core.settings import Settings, excepted
from appliance.core.troubles import Trouble
from appliance.credentials.addresses import place_of
from appliance.credentials.candidates import Algorithm, OtpCandidate
from appliance.credentials.privacyidea import containers as words
from appliance.credentials.privacyidea.containers import ContainerCandidate
from appliance.credentials.privacyidea.enrolment import PushCandidate
from appliance.credentials.scanned import understand

PATIENCE = 30.0
KINDS = {Kind.TOTP: "totp", Kind.HOTP: "hotp", Kind.PUSH: "push"}
log = logging.getLogger("authenticator")


@dataclass(frozen=True, slots=True)
class Under:
    """An exchange with a container's server: which account, with what, and what comes next."""

    account: str
    tie: ContainerTie
    step: str = words.SYNCHRONIZE
    exchange: bytes = field(default=b"", repr=False)
    label: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What an exchange came to: trouble, or push tokens that are still to be linked. `over` when nothing follows."""

    over: bool = False
    trouble: Trouble | None = None
    push: tuple[PushCandidate, ...] = ()


class Containers:
    """Exchanges with the servers of containers. One thread uses it."""

    def __init__(self, vault: Vault, errands: Errands) -> None:
        self._vault = vault
        self._errands = errands
        self._under: dict[str, Under] = {}

    def objection(self, candidate: ContainerCandidate) -> Trouble | None:
        """Why this one is not even offered."""
        settings = self._vault.settings() or Settings()
        refused = not candidate.checks_tls and not excepted(settings, *place_of(candidate.url))
        return Trouble.UNCHECKED if refused else None

    def account(self, candidate: ContainerCandidate) -> Account:
        """The container as it is offered."""
        return Account(new_id(), Kind.CONTAINER, candidate.serial, candidate.issuer)

    def register(self, offered: Account, candidate: ContainerCandidate, now: Now) -> None:
        """Make its key and register it; the code counts once, so this is sent once."""
        private = words.new_key()
        tie = ContainerTie(
            serial=candidate.serial,
            url=candidate.url,
            private=private,
            checks_tls=candidate.checks_tls,
        )
        self._under[offered.id] = Under(offered.id, tie, label=candidate.issuer)
        body = words.finalize(candidate, private)
        self._post(self._under[offered.id], Matter.REGISTER, words.FINALIZE, body, now, once=True)

    def synchronise(self, account: str, now: Now) -> None:
        """Ask for what the server has to hand out. Raises Refused for an account that is no container."""
        self._ask_challenge(Under(account, self._tie(account)), now)

    def part(self, account: str, tie: ContainerTie, now: Now) -> None:
        """Say goodbye; the key is out of the vault by now and lives in memory until that is said, or given up."""
        self._ask_challenge(Under(account, tie, words.TERMINATE), now)

    def drop(self, account: str) -> None:
        """Nobody waits for this one any more."""
        self._under.pop(account, None)
        self._errands.drop(account)

    def carried(self, carried: Carried, now: Now) -> News:
        """What the server said."""
        under = self._under.get(carried.purpose.subject)
        if under is None:
            return News()
        if carried.trouble is not None or carried.status != 200:
            self.drop(under.account)
            return News(over=True, trouble=carried.trouble or _ended(carried))
        try:
            match carried.purpose.matter:
                case Matter.REGISTER:
                    self._keep(under)
                    self._ask_challenge(under, now)
                    return News()
                case Matter.CHALLENGE:
                    self._go_on(under, carried.body, now)
                    return News()
                case Matter.SYNCHRONISE:
                    return self._synchronised(under, carried.body)
        except Refused:
            self.drop(under.account)
            return News(over=True, trouble=Trouble.NOT_TRUSTED)
        except StorageTrouble:
            self.drop(under.account)
            return News(over=True, trouble=Trouble.STORAGE)
        self.drop(under.account)
        return News(over=True)

    def _tie(self, account: str) -> ContainerTie:
        tie = self._vault.kept(account).tie
        if tie is None:
            raise Refused("This account cannot sign")
        return tie

    def _keep(self, under: Under) -> None:
        """The registration is durable before anything is handed out; an older one of the same container makes way."""
        for account in self._vault.accounts():
            tie = self._vault.kept(account.id).tie
            if tie is not None and (tie.serial, tie.url) == (under.tie.serial, under.tie.url):
                self._vault.remove(account.id)
        kept = Kept(
            id=under.account,
            kind=Kind.CONTAINER,
            label=under.tie.serial,
            issuer=under.label,
            secret=b"",
            algorithm=Algorithm.SHA256,
            digits=6,
            period=30,
            origin=under.tie.url,
            tie=under.tie,
        )
        self._vault.keep(kept)

    def _ask_challenge(self, under: Under, now: Now) -> None:
        self._under[under.account] = under
        body = words.ask_challenge(under.tie.url, under.tie.serial, under.step)
        self._post(under, Matter.CHALLENGE, words.CHALLENGE, body, now)

    def _go_on(self, under: Under, untrusted: str, now: Now) -> None:
        given, tie = words.challenge(untrusted), under.tie
        if under.step == words.TERMINATE:
            body = words.terminate(tie.url, tie.serial, tie.private, given)
            self._post(under, Matter.TERMINATE, words.TERMINATE, body, now)
            return
        exchange = words.new_exchange_key()
        self._under[under.account] = replace(under, exchange=exchange)
        held = self._held()
        body = words.synchronize(tie.url, tie.serial, tie.private, given, exchange, held)
        self._post(under, Matter.SYNCHRONISE, words.SYNCHRONIZE, body, now, once=True)

    def _held(self) -> tuple[tuple[str, str], ...]:
        """Every token of this server that is held here, whoever handed it out."""
        kept = (self._vault.kept(account.id) for account in self._vault.accounts())
        return tuple((k.name, KINDS[k.kind]) for k in kept if k.name and k.kind in KINDS)

    def _synchronised(self, under: Under, untrusted: str) -> News:
        brought = words.synchronised(untrusted, under.exchange)
        push = []
        for text in brought.add:
            candidate = _token(text)
            if isinstance(candidate, PushCandidate):
                push.append(candidate)
            elif candidate is not None:
                self._take(candidate)
        log.info("container synchronised added=%d same=%d", len(brought.add), len(brought.same))
        self._under.pop(under.account, None)
        return News(over=True, push=tuple(push))

    def _take(self, candidate: OtpCandidate) -> None:
        """A code generator that was handed out; the one it takes the place of goes after it is safe."""
        known = [account.id for account in self._vault.accounts()]
        older = [name for name in known if self._vault.kept(name).name == candidate.serial != ""]
        self._vault.keep(grants.foreign(new_id(), candidate), candidate.counter)
        for name in older:
            self._vault.remove(name)

    def _post(
        self,
        under: Under,
        matter: Matter,
        step: str,
        body: dict[str, str],
        now: Now,
        *,
        once: bool = False,
    ) -> None:
        text, unchecked = msgspec.json.encode(body).decode(), not under.tie.checks_tls
        post = json_errand(f"{under.tie.url}/{step}", text, unchecked=unchecked)
        purpose = Purpose(matter, under.account)
        self._errands.send(purpose, post, now.monotonic, PATIENCE, once=once)


def _token(untrusted_text: str) -> OtpCandidate | PushCandidate | None:
    """A token as it was handed out; what we cannot take is left out, and the rest still comes."""
    try:
        found = understand(untrusted_text)
    except Refused:
        log.info("a token of a container was not taken")
        return None
    return found if isinstance(found, OtpCandidate | PushCandidate) else None


def _ended(carried: Carried) -> Trouble:
    registering = carried.purpose.matter is Matter.REGISTER
    return Trouble.USED_OR_EXPIRED if registering else Trouble.NOT_MANAGED
