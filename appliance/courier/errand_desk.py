"""Errands: it fetches them from the authenticator, carries up to four at a time, and reports how each went.

An errand's body is signed or sealed text that is neither read nor kept here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore, Event

import httpx

from appliance.core.errors import DeskTokenError
from appliance.courier.broker_lines import BrokerLines
from appliance.courier.exchange import ExchangeFailed, Question, ask
from appliance.wire.call import Done
from appliance.wire.carrying import Errand, ErrandDone, ErrandList, NextErrand
from appliance.wire.client import Caller

AT_ONCE, WAIT, AGAIN = 4, 25.0, 1.0
ACCEPT = "application/jose, application/json, application/problem+json"
log = logging.getLogger("courier")


def carry(
    errand: Errand, client: httpx.Client, clock: Callable[[], float], lines: BrokerLines
) -> ErrandDone:
    """Make the exchange. Every failure becomes a report with its kind of trouble."""
    headers = {"Accept": ACCEPT}
    if errand.body:
        headers["Content-Type"] = errand.kind
    try:
        reply = lines.ask(errand.url, errand.body) if errand.verb == "POST" else None
        if reply is None or reply.status >= 500:
            reply = ask(client, Question(errand.verb, errand.url, headers, errand.body), clock)
    except ExchangeFailed as failed:
        return ErrandDone(
            errand.id, failed.status, trouble=failed.why, server_time=failed.server_time
        )
    return ErrandDone(errand.id, reply.status, reply.body, server_time=reply.server_time)


class ErrandDesk:
    """Takes errands one by one and has them carried in parallel.

    `unchecked` gives the client for servers whose certificate their owner allowed not to be looked at.
    """

    def __init__(
        self,
        desk: Caller,
        client: Callable[[], httpx.Client],
        clock: Callable[[], float],
        lines: BrokerLines,
        unchecked: Callable[[], httpx.Client] | None = None,
    ) -> None:
        self._desk = desk
        self._client = client
        self._unchecked = unchecked or client
        self._clock = clock
        self._lines = lines
        self._free = BoundedSemaphore(AT_ONCE)
        self._stopped = Event()

    def run(self) -> None:
        """Work until stopped; an authenticator that is away is asked again every second."""
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="errand") as carriers:
            while not self._stopped.is_set():
                self._free.acquire()
                errand = self._next()
                if errand is None:
                    self._free.release()
                else:
                    carriers.submit(self._carry, errand)

    def stop(self) -> None:
        """Take no further errands."""
        self._stopped.set()

    def _next(self) -> Errand | None:
        try:
            listed = self._desk.call(NextErrand(WAIT), ErrandList, WAIT)
        except DeskTokenError:
            self._stopped.wait(AGAIN)
            return None
        return listed.errands[0] if listed.errands else None

    def _carry(self, errand: Errand) -> None:
        began = self._clock()
        try:
            client = self._unchecked() if errand.unchecked else self._client()
            done = carry(errand, client, self._clock, self._lines)
            log.info("errand: %s in %.2f s", done.trouble or done.status, self._clock() - began)
            self._desk.call(done, Done)
        except DeskTokenError:
            log.info("errand: the authenticator did not take the result")
        finally:
            self._free.release()
