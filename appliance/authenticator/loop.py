"""One queue, one consumer: every edge, call and glance passes here in turn, each after a look at the clock.

Steps the desk, does its effects until none is left, then paints; what need not be durable before it is shown is
stored after the paint. No rule about meaning stands here, and no other thread touches the desk.
"""

from __future__ import annotations

import logging
import queue
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

import msgspec

from appliance.authenticator import calls, effects_runner, work
from appliance.authenticator.board import Board, status_of
from appliance.authenticator.glass import Glass
from appliance.authenticator.key_making import KeyNews
from appliance.authenticator.scanning import ScanNews
from appliance.authenticator.vault import words_of
from appliance.authenticator.work import Work
from appliance.core import desk as rules
from appliance.core import presses
from appliance.core.clock_trust import Now
from appliance.core.desk import Desk
from appliance.core.errors import DeskTokenError, StorageTrouble
from appliance.core.events import (
    AccountsChanged,
    Event,
    Health,
    PartChanged,
    PartTested,
    SettingsChanged,
    Ticked,
)
from appliance.core.screen import Screen
from appliance.core.system_screens import SYSTEM_SCREENS, last_words
from appliance.core.wishes import KeySeen
from appliance.hardware.ports import Clock, Edge

DARK_TICK, TICK, KEY_TICK, BOUNCE_TICK = 0.5, 0.1, 0.05, 0.02  # seconds
log = logging.getLogger("authenticator")


@dataclass(frozen=True, slots=True)
class Asked:
    """A call from another process; the thread that brought it waits for the reply."""

    role: str
    parameters: msgspec.Struct = field(repr=False)
    reply: Future[msgspec.Struct] = field(default_factory=Future, repr=False)


@dataclass(frozen=True, slots=True)
class Announced:
    """What comes when this process has ended: a name in `SYSTEM_SCREENS`, left on the panel instead of darkness."""

    screen: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The process should end in order."""


Item = Edge | ScanNews | KeyNews | Asked | Announced | Stop
Inbox = queue.SimpleQueue[Item]


class Loop:
    """The consumer. `alive` is called once a turn, for the watchdog."""

    def __init__(
        self,
        inbox: Inbox,
        clock: Clock,
        glass: Glass,
        work: Work,
        desk: Desk,
        board: Board,
        alive: Callable[[], None],
    ) -> None:
        self._inbox = inbox
        self._clock = clock
        self._glass = glass
        self._work = work
        self._desk = desk
        self._board = board
        self._alive = alive
        self._keys = presses.Keys()
        self._last: Screen | None = None
        self._replies: list[tuple[Future[msgspec.Struct], msgspec.Struct]] = []

    def run(self) -> None:
        """Work until a Stop comes."""
        self._show()
        while True:
            item = self._next()
            now = self._clock.now()
            self._step(Ticked(now), now)
            if isinstance(item, Stop):
                self._glass.leave(self._last, self._desk.settings, now.monotonic)
                return
            self._take(item, now)
            self._pass_time(now)
            self._show()
            self._settle(now)
            self._reply()
            self._alive()

    def _next(self) -> Item | None:
        try:
            return self._inbox.get(timeout=patience(self._keys, self._work.upkeep.screen))
        except queue.Empty:
            return None

    def _take(self, item: Edge | ScanNews | KeyNews | Asked | Announced | None, now: Now) -> None:
        match item:
            case Edge():
                if item.down and self._work.service.trial() is not None:
                    self._step(KeySeen(item.role), now)
                self._work.push.touched(now.monotonic)
                self._ripen(item.at, now)
                touch = presses.touch(self._desk.settings.slow_keys)
                self._keys, heard = presses.edge(self._keys, item.role, item.down, item.at, touch)
                self._steps(heard, now)
            case ScanNews():
                self._steps(work.heard(self._work, item, now), now)
            case KeyNews():
                self._steps(self._work.enrolling.peers.key_heard(item, now), now)
            case Asked():
                self._answer(item, now)
            case Announced():
                self._last = SYSTEM_SCREENS[item.screen]

    def _pass_time(self, now: Now) -> None:
        """Let presses ripen and errands be repeated."""
        self._ripen(now.monotonic, now)
        self._steps(work.ticked(self._work, now), now)

    def _ripen(self, at: float, now: Now) -> None:
        """What the keys have come to mean by this moment; before an edge, by the moment of that edge."""
        while True:
            settings, hold = self._desk.settings, rules.hold_needed(self._desk)
            touch = presses.touch(settings.slow_keys)
            keys, heard = presses.settle(self._keys, at, settings.tap_limit, hold, touch)
            if keys == self._keys:
                return
            self._keys = keys
            self._steps(heard, now)

    def _answer(self, asked: Asked, now: Now) -> None:
        """Answer a call; whatever goes wrong in it goes back to its caller and ends nothing else."""
        try:
            answered = calls.answer(
                self._work, asked.role, asked.parameters, self._desk.settings, now
            )
        except StorageTrouble as trouble:
            self._step(PartChanged("storage", Health.BAD), now)
            asked.reply.set_exception(trouble)
        except DeskTokenError as refusal:
            asked.reply.set_exception(refusal)
        except Exception as broken:  # noqa: BLE001 - one bad call must not end the device
            asked.reply.set_exception(broken)
        else:
            self._replies.append((asked.reply, answered.reply))
            self._steps(answered.events, now)

    def _reply(self) -> None:
        """Whoever hears that it is done finds it done: the status that pages read is up to date by now."""
        for waiting, reply in self._replies:
            waiting.set_result(reply)
        self._replies.clear()

    def _steps(self, events: tuple[Event, ...], now: Now) -> None:
        for event in events:
            self._step(event, now)

    def _step(self, event: Event, now: Now) -> None:
        """One event, and everything that follows from it."""
        waiting = deque([event])
        while waiting:
            event = waiting.popleft()
            stepped = rules.step(self._desk, event)
            self._work.audit.heard(event, now)
            self._desk = stepped.desk
            if isinstance(event, PartTested):
                self._work.upkeep.tested[event.part] = event.why or event.health.value
            if isinstance(event, AccountsChanged | SettingsChanged):
                links = work.links_of(self._work, self._desk.accounts)
                way = self._work.safekeeping.way(self._desk.settings)
                self._board.publish_links(links, way)
            self._last = last_words(self._last, event)
            for effect in stepped.effects:
                self._last = last_words(self._last, effect)
                waiting.extend(effects_runner.run(self._work, effect, self._desk, now))

    def _show(self) -> None:
        now = self._desk.now
        self._work.updates.facts = self._desk.facts
        screen = rules.view(self._desk)
        self._steps(self._glass.show(screen, self._desk.settings, now.monotonic), now)
        self._work.service.desk = self._desk
        self._work.upkeep.screen = screen
        self._work.upkeep.waiting = self._desk.facts.waiting
        self._board.stir(self._work.push.stirred)
        self._board.move(self._work.upkeep.moves)
        waiting = self._work.letters.waiting + self._work.push.waiting
        is_open = self._work.door.is_open(now.monotonic)
        sealed, bell = self._work.service.provided().sealed, self._work.rings.url
        status = status_of(
            self._desk, waiting, words_of, page_open=is_open, sealed=sealed, bell=bell
        )
        self._board.publish(status)

    def _settle(self, now: Now) -> None:
        try:
            self._work.letters.settle()
        except StorageTrouble as trouble:
            if self._desk.facts.part("storage") is not Health.BAD:
                log.error("storage failed: %s", trouble)
                self._step(PartChanged("storage", Health.BAD), now)


def patience(keys: presses.Keys, screen: Screen | None) -> float:
    """Seconds until the next look at the clock, if nothing happens: edges and calls come through the queue at once."""
    if keys.rising or keys.falling is not None:
        return BOUNCE_TICK
    if keys.role:
        return KEY_TICK
    return TICK if screen is None or screen.lit else DARK_TICK
