"""Letters from the portals: opened with the pinned keys, judged by time and by what was seen before.

A letter counts once. Whoever carries it can delay or drop it, never forge, alter, move to another device or repeat
it (checklist row 15). What was seen is durable before anything is signed; the panel does not wait for that.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_records import Kept, Ledger
from appliance.core.accounts import Kind
from appliance.core.clock_trust import Now, Trust
from appliance.core.errors import Refused
from appliance.core.events import Event, Requested, RequestEnded
from appliance.core.requests import Asks, Match, Outcome, Request
from appliance.wire.letters import LIFE, Letter, letter_hash, open_letter
from appliance.wire.relay import KIND as DOORBELL

AHEAD = 300.0
LONGEST_ID, LONGEST_WORDS = 128, 512
MATCHES = (Match.PRESS, Match.NUMBER, Match.SCAN)


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of a letter: taken or not, why not in one word, and what the desk hears of it.

    `revokes` says that the portal ends this account; the caller destroys it. `rings` says that somebody rang.
    """

    taken: bool
    reason: str = ""
    events: tuple[Event, ...] = ()
    revokes: bool = False
    rings: bool = False


@dataclass(frozen=True, slots=True)
class Awaiting:
    """An open request: whose it is, which letter was shown, and until when (monotonic seconds)."""

    account: str
    letter: str
    issued: float
    deadline: float


class Letters:
    """The open requests and the memory of each account. One thread uses it."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._ledgers: dict[str, Ledger] = {}
        self._unwritten: set[str] = set()
        self._open: dict[str, Awaiting] = {}
        for account in vault.accounts():
            self.ledger(account.id)

    @property
    def waiting(self) -> int:
        """How many requests wait for an answer."""
        return len(self._open)

    @property
    def floor(self) -> float:
        """The newest letter's time in Unix seconds: it cannot be earlier than that now."""
        return max((ledger.floor for ledger in self._ledgers.values()), default=0.0)

    def awaiting(self, request: str) -> Awaiting | None:
        """The open request of this id."""
        return self._open.get(request)

    def take(self, link: str, untrusted: str, now: Now) -> Opened:
        """Judge one letter of this link."""
        try:
            kept = self._vault.kept(link)
            letter = open_letter(untrusted, kept.portal_keys)
        except Refused:
            return Opened(taken=False, reason="forged")
        reason = _objection(letter, kept, self.ledger(link), now)
        if reason:
            return Opened(taken=False, reason=reason)
        if self._known(link, letter):
            return Opened(taken=True, reason="known")
        if letter.kind == "revoke":
            return Opened(taken=True, revokes=True)
        if letter.kind == DOORBELL:
            self._remember(link, _seen(self.ledger(link), letter.jti, letter.iat, ended=True))
            return Opened(taken=True, rings=True)
        if letter.kind == "closed":
            return self._close(link, letter)
        return self._show(link, letter, untrusted, now)

    def ledger(self, account: str) -> Ledger:
        """What this account remembers now."""
        if account not in self._ledgers:
            self._ledgers[account] = self._vault.ledger(account)
        return self._ledgers[account]

    def settle(self) -> None:
        """Make what was seen durable. Raises StorageTrouble; what was not written is tried again next time."""
        for account in tuple(self._unwritten):
            self._vault.write_ledger(account, self._ledgers[account])
            self._unwritten.discard(account)

    def count_answer(self, request: str, waiting: Awaiting) -> int:
        """The number of the next answer; it and the end of the request are durable when this returns."""
        ledger = _seen(self.ledger(waiting.account), request, waiting.issued, ended=True)
        counted = replace(ledger, count=ledger.count + 1)
        self._vault.write_ledger(waiting.account, counted)
        self._ledgers[waiting.account] = counted
        self._unwritten.discard(waiting.account)
        return counted.count

    def close(self, request: str) -> None:
        """The request is over, however it ended."""
        known = self._open.pop(request, None)
        if known is not None:
            ended = _seen(self.ledger(known.account), request, known.issued, ended=True)
            self._remember(known.account, ended)

    def tick(self, now: float) -> None:
        """Forget requests whose time is over; the desk ends them by itself."""
        for request, known in tuple(self._open.items()):
            if now >= known.deadline:
                self.close(request)

    def drop(self, account: str) -> tuple[str, ...]:
        """The account is gone: forget what it remembers, and name its open requests."""
        self._ledgers.pop(account, None)
        self._unwritten.discard(account)
        ended = tuple(name for name, known in self._open.items() if known.account == account)
        for request in ended:
            del self._open[request]
        return ended

    def forget(self) -> None:
        """Forget everything (after a reset)."""
        self._ledgers.clear()
        self._unwritten.clear()
        self._open.clear()

    def _known(self, account: str, letter: Letter) -> bool:
        """Seen and over, or on the panel now. One that was open when the power went may be shown again."""
        seen = self.ledger(account).seen.get(letter.jti)
        return letter.jti in self._open or (seen is not None and seen[1])

    def _close(self, account: str, letter: Letter) -> Opened:
        known = self._open.get(letter.request)
        if known is not None and known.account != account:
            return Opened(taken=False, reason="foreign")
        ledger = _seen(self.ledger(account), letter.jti, letter.iat, ended=True)
        self._remember(account, _seen(ledger, letter.request, letter.iat, ended=True))
        if known is None:
            return Opened(taken=True)
        del self._open[letter.request]
        return Opened(taken=True, events=(RequestEnded(letter.request, Outcome(letter.outcome)),))

    def _show(self, account: str, letter: Letter, text: str, now: Now) -> Opened:
        deadline = now.monotonic + _left(letter, now)
        self._open[letter.jti] = Awaiting(account, letter_hash(text), letter.iat, deadline)
        self._remember(account, _seen(self.ledger(account), letter.jti, letter.iat, ended=False))
        request = Request(
            id=letter.jti,
            account=account,
            asks=Asks(letter.kind),
            person=letter.person,
            service=letter.service,
            origin=letter.origin,
            place=letter.place,
            match=Match(letter.match),
            issued=letter.iat,
            arrived=now.monotonic,
            deadline=deadline,
            note=letter.note,
        )
        return Opened(taken=True, events=(Requested(request),))

    def _remember(self, account: str, ledger: Ledger) -> None:
        self._ledgers[account] = ledger
        self._unwritten.add(account)


def _objection(letter: Letter, kept: Kept, ledger: Ledger, now: Now) -> str:
    """Why a letter with a good signature is not taken, in one word; empty when it is."""
    if kept.kind is not Kind.PORTAL or (letter.iss, letter.aud) != (kept.origin, kept.device):
        return "foreign"
    if not _well_formed(letter):
        return "unknown"
    if letter.iat < ledger.floor - LIFE:
        return "expired"
    if now.trust is not Trust.UNKNOWN:
        if letter.exp <= now.wall:
            return "expired"
        if letter.iat > now.wall + AHEAD:
            return "clock"
    return ""


def _well_formed(letter: Letter) -> bool:
    words = (letter.person, letter.service, letter.origin, letter.place, letter.note)
    if not 1 <= len(letter.jti) <= LONGEST_ID or max(map(len, words)) > LONGEST_WORDS:
        return False
    if not 0 < letter.iat < letter.exp:
        return False
    if letter.kind in ("revoke", DOORBELL):
        return True
    if letter.kind == "closed":
        named = 1 <= len(letter.request) <= LONGEST_ID
        return named and letter.outcome in tuple(Outcome)
    return letter.kind in tuple(Asks) and letter.match in MATCHES


def _left(letter: Letter, now: Now) -> float:
    """How long the request may be answered: never longer than it lives, nor than our own limit."""
    life = min(letter.exp - letter.iat, LIFE)
    return life if now.trust is Trust.UNKNOWN else min(life, letter.exp - now.wall)


def _seen(ledger: Ledger, name: str, issued: float, *, ended: bool) -> Ledger:
    """The ledger with one letter more. What is older than any letter still taken need not be remembered."""
    floor = max(ledger.floor, issued)
    newer = {jti: seen for jti, seen in ledger.seen.items() if seen[0] >= floor - LIFE}
    return replace(ledger, floor=floor, seen={**newer, name: (issued, ended)})
