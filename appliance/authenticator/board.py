"""What other threads may look at: the newest status and the list of lines, as whole frozen records.

The consumer publishes, the socket threads read and wait; nobody else's state is shared. Holds no secret.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from appliance.core.desk import Desk, stage
from appliance.core.settings import Settings
from appliance.wire.asking import AccountRow, StatusReply
from appliance.wire.carrying import Link, LinkList
from appliance.wire.safekeeping import Way

LONGEST_WAIT = 30.0
PUSH = "push"
DIRECT = Way()
T = TypeVar("T")


class Board:
    """The newest records, and a place to wait for newer ones."""

    def __init__(self, status: StatusReply, links: tuple[Link, ...], way: Way = DIRECT) -> None:
        first = (
            int.from_bytes(os.urandom(3)) * 1000
        )  # a page that saw an earlier life of ours asks again
        self._changed = threading.Condition()
        self._status = replace(status, version=first)
        self._stirred, self._moves = 0, 0
        self._links = listed(links, way)

    def publish(self, status: StatusReply) -> None:
        """A newer status; an equal one changes nothing. Its version is counted here."""
        with self._changed:
            version = self._status.version
            if replace(status, version=version) != self._status:
                self._status = replace(status, version=version + 1)
                self._changed.notify_all()

    def publish_links(self, links: tuple[Link, ...], way: Way = DIRECT) -> None:
        """A newer list of lines, and the way they go."""
        with self._changed:
            self._links = listed(links, way, self._stirred, self._moves)
            self._changed.notify_all()

    def stir(self, count: int) -> None:
        """Another count of moments at which a poll is worth its while; without a push token nobody is told."""
        with self._changed:
            if count == self._stirred or all(link.kind != PUSH for link in self._links.links):
                return
            self._stirred = count
            self._links = listed(self._links.links, self._links.way, count, self._moves)
            self._changed.notify_all()

    def move(self, count: int) -> None:
        """Another count of the network's moves: every line begins anew."""
        with self._changed:
            if count != self._moves:
                self._moves = count
                self._links = listed(self._links.links, self._links.way, self._stirred, count)
                self._changed.notify_all()

    def status(self, since: int, wait: float) -> StatusReply:
        """The status, at the latest after `wait` seconds; earlier when its version is not `since`."""
        return self._when(lambda: self._status.version != since, wait, lambda: self._status)

    def links(self, known: str, wait: float) -> LinkList:
        """The lines, at the latest after `wait` seconds; earlier when the list is not the `known` one."""
        return self._when(lambda: self._links.mark != known, wait, lambda: self._links)

    def _when(self, ready: Callable[[], bool], wait: float, get: Callable[[], T]) -> T:
        with self._changed:
            self._changed.wait_for(ready, min(max(0.0, wait), LONGEST_WAIT))
            return get()


def listed(
    links: tuple[Link, ...], way: Way = DIRECT, stirred: int = 0, moves: int = 0
) -> LinkList:
    """The list with a mark that changes whenever the list, the way or a count does."""
    mark = hashlib.sha256(msgspec.json.encode((links, way, stirred, moves))).hexdigest()[:16]
    return LinkList(mark, links, way, stirred, moves)


def status_of(
    desk: Desk,
    waiting: int,
    settings: Callable[[Settings], dict[str, str]],
    *,
    page_open: bool,
    sealed: bool,
    bell: str = "",
) -> StatusReply:
    """The status of a desk; the board gives it its version."""
    device, accounts = desk.facts.device, desk.accounts
    return StatusReply(
        serial=device.serial,
        software=device.software,
        trust=desk.now.trust.value,
        storage=device.storage,
        parts={part: health.value for part, health in desk.facts.parts},
        accounts=tuple(
            AccountRow(a.id, a.kind.value, a.label, a.issuer, a.origin, a.unchecked)
            for a in accounts
        ),
        waiting=waiting,
        stage=stage(desk),
        settings=settings(desk.settings),
        page_open=page_open,
        version=0,
        sealed=sealed,
        bell=bell,
    )
