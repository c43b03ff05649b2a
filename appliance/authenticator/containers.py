"""A container at work: registered after a hold, synchronised on request, its key renewed, ended with a goodbye.

What is held is always listed, because a server issues anew whatever is not. A new key is durable before the server
hears of it and the old one stays until the new one was taken, so that a lost reply or a power cut leaves a key that
works. The container's key signs fixed words over the server's challenge, and nothing else.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace

import msgspec

from appliance.authenticator import container_tokens
from appliance.authenticator.errands import Carried, Errands, Matter, Purpose, json_errand
from appliance.authenticator.vault import Vault, new_id
from appliance.authenticator.vault_records import ContainerTie, Kept
from appliance.core.accounts import Account, Kind
from appliance.core.clock_trust import Now
from appliance.core.errors import Refused, StorageTrouble
from appliance.core.settings import Settings, excepted
from appliance.core.troubles import Trouble
from appliance.credentials.addresses import place_of
from appliance.credentials.candidates import Algorithm
from appliance.credentials.privacyidea import containers as words
from appliance.credentials.privacyidea.containers import ContainerCandidate
from appliance.credentials.privacyidea.enrolment import PushCandidate

PATIENCE = 30.0
NEVER_ARRIVED = (Trouble.NO_NETWORK, Trouble.NOT_TRUSTED, Trouble.NOT_HTTPS)
KEYED = (Matter.SYNCHRONISE, Matter.TERMINATE)
NOT_ALLOWED = 403
log = logging.getLogger("authenticator")


@dataclass(frozen=True, slots=True)
class Under:
    """An exchange with a container's server: which account, for what, with the keys that are still to be tried."""

    account: str
    tie: ContainerTie
    step: str = words.SYNCHRONIZE
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    exchange: bytes = field(default=b"", repr=False)
    label: str = ""
    renews: bool = False
    asked: ContainerCandidate | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What an exchange came to: trouble, or push tokens that are still to be linked. `over` when nothing follows.

    `again` says that the words of the person were wrong, and may be typed once more.
    """

    over: bool = False
    trouble: Trouble | None = None
    push: tuple[PushCandidate, ...] = ()
    again: bool = False


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
        """The container as it is offered; one that is held here already keeps its place."""
        held = (self._vault.kept(account.id) for account in self._vault.accounts())
        same = (k.id for k in held if k.tie is not None and _is(k.tie, candidate))
        return Account(next(same, new_id()), Kind.CONTAINER, candidate.serial, candidate.issuer)

    def register(
        self, offered: Account, candidate: ContainerCandidate, answer: str, now: Now
    ) -> None:
        """Make its key and register it; the code counts once, so this is sent once. Raises StorageTrouble."""
        if any(known.id == offered.id for known in self._vault.accounts()):
            under = Under(offered.id, self._tie(offered.id), renews=True)
            self._finalize(under, candidate, answer, now)
            return
        tie = ContainerTie(
            serial=candidate.serial,
            url=candidate.url,
            private=words.new_key(),
            checks_tls=candidate.checks_tls,
        )
        self._send_key(Under(offered.id, tie, label=candidate.issuer), candidate, answer, now)

    def synchronise(self, account: str, now: Now) -> None:
        """Ask for what the server has to hand out. Raises Refused for an account that is no container."""
        tie = self._tie(account)
        self._ask_challenge(Under(account, tie, keys=_keys(tie)), now)

    def renew(self, account: str, now: Now) -> None:
        """Have the container's key and every one of its tokens renewed. Raises Refused likewise."""
        tie = self._tie(account)
        self._ask_challenge(Under(account, tie, words.ROLLOVER, (tie.private,), renews=True), now)

    def part(self, account: str, tie: ContainerTie, now: Now) -> None:
        """Say goodbye; the key is out of the vault by now and lives in memory until that is said, or given up."""
        self._ask_challenge(Under(account, tie, words.TERMINATE, _keys(tie)), now)

    def drop(self, account: str) -> None:
        """Nobody waits for this one any more."""
        self._under.pop(account, None)
        self._errands.drop(account)

    def carried(self, carried: Carried, now: Now) -> News:
        """What the server said."""
        under = self._under.get(carried.purpose.subject)
        if under is None:
            return News()
        try:
            if carried.trouble is not None or carried.status != 200:
                return self._failed(under, carried, now)
            return self._went_well(under, carried, now)
        except Refused:
            return self._over(under, Trouble.NOT_TRUSTED)
        except StorageTrouble:
            return self._over(under, Trouble.STORAGE)

    def _went_well(self, under: Under, carried: Carried, now: Now) -> News:
        match carried.purpose.matter:
            case Matter.REGISTER:
                self._registered(under, now)
            case Matter.CHALLENGE:
                self._go_on(under, carried.body, now)
            case Matter.ROLLOVER:
                tie = under.tie
                code = words.rolled_over(carried.body, tie.url, tie.serial)
                self._finalize(under, code, "", now)
            case Matter.SYNCHRONISE:
                return self._synchronised(under, carried.body)
            case _:
                return self._over(under, None)
        return News()

    def _failed(self, under: Under, carried: Carried, now: Now) -> News:
        """No, or no answer. Whether a new key was taken is not known then: the next exchange finds out."""
        matter, why = carried.purpose.matter, carried.trouble
        if matter in KEYED and why is None and len(under.keys) > 1:
            self._ask_challenge(replace(under, keys=under.keys[1:]), now)
            return News()
        if matter is Matter.REGISTER and under.renews and why not in (None, *NEVER_ARRIVED):
            self._ask_challenge(replace(under, step=words.SYNCHRONIZE), now)
            return News()
        if matter is Matter.REGISTER and why is None and under.asked is not None:
            self._forget_new(under)
            return News(again=True)
        if matter is Matter.REGISTER and why in (None, *NEVER_ARRIVED):
            self._forget_new(under)
        return self._over(under, _lost(under, matter, why) if why else _ended(carried))

    def _over(self, under: Under, trouble: Trouble | None) -> News:
        self.drop(under.account)
        return News(over=True, trouble=trouble)

    def _tie(self, account: str) -> ContainerTie:
        tie = self._vault.kept(account).tie
        if tie is None:
            raise Refused("This account cannot sign")
        return tie

    def _finalize(self, under: Under, candidate: ContainerCandidate, answer: str, now: Now) -> None:
        """The new key is durable before it is sent; the old one stays beside it."""
        tie = msgspec.structs.replace(under.tie, coming=words.new_key(), renewing=True)
        self._change(under.account, tie)
        keys = (tie.coming, tie.private)
        self._send_key(replace(under, tie=tie, keys=keys), candidate, answer, now)

    def _send_key(self, under: Under, candidate: ContainerCandidate, answer: str, now: Now) -> None:
        body = words.finalize(candidate, under.tie.coming or under.tie.private, answer)
        asked = replace(under, asked=candidate if answer else None)
        self._under[under.account] = asked
        self._post(asked, Matter.REGISTER, words.FINALIZE, body, now, once=True)

    def _forget_new(self, under: Under) -> None:
        """The server has not taken the new key: everything is as it was."""
        if under.renews:
            tie = msgspec.structs.replace(under.tie, coming=b"", renewing=False)
            self._change(under.account, tie)

    def _change(self, account: str, tie: ContainerTie) -> None:
        self._vault.change(msgspec.structs.replace(self._vault.kept(account), tie=tie))

    def _registered(self, under: Under, now: Now) -> None:
        """The tie is durable before anything is handed out."""
        if under.renews:
            self._ask_challenge(replace(under, step=words.SYNCHRONIZE), now)
            return
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
        self._ask_challenge(replace(under, keys=(under.tie.private,)), now)

    def _ask_challenge(self, under: Under, now: Now) -> None:
        self._under[under.account] = under
        body = words.ask_challenge(under.tie.url, under.tie.serial, under.step)
        self._post(under, Matter.CHALLENGE, words.CHALLENGE, body, now)

    def _go_on(self, under: Under, untrusted: str, now: Now) -> None:
        given, tie = words.challenge(untrusted), under.tie
        if under.step != words.SYNCHRONIZE:
            body = words.request(tie.url, tie.serial, under.keys[0], given, under.step)
            matter = Matter.ROLLOVER if under.step == words.ROLLOVER else Matter.TERMINATE
            self._post(under, matter, under.step, body, now)
            return
        exchange = words.new_exchange_key()
        self._under[under.account] = replace(under, exchange=exchange)
        held = container_tokens.held(self._vault, self._as_known_to(under))
        body = words.synchronize(tie.url, tie.serial, under.keys[0], given, exchange, held)
        self._post(under, Matter.SYNCHRONISE, words.SYNCHRONIZE, body, now, once=True)

    def _as_known_to(self, under: Under) -> ContainerTie:
        """The tie as the server knows it, if it takes the key that is tried now."""
        tie, key = under.tie, under.keys[0]
        if tie.coming and key == tie.coming:
            return msgspec.structs.replace(tie, private=key, coming=b"", renewing=True)
        return msgspec.structs.replace(tie, renewing=False)

    def _synchronised(self, under: Under, untrusted: str) -> News:
        brought = words.synchronised(untrusted, under.exchange)
        tokens, tie = container_tokens.understood(brought.add), self._as_known_to(under)
        container_tokens.adopt(self._vault, under.account, tie, tokens)
        log.info("container synchronised added=%d same=%d", len(brought.add), len(brought.same))
        self._under.pop(under.account, None)
        not_taken = under.renews and tie.private == under.tie.private
        trouble = Trouble.PORTAL_DOWN if not_taken else None
        return News(over=True, trouble=trouble, push=tokens.push)

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


def _keys(tie: ContainerTie) -> tuple[bytes, ...]:
    return tuple(key for key in (tie.private, tie.coming) if key)


def _is(tie: ContainerTie, candidate: ContainerCandidate) -> bool:
    return (tie.serial, tie.url) == (candidate.serial, candidate.url)


def _lost(under: Under, matter: Matter, why: Trouble) -> Trouble:
    """Nobody knows whether a first registration arrived: its code is used up, and another one is needed."""
    registers = matter is Matter.REGISTER and not under.renews
    return Trouble.LINK_ANEW if registers and why not in NEVER_ARRIVED else why


def _ended(carried: Carried) -> Trouble:
    """Why the server said no."""
    if carried.purpose.matter is Matter.REGISTER:
        return Trouble.USED_OR_EXPIRED
    return Trouble.NOT_ALLOWED if carried.status == NOT_ALLOWED else Trouble.NOT_MANAGED
