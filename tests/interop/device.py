"""A token without its processes: rules, vault, push service and the courier's own exchange, one step at a time.

Time moves when a test moves it, so nothing waits; the wall clock is the machine's, plus a skew that a test sets.
"""

from __future__ import annotations

import queue
import time
from collections import deque
from pathlib import Path

import httpx

from appliance.authenticator import calls, effects_runner
from appliance.authenticator import work as works
from appliance.authenticator.containers import Containers
from appliance.authenticator.doorbell import Rings
from appliance.authenticator.enrolling import Enrolling
from appliance.authenticator.errands import Errands, Outbox
from appliance.authenticator.key_making import KeyMaker, KeyNews
from appliance.authenticator.peers import Peers
from appliance.authenticator.push_enrolling import PushEnrolling
from appliance.authenticator.push_logins import PushLogins
from appliance.authenticator.server_clocks import ServerClocks
from appliance.authenticator.work import Work
from appliance.core import desk as rules
from appliance.core.accounts import Account
from appliance.core.clock_trust import Now, Trust
from appliance.core.events import Event, Ticked
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.settings import Settings
from appliance.courier.broker_lines import BrokerLines
from appliance.courier.errand_desk import carry
from appliance.courier.exchange import ExchangeFailed, Question, ask, default_trust, new_client
from appliance.wire.carrying import Errand, ErrandDone
from appliance.wire.polling import Polled, PollSigned, PollTaken, SignPoll
from tests.authenticator.fakes import Signals
from tests.authenticator.test_effects_runner import DEVICE, work_in
from tests.core.person import said
from tests.core.person import words as in_words

SETTLED = 0.8


class Device:
    """One token with a button, an eye and a line to the outside."""

    def __init__(self, state: Path, client: httpx.Client | None = None, bits: str = "2048") -> None:
        self.made: queue.SimpleQueue[KeyNews] = queue.SimpleQueue()
        self.client = client or new_client(default_trust())
        self.carried: list[Errand] = []
        self.lost_replies: set[str] = set()
        self.stops_before = ""
        self.skew, self.monotonic = 0.0, 1000.0
        self.outbox = Outbox()
        self.work = self._work(state)
        settings = Settings(key_size=bits)
        self.work.vault.write_settings(settings)
        self.desk = rules.start(self.now, self.work.vault.accounts(), settings, DEVICE)

    def _work(self, state: Path) -> Work:
        plain, errands, clocks = work_in(state, Signals()), Errands(self.outbox), ServerClocks()
        pushed = PushEnrolling(plain.vault, errands, KeyMaker(self.made.put), clocks)
        parts = {name: getattr(plain, name) for name in Work.__dataclass_fields__}
        peers = Peers(plain.vault, pushed, Containers(plain.vault, errands))
        enrolling = Enrolling(plain.vault, errands, DEVICE, peers)
        logins = PushLogins(plain.vault, errands, clocks)
        rings = Rings(plain.vault, plain.signing, errands, clocks)
        own = {"errands": errands, "enrolling": enrolling, "push": logins, "rings": rings}
        return Work(**{**parts, **own})

    @property
    def now(self) -> Now:
        return Now(self.monotonic, time.time() + self.skew, Trust.SYNCED)

    @property
    def words(self) -> str:
        return said(rules.view(self.desk))

    @property
    def account(self) -> Account:
        return self.desk.accounts[-1]

    def close(self) -> None:
        self.client.close()
        self.work.vault.close()

    def live(self, *events: Event) -> None:
        """Let these happen, with everything that follows, until nothing is under way."""
        waiting = deque(events)
        while True:
            while waiting:
                stepped = rules.step(self.desk, waiting.popleft())
                self.desk = stepped.desk
                for effect in stepped.effects:
                    waiting.extend(effects_runner.run(self.work, effect, self.desk, self.now))
            errand = self.outbox.take(0)
            if errand is None:
                return
            waiting.extend(self._carry(errand))

    def _carry(self, errand: Errand) -> tuple[Event, ...]:
        if self.stops_before and self.stops_before in errand.url:
            self.outbox.clear()
            return ()
        self.carried.append(errand)
        done = carry(errand, self.client, time.monotonic, BrokerLines())
        if any(lost == errand.verb or lost in errand.url for lost in self.lost_replies):
            done = ErrandDone(errand.id, trouble="timeout")
        return calls.answer(self.work, "courier", done, self.desk.settings, self.now).events

    def passes(self, seconds: float) -> None:
        """Time goes by."""
        self.monotonic += seconds
        self.live(Ticked(self.now), *works.ticked(self.work, self.now))

    def hold(self) -> None:
        """Read the screen, then hold."""
        self.passes(SETTLED)
        began = self.monotonic
        self.passes(1.1)
        self.live(Held(began, self.monotonic))

    def tap(self, times: int = 1) -> None:
        """Read the screen, then tap."""
        for _ in range(times):
            self.passes(SETTLED)
            self.live(Tapped(Move.OK, self.monotonic, self.monotonic + 0.1))

    def scans(self, text: str) -> None:
        """The camera reads this, and the person is asked."""
        self.live(*works.taken(self.work, text, self.now))

    def key(self) -> None:
        """Wait for the key that is being made."""
        news = self.made.get(timeout=60)
        self.live(*self.work.enrolling.peers.key_heard(news, self.now))

    def links(self, text: str) -> None:
        """The whole enrolment of a push token."""
        self.scans(text)
        self.hold()
        self.key()

    def polls(self) -> str:
        """The courier polls every push token once; gives the news of the last."""
        news = ""
        for link in works.links_of(self.work, self.desk.accounts):
            if link.kind != "push":
                continue
            signed = self.asked(SignPoll(link.id))
            assert isinstance(signed, PollSigned)
            question = Question("GET", f"{link.origin}?{signed.query}", {})
            try:
                reply = ask(self.client, question, time.monotonic)
            except ExchangeFailed as failed:
                news = failed.why.value
                continue
            brought = Polled(link.id, reply.status, reply.body, reply.server_time)
            taken = self.asked(brought)
            assert isinstance(taken, PollTaken)
            news = taken.news
        return news

    def asked(self, call: SignPoll | Polled) -> object:
        """One call of the courier's."""
        answered = calls.answer(self.work, "courier", call, self.desk.settings, self.now)
        self.live(*answered.events)
        return answered.reply

    def chooses(self, words: str) -> None:
        """Tap until this line is chosen, then hold on it."""
        for _ in range(12):
            body = rules.view(self.desk).body
            items = getattr(body, "items", None) or getattr(body, "answers", ())
            shown = [in_words(item) for item in items]
            if shown[getattr(body, "chosen", 0)] == words:
                return self.hold()
            self.tap()
        raise AssertionError(f"no {words} in {self.words}")
