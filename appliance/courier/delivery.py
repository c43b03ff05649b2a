"""The last step of a letter: from one line to the authenticator, once each and in order, never read.

A letter does not move the cursor before it was delivered, or declined three times. Nothing is stored: whoever begins
anew reads the inbox from its beginning, and the authenticator knows what it has had.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from appliance.wire.carrying import Deliver, Taken
from appliance.wire.client import Caller, Declined

AGAIN, DELIVERIES, REMEMBERED = 1.0, 3, 512
log = logging.getLogger("courier")


class Delivery:
    """The letters of one link; `rest` waits that many seconds, or less when the line is stopped."""

    def __init__(self, link: str, desk: Caller, rest: Callable[[float], object]) -> None:
        self._link = link
        self._desk = desk
        self._rest = rest
        self.cursor = 0
        self._ahead: dict[int, None] = {}

    def begin_anew(self) -> None:
        """Forget what was delivered: the authenticator was away."""
        self.cursor = 0
        self._ahead.clear()

    def deliver(self, cursor: int, letter: str) -> None:
        """The next letter of the inbox; one that the cursor has passed is left alone. Raises PeerTrouble."""
        if cursor > self.cursor:
            self.hand_over(cursor, letter)
            self.cursor = cursor

    def hand_over(self, cursor: int, letter: str) -> None:
        """Once each. What a broker brings moves no cursor: it may bring a later letter before an earlier one.

        Raises PeerTrouble when the authenticator is gone.
        """
        if cursor in self._ahead:
            return
        for _ in range(DELIVERIES):
            try:
                taken = self._desk.call(Deliver(self._link, letter), Taken)
            except Declined:
                self._rest(AGAIN)
                continue
            log.info("letter taken: %s %s", taken.taken, taken.reason)
            break
        self._ahead[cursor] = None
        if len(self._ahead) > REMEMBERED:
            del self._ahead[next(iter(self._ahead))]
