"""The end of an account: revoked by its portal, or told to its portal when the device is erased.

Keys are destroyed before anybody hears of it. A farewell is signed before the keys go and sent after; it is a
courtesy, and a reset never waits for it. Source: checklist rows 36 and 41.
"""

from __future__ import annotations

import logging

from appliance.authenticator.errands import Matter, Purpose, errand
from appliance.authenticator.vault_records import ContainerTie
from appliance.authenticator.work import Work
from appliance.core.accounts import Kind
from appliance.core.clock_trust import Now
from appliance.core.errors import DeskTokenError
from appliance.core.events import AccountRevoked, AccountsChanged, Event, RequestEnded
from appliance.core.requests import Outcome
from appliance.wire.carrying import Errand
from appliance.wire.paths import FAREWELL

PATIENCE = 60.0
log = logging.getLogger("authenticator")


def revoked(work: Work, account: str) -> tuple[Event, ...]:
    """The portal ends this account. Raises StorageTrouble, and then nothing has changed."""
    gone = work.vault.kept(account).account
    over = _destroyed(work, account)
    log.info("account revoked by its portal")
    return (*over, AccountRevoked(gone))


def removed(work: Work, account: str, now: Now) -> tuple[Event, ...]:
    """The person ends this account; its portal is told. Raises Refused, StorageTrouble."""
    goodbyes, tied = farewells(work, now, account), ties(work, account)
    over = _destroyed(work, account)
    send(work, goodbyes, now)
    for tie in tied:
        work.enrolling.peers.containers.part(account, tie, now)
    return over


def _destroyed(work: Work, account: str) -> tuple[Event, ...]:
    """Destroy its keys and records first, then forget what was open."""
    work.vault.remove(account)
    open_ones = (*work.letters.drop(account), *work.push.drop(account))
    over = (RequestEnded(request, Outcome.REFUSED) for request in open_ones)
    work.profiles.drop(account)
    parts = work.links.drop(account)
    return (*over, AccountsChanged(work.vault.accounts()), *parts)


def farewells(work: Work, now: Now, only: str = "") -> tuple[Errand, ...]:
    """A signed goodbye for every portal (or the one account) whose key can still be read."""
    made = []
    try:
        for account in work.vault.accounts():
            if account.kind is Kind.PORTAL and only in {"", account.id}:
                proof = work.signing.proof(account.id, FAREWELL, now)
                made.append(errand("POST", account.origin + FAREWELL, proof))
    except DeskTokenError as trouble:
        log.info("farewell not signed: %s", trouble)
    return tuple(made)


def ties(work: Work, only: str = "") -> tuple[ContainerTie, ...]:
    """The containers (or the one account) whose servers want to hear of the end."""
    found = []
    try:
        for account in work.vault.accounts():
            tie = work.vault.kept(account.id).tie
            if tie is not None and only in {"", account.id}:
                found.append(tie)
    except DeskTokenError as trouble:
        log.info("container not told: %s", trouble)
    return tuple(found)


def send(work: Work, made: tuple[Errand, ...], now: Now) -> None:
    """Have the goodbyes carried, for at most a minute."""
    for goodbye in made:
        work.errands.send(Purpose(Matter.FAREWELL, goodbye.id), goodbye, now.monotonic, PATIENCE)
