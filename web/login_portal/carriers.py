"""How a letter that is already durable reaches its device. A carrier may delay or lose; the inbox never forgets.

`Embedded` wakes the streams of this process. Its streams live on the event loop and are touched nowhere else;
Flask's threads only leave a note there.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

PENDING_CAP, LISTENERS_CAP = 64, 8


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter as it lies in an inbox: its cursor and its signed text; after the `last` one nothing comes any more.

    `expires` is until when it matters, in Unix seconds.
    """

    cursor: int
    text: str
    last: bool = False
    expires: float = 0.0


class Carrier(Protocol):
    """What every carrier can do."""

    def publish(self, device: str, letter: Posted) -> None:
        """Tell the device, if it listens, that this letter is there. Never blocks and never raises."""


@dataclass(frozen=True, slots=True)
class Several:
    """More than one carrier, or none: then streams are woken by the store's doorbell alone."""

    carriers: tuple[Carrier, ...] = ()

    def publish(self, device: str, letter: Posted) -> None:
        """Tell each of them."""
        for carrier in self.carriers:
            carrier.publish(device, letter)


class Listener:
    """One device that listens: letters it has not taken yet, and a wake-up. Lives on the event loop.

    There are ten thousand of them, most of them idle: a record of few bytes.
    """

    __slots__ = ("_loop", "_pending", "_waiting", "ended", "rung")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._pending: list[Posted] = []
        self._waiting: asyncio.Future[None] | None = None
        self.ended = False
        self.rung = False

    def offer(self, letter: Posted) -> None:
        """Add a letter; a reader that lets too many pile up is dropped and reads its inbox again later."""
        if len(self._pending) >= PENDING_CAP:
            self._pending.clear()
            self.ended = True
        else:
            self._pending.append(letter)
        self.wake()

    def ring(self) -> None:
        """There may be letters in the inbox that were not offered here: the reader looks for itself."""
        self.rung = True
        self.wake()

    @property
    def done(self) -> bool:
        """Whether it has ended and everything was taken."""
        return self.ended and not self._pending and not self.rung

    def end(self) -> None:
        """Say that nothing more will come."""
        self.ended = True
        self.wake()

    def wake(self) -> None:
        """End the wait, if there is one."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def taken(self, timeout: float) -> list[Posted]:  # noqa: ASYNC109 (one timer, no task a wait)
        """Everything that came, after at most so many seconds; empty when nothing did."""
        if not self._pending and not self.ended and not self.rung:
            self._waiting = self._loop.create_future()
            timer = self._loop.call_later(timeout, self.wake)
            try:
                await self._waiting
            finally:
                timer.cancel()
                self._waiting = None
        letters, self._pending = self._pending, []
        return letters


class Embedded:
    """The carrier inside the portal's own process; needs no server."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: dict[str, dict[Listener, None]] = {}

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Serve the streams of this loop from now on."""
        self._loop = loop

    def publish(self, device: str, letter: Posted) -> None:
        """From any thread: wake the device's streams, if it has any: one that comes later finds the letter itself.

        The thread gives its turn to the loop, so that the letter leaves before the thread's own bookkeeping.
        """
        if device in self._listeners:
            self._on_loop(self._deliver, device, letter)
            os.sched_yield()

    def ring(self, device: str) -> None:
        """From any thread: another worker laid a letter ready for this device."""
        self._on_loop(self._ring, device)

    def ring_all(self) -> None:
        """From any thread: the doorbell was away, so every stream looks for itself."""
        self._on_loop(self._ring_all)

    def listen(self, device: str) -> Listener:
        """On the loop: a new listener for this device; of more than eight the oldest ends."""
        listener = Listener(asyncio.get_running_loop())
        listeners = self._listeners.setdefault(device, {})
        listeners[listener] = None
        if len(listeners) > LISTENERS_CAP:
            oldest = next(iter(listeners))
            del listeners[oldest]
            oldest.end()
        return listener

    def leave(self, device: str, listener: Listener) -> None:
        """On the loop: this listener is gone."""
        listeners = self._listeners.get(device, {})
        listeners.pop(listener, None)
        if not listeners:
            self._listeners.pop(device, None)

    def end_all(self) -> None:
        """On the loop: push an end mark to every stream before the server stops."""
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.end()

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return sum(len(listeners) for listeners in self._listeners.values())

    def _on_loop(self, act: Callable[..., None], *words: object) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act, *words)

    def _ring(self, device: str) -> None:
        for listener in tuple(self._listeners.get(device, ())):
            listener.ring()

    def _ring_all(self) -> None:
        for device in tuple(self._listeners):
            self._ring(device)

    def _deliver(self, device: str, letter: Posted) -> None:
        for listener in tuple(self._listeners.get(device, ())):
            listener.offer(letter)
