"""What privacyIDEA offers by QR code, a push token or a container, up to what is kept: one enrolment at a time.

Push tokens that a container hands out are linked one after the other without another hold: the hold for the
container was for them too. One that fails is left out, and said in the log.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass, replace
from math import inf

from appliance.authenticator import container_tokens
from appliance.authenticator.containers import Containers
from appliance.authenticator.errands import Carried, Matter
from appliance.authenticator.key_making import KeyNews
from appliance.authenticator.push_enrolling import PushEnrolling
from appliance.authenticator.vault import Vault
from appliance.core.accounts import Account
from appliance.core.clock_trust import Now
from appliance.core.elsewhere import Synchronised, WordsAsked
from appliance.core.errors import StorageTrouble
from appliance.core.events import (
    AccountKept,
    AccountsChanged,
    EnrolmentFailed,
    Event,
    OfferMade,
    UpdateFailed,
)
from appliance.core.troubles import Trouble
from appliance.credentials.privacyidea.containers import ContainerCandidate
from appliance.credentials.privacyidea.enrolment import PushCandidate

Events = tuple[Event, ...]
OF_CONTAINERS = (
    Matter.REGISTER,
    Matter.CHALLENGE,
    Matter.ROLLOVER,
    Matter.SYNCHRONISE,
    Matter.TERMINATE,
)
MOST_TRIES = 5
FIRST_RESUME, LONGEST_RESUME = 5.0, 3600.0
log = logging.getLogger("authenticator")


@dataclass(frozen=True, slots=True)
class Offered:
    """A container that was scanned, and until when its code is good (monotonic seconds).

    `asked` says that the person was asked for words, which were wrong so many `tries`.
    """

    account: Account
    candidate: ContainerCandidate
    until: float
    asked: bool = False
    tries: int = 0


class Peers:
    """Push tokens and containers on their way in. One thread uses it."""

    def __init__(self, vault: Vault, push: PushEnrolling, containers: Containers) -> None:
        self._vault = vault
        self._push = push
        self.containers = containers
        self._offered: Offered | None = None
        self._queue: deque[PushCandidate] = deque()
        self._of = ""
        self._is_new = False
        self._pause = FIRST_RESUME
        self._resume_at: float | None = None

    def offer(self, candidate: PushCandidate | ContainerCandidate, now: Now) -> Events:
        """Show who and where; nothing is sent yet."""
        if isinstance(candidate, PushCandidate):
            return self._push.offer(candidate, now)
        trouble = self.containers.objection(candidate)
        if trouble is not None:
            return (EnrolmentFailed(trouble),)
        account = self.containers.account(candidate)
        self._offered = Offered(account, candidate, now.monotonic + candidate.ttl)
        return (OfferMade(account, candidate.host, needs_confirm=False),)

    def accept(self, now: Now) -> Events:
        """The person held the button."""
        if self._offered is None:
            return self._push.accept(now)
        if self._offered.candidate.prompt:
            self._offered = replace(self._offered, asked=True)
            return (WordsAsked(self._offered.candidate.prompt),)
        return self._register("", now)

    def words(self, answer: str, now: Now) -> Events:
        """The person has typed what the server asks for. Answer: WordsAsked when it was wrong, or as for any other."""
        if self._offered is None or not self._offered.asked:
            return (EnrolmentFailed(Trouble.USED_OR_EXPIRED),)
        return self._register(answer, now)

    def renew(self, account: str, now: Now) -> Events:
        """The person wants another key for the container, and new tokens. Answer: Synchronised or UpdateFailed."""
        self._of, self._is_new = account, False
        self.containers.renew(account, now)
        return ()

    def synchronise(self, account: str, now: Now) -> Events:
        """The person wants the container up to date. Answer: Synchronised or UpdateFailed."""
        self._of, self._is_new = account, False
        self.containers.synchronise(account, now)
        return ()

    def key_heard(self, news: KeyNews, now: Now) -> Events:
        """A key was made."""
        return self._push.key_heard(news, now)

    def carried(self, carried: Carried, now: Now) -> Events:
        """What a server said."""
        self._resume_at = now.monotonic + self._pause
        if carried.purpose.matter not in OF_CONTAINERS:
            return self._linked(self._push.carried(carried, now), now)
        news = self.containers.carried(carried, now)
        if carried.purpose.subject != self._of:
            return ()
        if news.again:
            return self._asked_again()
        if not news.over:
            return ()
        self._offered = None
        if news.trouble is not None:
            return self._failed(news.trouble)
        self._queue.extend(news.push)
        return self._next(now)

    def drop(self) -> None:
        """Forget what is under way; what a container has handed out already stays."""
        self._offered = None
        self._queue.clear()
        if self._of:
            self.containers.drop(self._of)
        self._of = ""
        self._push.drop()

    def resume(self, now: Now) -> None:
        """Go on by itself with a renewal that was cut short; ever more rarely while its server does not answer."""
        if self._resume_at is None:
            self._resume_at = now.monotonic + self._pause
        if now.monotonic < self._resume_at or self.busy:
            return
        self._resume_at = inf
        try:
            account = container_tokens.unfinished(self._vault)
        except StorageTrouble:
            return
        self._pause = min(2 * self._pause, LONGEST_RESUME) if account else FIRST_RESUME
        if account:
            self.synchronise(account, now)

    @property
    def busy(self) -> bool:
        """Whether an enrolment or an exchange is under way."""
        return bool(self._of) or self._offered is not None or self._push.busy

    def _register(self, answer: str, now: Now) -> Events:
        offered = self._offered
        if offered is None:
            return ()
        if now.monotonic >= offered.until:
            return self._give_up(Trouble.USED_OR_EXPIRED)
        self._of, self._is_new = offered.account.id, True
        self.containers.register(offered.account, offered.candidate, answer, now)
        return ()

    def _asked_again(self) -> Events:
        """The server did not take the words of the person; it lets us try again, and we do not for ever."""
        offered, self._of = self._offered, ""
        if offered is None or offered.tries + 1 >= MOST_TRIES:
            return self._give_up(Trouble.TOO_MANY_TRIES)
        self._offered = replace(offered, tries=offered.tries + 1)
        return (WordsAsked(offered.candidate.prompt, wrong=True),)

    def _give_up(self, why: Trouble) -> Events:
        self._offered = None
        return (EnrolmentFailed(why),)

    def _linked(self, events: Events, now: Now) -> Events:
        """Of a container's push tokens the end of each is the beginning of the next."""
        ends = any(isinstance(event, AccountKept | EnrolmentFailed) for event in events)
        if not self._of or not ends:
            return events
        if any(isinstance(event, EnrolmentFailed) for event in events):
            log.info("a push token of a container was not linked")
        return self._next(now)

    def _next(self, now: Now) -> Events:
        while self._queue:
            events = self._push.offer(self._queue.popleft(), now, again=True)
            if any(isinstance(event, OfferMade) for event in events):
                return self._push.accept(now)
        of, self._of = self._of, ""
        changed = AccountsChanged(self._vault.accounts())
        if self._is_new:
            return (AccountKept(self._vault.kept(of).account), changed)
        return (changed, Synchronised(of))

    def _failed(self, why: Trouble) -> Events:
        self._of = ""
        return (EnrolmentFailed(why),) if self._is_new else (UpdateFailed(why),)
