"""Files to fetch: it asks the authenticator for an address, and brings what lies there in pieces, unread.

Anybody may stand at that address: who signed the file is judged elsewhere, and nothing of it is kept or believed here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

import httpx

from appliance.core.errors import DeskTokenError
from appliance.core.troubles import Trouble
from appliance.courier.exchange import ExchangeFailed, Question, opened
from appliance.wire.bundle import LARGEST_BUNDLE
from appliance.wire.call import Done
from appliance.wire.client import Caller
from appliance.wire.updates import (
    PIECE,
    Fetch,
    FetchFailed,
    FetchList,
    NextFetch,
    Piece,
    SendUpdate,
)

WAIT, AGAIN, LONGEST, TAKEN = 25.0, 1.0, 1800.0, 60.0
log = logging.getLogger("courier")


class FetchDesk:
    """Takes one address after another. `client` gives the way of the moment, `clock` monotonic seconds."""

    def __init__(
        self, desk: Caller, client: Callable[[], httpx.Client], clock: Callable[[], float]
    ) -> None:
        self._desk = desk
        self._client = client
        self._clock = clock

    def run(self) -> None:
        """Work until the process ends; an authenticator that is away is asked again every second."""
        while True:
            try:
                self.turn()
            except DeskTokenError:
                Event().wait(AGAIN)

    def turn(self, wait: float = WAIT) -> None:
        """Wait for an address and bring its file. Raises a DeskTokenError when nobody takes it."""
        for file in self._desk.call(NextFetch(wait), FetchList, wait).files:
            try:
                self._bring(file)
            except ExchangeFailed as failed:
                log.info("update not fetched: %s", failed.why.value)
                self._desk.call(FetchFailed(file.number, failed.why.value), Done)

    def _bring(self, file: Fetch) -> None:
        began, at = self._clock(), 0
        with opened(self._client(), Question("GET", file.url, {})) as response:
            size = _size(response)
            self._desk.call(SendUpdate(file.number, size), Done, TAKEN)
            for chunk in response.iter_raw(PIECE):
                if self._clock() - began > LONGEST:
                    raise ExchangeFailed(Trouble.TIMEOUT)
                if at + len(chunk) > size:
                    raise ExchangeFailed(Trouble.PORTAL_DOWN)
                self._desk.call(Piece(file.number, at, chunk), Done, TAKEN)
                at += len(chunk)
        if at != size:
            raise ExchangeFailed(Trouble.PORTAL_DOWN)
        log.info("update fetched bytes=%d", size)


def _size(response: httpx.Response) -> int:
    """How long the file is, by the server's word. Raises ExchangeFailed."""
    told = response.headers.get("content-length", "")
    coded = response.headers.get("content-encoding", "identity") != "identity"
    if response.status_code != 200 or coded or not told.isascii() or not told.isdecimal():
        raise ExchangeFailed(Trouble.PORTAL_DOWN, response.status_code)
    if len(told) > 10 or not 0 < int(told) <= LARGEST_BUNDLE:
        raise ExchangeFailed(Trouble.TOO_LONG)
    return int(told)
