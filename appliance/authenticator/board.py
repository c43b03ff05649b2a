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
        # a page that saw an earlier life of ours asks again
        first = int.from_bytes(os.urandom(3)) * 1000
        self._changed = threading.Condition()
        self._status = replace(status, version=first)
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
            self._keep(replace(self._links, links=links, way=way))

    def stir(self, count: int) -> None:
        """Another count of moments at which a poll is worth its while; without a push token nobody is told."""
        with self._changed:
            pushed = any(link.kind == PUSH for link in self._links.links)
            if pushed and count != self._links.stirred:
                self._keep(replace(self._links, stirred=count))

    def move(self, count: int) -> None:
        """Another count of the network's moves: every line begins anew."""
        with self._changed:
            if count != self._links.moves:
                self._keep(replace(self._links, moves=count))

    def status(self, since: int, wait: float) -> StatusReply:
        """The status, at the latest after `wait` seconds; earlier when its version is not `since`."""
        return self._when(lambda: self._status.version != since, wait, lambda: self._status)

    def links(self, known: str, wait: float) -> LinkList:
        """The lines, at the latest after `wait` seconds; earlier when the list is not the `known` one."""
        return self._when(lambda: self._links.mark != known, wait, lambda: self._links)

    def _keep(self, newer: LinkList) -> None:
        """This list from now on, under a mark of its own; who waits hears of it."""
        self._links = listed(newer.links, newer.way, newer.stirred, newer.moves)
        self._changed.notify_all()

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
