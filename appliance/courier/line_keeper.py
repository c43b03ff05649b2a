"""Which lines there are: one for every link the authenticator names, and none besides.

When the authenticator was away, all lines start anew and read their inbox from the beginning, because what was
delivered before may be forgotten there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import Protocol

from appliance.core.errors import DeskTokenError
from appliance.courier.exchange import is_allowed
from appliance.wire.carrying import Link, LinkList, Links
from appliance.wire.client import Caller
from appliance.wire.safekeeping import Way

WAIT, AGAIN, MOST = 25.0, 1.0, 64
log = logging.getLogger("courier")


class Runner(Protocol):
    """One line at work."""

    def run(self) -> None: ...

    def stir(self) -> None: ...

    def stop(self) -> None: ...


class LineKeeper:
    """Starts and stops lines as the list of links changes."""

    def __init__(
        self,
        desk: Caller,
        start: Callable[[Link], Runner],
        take_way: Callable[[Way], None] = lambda _way: None,
    ) -> None:
        self._desk = desk
        self._start = start
        self._take_way = take_way
        self._way, self._moves = Way(), 0
        self._running: dict[Link, Runner] = {}
        self._stirred = 0
        self._stopped = Event()

    def run(self) -> None:
        """Work until stopped."""
        known = ""
        while not self._stopped.is_set():
            try:
                listed = self._desk.call(Links(known, WAIT if known else 0.0), LinkList, WAIT)
            except DeskTokenError:
                self._fit(())
                known = ""
                self._stopped.wait(AGAIN)
                continue
            known = listed.mark
            self._go(listed.way, listed.moves)
            self._fit(listed.links)
            self._pass_on(listed.stirred)
        self._fit(())

    def stop(self) -> None:
        """Stop every line."""
        self._stopped.set()
        for runner in tuple(self._running.values()):
            runner.stop()

    def _pass_on(self, stirred: int) -> None:
        if stirred != self._stirred:
            self._stirred = stirred
            for runner in self._running.values():
                runner.stir()

    def _go(self, way: Way, moves: int) -> None:
        """Another way, or another network below it: every line begins anew on it.

        A connection that hangs on the network before would be waited for in vain, and a rest after tries that
        failed would be waited out for nothing.
        """
        if (way, moves) != (self._way, self._moves):
            self._fit(())
            self._way, self._moves = way, moves
            self._take_way(way)
            log.info("way: %s, moves: %d", "through a proxy" if way.proxy else "direct", moves)

    def _fit(self, links: tuple[Link, ...]) -> None:
        wanted = {link for link in links[:MOST] if is_allowed(link.origin)}
        for link in self._running.keys() - wanted:
            self._running.pop(link).stop()
        for link in wanted - self._running.keys():
            runner = self._start(link)
            self._running[link] = runner
            Thread(target=runner.run, name=f"line-{link.id[:8]}", daemon=True).start()
            log.info("lines: %d", len(self._running))
