"""Polls one push token until it is stopped, over one connection that is kept. It can neither sign nor read a poll.

The authenticator makes each query and judges each answer; what is left here is when to ask, and what went wrong on
the way. A stir from outside ends a rest at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

import httpx

from appliance.core.errors import PeerTrouble
from appliance.core.troubles import Trouble
from appliance.courier import pacing
from appliance.courier.exchange import ExchangeFailed, Question, Reply, ask
from appliance.courier.inbox_lines import CONNECTED
from appliance.courier.pacing import Pace
from appliance.wire.call import Done
from appliance.wire.carrying import Line, Link
from appliance.wire.client import Caller, Declined
from appliance.wire.polling import Polled, PollSigned, PollTaken, SignPoll

AGAIN, PATIENCE = 1.0, 15.0
HEADERS = {"Accept": "application/json"}
log = logging.getLogger("courier")


class PollRunner:
    """Construct, `run` on a thread of its own, `stir` and `stop` from any other."""

    def __init__(
        self,
        link: Link,
        desk: Caller,
        client: httpx.Client,
        *,
        clock: Callable[[], float],
        chance: Callable[[], float],
        pause: Callable[[Event, float], object] = Event.wait,
    ) -> None:
        self._link = link
        self._desk = desk
        self._client = client
        self._clock = clock
        self._chance = chance
        self._pause = pause
        self._awake = Event()
        self._stopped = False
        self._stir = False
        self._pace = Pace()
        self._reported = ""

    def run(self) -> None:
        """Work until stopped. While the authenticator is away there is nothing to sign with, so nothing is asked."""
        while not self._stopped:
            rest = self._once()
            self._pause(self._awake, rest)
            self._awake.clear()
            if self._stir:
                self._stir = False
                self._pace = pacing.stirred(self._pace, self._clock())
        self._client.close()

    def stir(self) -> None:
        """Somebody is at the device, or a doorbell rang: ask now, and often for a while."""
        self._stir = True
        self._awake.set()

    def stop(self) -> None:
        """End it."""
        self._stopped = True
        self._awake.set()

    def _once(self) -> float:
        """One poll; gives the seconds to rest after it."""
        try:
            query = self._desk.call(SignPoll(self._link.id), PollSigned).query
            taken = self._brought(self._asked(query))
            self._report(CONNECTED)
        except ExchangeFailed as failed:
            return self._failed(failed)
        except Declined:
            log.info("poll: the authenticator does not sign it")
            return AGAIN * 10
        except PeerTrouble:
            log.info("poll: the authenticator is gone")
            return AGAIN
        rest, at, chance = self._link.rest, self._clock(), self._chance()
        self._pace, seconds = pacing.took(self._pace, taken.news, rest, at, chance)
        return seconds

    def _asked(self, query: str) -> Reply:
        question = Question("GET", f"{self._link.origin}?{query}", HEADERS, patience=PATIENCE)
        return ask(self._client, question, self._clock)

    def _brought(self, reply: Reply) -> PollTaken:
        brought = Polled(self._link.id, reply.status, reply.body, reply.server_time)
        taken = self._desk.call(brought, PollTaken)
        if taken.news != pacing.QUIET:
            log.info("poll: %d %s", reply.status, taken.news)
        return taken

    def _failed(self, failed: ExchangeFailed) -> float:
        try:
            self._report(failed.why)
        except (Declined, PeerTrouble):
            log.info("poll: the authenticator did not take the state of the line")
        self._pace, rest = pacing.failed(self._pace, self._chance())
        return rest

    def _report(self, state: str | Trouble) -> None:
        if state != self._reported and not self._stopped:
            log.info("poll: line %s", state)
            self._desk.call(Line(self._link.id, str(state)), Done)
            self._reported = str(state)
