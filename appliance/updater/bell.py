"""The doorbell: the socket by which the service manager starts the updater (sd_listen_fds(3)). Nothing is said on it.

Every ring must be taken off the socket; one that stays would have the updater started again and again.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

FIRST = 3


class Bell:
    """A listening socket, or none where nobody can ring."""

    def __init__(self, listening: socket.socket | None) -> None:
        self._listening = listening
        if listening is not None:
            listening.setblocking(False)

    def rang(self) -> bool:
        """Whether somebody rang since the last look."""
        heard = False
        while self._listening is not None:
            try:
                self._listening.accept()[0].close()
            except OSError:
                break
            heard = True
        return heard


def passed_in(environment: Mapping[str, str]) -> Bell:
    """The socket that the service manager passed in, if it did."""
    ours = environment.get("LISTEN_PID") == str(os.getpid())
    given = ours and environment.get("LISTEN_FDS", "0") != "0"
    return Bell(socket.socket(fileno=FIRST) if given else None)
