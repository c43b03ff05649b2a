"""How long an updater is there: until nothing is on trial, everything was said, and nobody has come for a while.

Whoever ends earlier leaves a person without a word; whoever stays costs memory for something that is seldom done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from appliance.core.errors import PeerTrouble
from appliance.updater.engine import Engine
from appliance.updater.runner import Runner

AGAIN, IDLE, WAITING, ANEW = 2.0, 90.0, 900.0, 75
log = logging.getLogger("updater")


def serve(
    runner: Runner,
    engine: Engine,
    rang: Callable[[], bool],
    clock: Callable[[], float],
    wait: Callable[[float], object],
    *,
    stay: bool = False,
) -> int:
    """Work until there is nothing to do; the exit code: 0, or `ANEW` when the new slot's own updater must go on."""
    begun, last = False, clock()
    while stay or engine.trial or runner.has_news or clock() - last < _patience(engine):
        last = clock() if rang() else last
        try:
            if not begun:
                runner.begin()
                begun = True
            if not runner.handed_over and runner.turn():
                last = clock()
        except PeerTrouble as trouble:
            log.info("waiting: %s", trouble)
            begun = False  # whoever answers next was restarted perhaps, and knows nothing
            wait(AGAIN)
        if runner.handed_over:
            return ANEW
    return 0


def _patience(engine: Engine) -> float:
    """A file that waits for somebody's hold waits as long as the page may be open."""
    return WAITING if engine.spool.size else IDLE
