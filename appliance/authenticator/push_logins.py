"""Push tokens at work: polls signed, challenges checked and shown, answers signed from what was shown, replies judged.

A challenge is believed only under the key that was pinned at enrolment, and it is this class that builds every word
that is signed. One answer a challenge; a wrong option ends it with a refusal, because the server would let us guess.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from appliance.authenticator.errands import Carried, Errands, Matter, Purpose, form_errand
from appliance.authenticator.poll_moods import Mood, PollMoods
from appliance.authenticator.server_clocks import ServerClocks
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_records import Kept, PushKeys
from appliance.core.clock_trust import Now
from appliance.core.effects import Sign
from appliance.core.elsewhere import DigitsToType
from appliance.core.errors import Refused, StorageTrouble
from appliance.core.events import AnswerStuck, Event, Requested, RequestEnded
from appliance.core.requests import Asks, Match, Outcome, Request, Verdict
from appliance.core.troubles import Trouble
from appliance.credentials.addresses import host_of
from appliance.credentials.privacyidea import answers, replies
from appliance.credentials.privacyidea.answers import Form, Reason
from appliance.credentials.privacyidea.challenges import Challenge, polled

LIFE, PATIENCE = 120.0, 30.0
MOST_OPEN, TOUCHES = 16, 5.0
ENDINGS = {
    Verdict.APPROVE: Outcome.APPROVED,
    Verdict.DENY: Outcome.DENIED,
    Verdict.REPORT: Outcome.REPORTED,
    Verdict.BLOCK: Outcome.DENIED,
}
REASONS = {Verdict.DENY: Reason.CANCELLED, Verdict.REPORT: Reason.NOT_ME}
Events = tuple[Event, ...]
log = logging.getLogger("authenticator")


@dataclass(frozen=True, slots=True)
class Open:
    """A challenge that the server lists: whose, until when it may be answered (monotonic), and what we said to it."""

    account: str
    challenge: Challenge
    deadline: float
    said: Verdict | None = None
    over: bool = False


class PushLogins:
    """The open challenges of every push token. One thread uses it; `stirred` counts reasons to poll at once."""

    def __init__(self, vault: Vault, errands: Errands, clocks: ServerClocks) -> None:
        self._vault = vault
        self._errands = errands
        self._clocks = clocks
        self._moods = PollMoods(vault)
        self._open: dict[str, Open] = {}
        self.stirred = 0
        self._touched = float("-inf")

    @property
    def waiting(self) -> int:
        """How many challenges wait for an answer."""
        return sum(1 for known in self._open.values() if not known.over)

    def stir(self) -> None:
        """Something happened that makes a poll worth its while."""
        self.stirred += 1

    def touched(self, now: float) -> None:
        """Somebody is at the device; many presses in a row are one reason (monotonic seconds)."""
        if now >= self._touched + TOUCHES:
            self._touched = now
            self.stir()

    def sign_poll(self, account: str, now: Now) -> str:
        """The query of a poll now. Raises Refused for an account that is no push token."""
        push = self._push(account)
        moment = self._clocks.at(host_of(push.url), now)
        return urlencode(answers.poll(push.private, push.serial, moment))

    def polled(
        self, account: str, status: int, untrusted_body: str, server_time: float, now: Now
    ) -> tuple[str, Events]:
        """What a poll brought: the news for the courier, and what the desk hears of it."""
        kept, push = self._vault.kept(account), self._push(account)
        host = host_of(push.url)
        failure = replies.failure(untrusted_body) if status != 200 else replies.Failure()
        said = failure.server_time or server_time
        was_right = self._clocks.is_right(host, said, now)
        told = self._clocks.heard(host, said, now)
        if status != 200:
            mood = self._moods.refused(account, failure.code, now.monotonic, clock_right=was_right)
            return mood.news, (*told, *mood.events)
        try:
            brought = polled(untrusted_body, push.serial, push.server)
        except Refused:
            return Mood.REFUSED, told
        if brought.forged:
            log.warning("challenges refused count=%d", brought.forged)
        well = self._moods.well(account)
        shown = self._listed(kept, brought.challenges, now)
        asked = any(isinstance(event, Requested) for event in shown)
        news = Mood.REQUEST if asked else Mood.QUIET
        return news, (*told, *well, *shown)

    def answer(self, effect: Sign, now: Now) -> Events:
        """Sign the answer to the challenge that was shown, and send it to where its server said, once."""
        request = effect.request
        known = self._open.get(request.id)
        if known is None or known.over or known.account != request.account:
            return (RequestEnded(request.id, Outcome.EXPIRED),)
        try:
            push = self._push(known.account)
            form = _form(push, known.challenge, effect)
        except StorageTrouble:
            return (AnswerStuck(request.id, Trouble.STORAGE),)
        except Refused:
            return (RequestEnded(request.id, Outcome.REFUSED),)
        self._open[request.id] = replace(known, said=effect.verdict)
        patience = min(PATIENCE, max(1.0, known.deadline - now.monotonic))
        self._post(request.id, known.challenge.url, push, form, now, patience)
        self.stir()
        return ()

    def answered(self, carried: Carried, now: Now) -> Events:
        """What the server made of an answer: a status of 200 is not a yes."""
        request = carried.purpose.subject
        known = self._open.get(request)
        if known is None or known.said is None or known.over:
            return ()
        if carried.trouble is not None:
            self._open[request] = replace(known, said=None)
            return (AnswerStuck(request, carried.trouble),)
        self._open[request] = replace(known, over=True)
        self.stir()
        try:
            reply = replies.answered(carried.body)
        except Refused:
            reply = replies.Answered(taken=False)
        if carried.status == 200 and reply.taken:
            if reply.digits and known.said is Verdict.APPROVE:
                return (DigitsToType(request, reply.digits),)
            return (RequestEnded(request, ENDINGS[known.said]),)
        if known.challenge.options and known.said is Verdict.APPROVE:
            self._give_up(request, known, now)
        return (RequestEnded(request, Outcome.REFUSED),)

    def tick(self, now: float) -> None:
        """What is too old is not answered any more; the desk ends it by itself."""
        for request, known in tuple(self._open.items()):
            if now >= known.deadline and not known.over:
                self._open[request] = replace(known, over=True)
            if now >= known.deadline + LIFE:
                del self._open[request]

    def drop(self, account: str) -> tuple[str, ...]:
        """The account is gone: forget it, and name its open requests."""
        gone = tuple(name for name, known in self._open.items() if known.account == account)
        for request in gone:
            del self._open[request]
        self._moods.drop(account)
        return gone

    def forget(self) -> None:
        """Forget everything (after a reset)."""
        self._open.clear()
        self._moods.forget()
        self._clocks.forget()

    def _listed(self, kept: Kept, challenges: tuple[Challenge, ...], now: Now) -> Events:
        """New ones are asked about; those that the server lists no longer are over."""
        listed = {_name(kept.id, challenge): challenge for challenge in challenges}
        gone = tuple(
            name
            for name, known in self._open.items()
            if known.account == kept.id and name not in listed
        )
        ended = (self._vanished(name) for name in gone)
        new = {name: c for name, c in listed.items() if name not in self._open}
        asked = (self._asked(name, kept, c, now) for name, c in new.items() if self._has_room)
        return (*(e for e in ended if e is not None), *asked)

    @property
    def _has_room(self) -> bool:
        return len(self._open) < MOST_OPEN

    def _vanished(self, name: str) -> Event | None:
        """Cancelled, or answered by another token; an answer of ours that is under way has its own end."""
        known = self._open[name]
        if known.said is not None and not known.over:
            return None
        del self._open[name]
        return None if known.over else RequestEnded(name, Outcome.CANCELLED)

    def _asked(self, name: str, kept: Kept, challenge: Challenge, now: Now) -> Event:
        deadline = now.monotonic + LIFE
        self._open[name] = Open(kept.id, challenge, deadline)
        return Requested(_request(name, kept, challenge, now, deadline))

    def _give_up(self, request: str, known: Open, now: Now) -> None:
        """A wrong option leaves the challenge open and counts nowhere at the server: we are the ones to end it."""
        try:
            push = self._push(known.account)
            form = answers.decline(push.private, push.serial, known.challenge, Reason.CANCELLED)
        except (Refused, StorageTrouble):
            return
        self._post(f"{request}.", known.challenge.url, push, form, now, PATIENCE)

    def _post(
        self, subject: str, url: str, push: PushKeys, form: Form, now: Now, patience: float
    ) -> None:
        post = form_errand(url, form, unchecked=not push.checks_tls)
        purpose = Purpose(Matter.PUSH_ANSWER, subject)
        self._errands.send(purpose, post, now.monotonic, patience, once=True)

    def _push(self, account: str) -> PushKeys:
        push = self._vault.kept(account).push
        if push is None:
            raise Refused("This account cannot sign")
        return push


def _form(push: PushKeys, challenge: Challenge, effect: Sign) -> Form:
    if effect.verdict is Verdict.APPROVE:
        return answers.accept(push.private, push.serial, challenge, effect.match)
    reason = REASONS.get(effect.verdict)
    return answers.decline(push.private, push.serial, challenge, reason)


def _request(name: str, kept: Kept, challenge: Challenge, now: Now, deadline: float) -> Request:
    """What the panel shows: whose account, and every word that the server signed; the panel cleans them."""
    endings = (Verdict.DENY, Verdict.REPORT) if challenge.takes_reasons else (Verdict.DENY,)
    return Request(
        id=name,
        account=kept.id,
        asks=Asks.LOGIN,
        person=kept.label,
        service=challenge.question,
        origin=kept.origin,
        place=challenge.title,
        match=Match.CHOICE if challenge.options else Match.PRESS,
        issued=now.wall,
        arrived=now.monotonic,
        deadline=deadline,
        options=challenge.options,
        endings=endings,
    )


def _name(account: str, challenge: Challenge) -> str:
    """The request's name; the nonce itself stays here."""
    return hashlib.sha256(f"{account}|{challenge.nonce}".encode()).hexdigest()[:32]
