"""Makes one RSA key at a time on a thread of its own, so that panel and button stay alive; it only posts the result.

A key that nobody waits for any more is dropped unseen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from appliance.credentials.privacyidea.keys import new_key


@dataclass(frozen=True, slots=True)
class KeyNews:
    """Key number so-and-so is made."""

    number: int
    private: bytes = field(repr=False)


class KeyMaker:
    """At most one key is waited for. `post` puts news on the consumer's queue; `make` takes a size in bits."""

    def __init__(
        self, post: Callable[[KeyNews], None], make: Callable[[int], bytes] = new_key
    ) -> None:
        self._post = post
        self._make = make
        self._number = 0

    def start(self, bits: int) -> None:
        """Begin; any earlier key is not waited for."""
        self._number += 1
        number = self._number
        threading.Thread(
            target=lambda: self._post(KeyNews(number, self._make(bits))), name="key", daemon=True
        ).start()

    def stop(self) -> None:
        """Nobody waits any more; what is still being made comes to nothing."""
        self._number += 1

    def hear(self, news: KeyNews) -> bytes | None:
        """The key, unless nobody waits for it."""
        return news.private if news.number == self._number else None
