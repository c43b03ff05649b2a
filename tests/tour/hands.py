"""Eyes and hands at the virtual token, through the bench API alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx

PATIENCE = 20.0
TRIES = 5
MOST_CHOICES = 16
LET_GO = "Losgelaten"


class NotSeen(AssertionError):
    """What was waited for did not appear; the message says what was there instead."""


class Hands:
    """A person in front of the token. Every wait looks again and again until the state is there."""

    def __init__(self, bench: str) -> None:
        self._http = httpx.Client(base_url=bench, timeout=30.0, trust_env=False)
        self.seen_at = 0.0

    def screen(self) -> dict[str, Any]:
        """The words that are on the panel now."""
        shown: dict[str, Any] = self._http.get("/api/screen").raise_for_status().json()
        return shown

    def words(self) -> str:
        """The same as one text."""
        return _as_text(self.screen())

    def picture(self) -> bytes:
        """The pixels on the glass, enlarged."""
        return self._http.get("/api/panel.png", params={"scale": 4}).raise_for_status().content

    def sees(self, *parts: str, patience: float = PATIENCE) -> str:
        """Wait until the panel says all of this."""
        return self.waits_for(
            lambda words: all(part in words for part in parts), " and ".join(parts), patience
        )

    def no_longer_sees(self, part: str, patience: float = PATIENCE) -> str:
        """Wait until the panel says something else."""
        return self.waits_for(lambda words: part not in words, f"anything but {part}", patience)

    def waits_for(self, there: Callable[[str], bool], what: str, patience: float = PATIENCE) -> str:
        """Look at each change until `there` is true of the words on the panel."""
        end = time.monotonic() + patience
        version, words = self._after(-1)
        while not there(words):
            if time.monotonic() > end:
                raise NotSeen(f"waited for {what}, but the panel says: {words}")
            version, words = self._after(version)
        self.seen_at = time.time()
        return words

    def sees_a_code(self, patience: float = PATIENCE) -> str:
        """Wait for six digits that are good now and will be for some seconds; gives them."""
        self.waits_for(lambda _: bool(self._digits()), "a code", patience)
        return self._digits()

    def _digits(self) -> str:
        """The grouped code among the lines, unless it is one that still has to wait."""
        found = [line.replace(" ", "") for line in self.screen()["lines"]]
        return next((line for line in found if len(line) == 6 and line.isdigit()), "")

    def _after(self, version: int) -> tuple[int, str]:
        """The next version of the bench, or the one there is after a while without any change; and its words."""
        reply = self._http.get("/api/events", params={"since": version}).raise_for_status().json()
        return reply["version"], _as_text(reply["screen"])

    def get(self, path: str) -> bytes:
        """What the bench answers at this path."""
        return self._http.get(path).content

    def press(self, role: str = "ok") -> None:
        """The key goes down."""
        self._http.post(f"/api/keys/{role}/press").raise_for_status()

    def release(self, role: str = "ok") -> None:
        """The key comes up."""
        self._http.post(f"/api/keys/{role}/release").raise_for_status()

    def tap(self, times: int = 1, role: str = "ok") -> None:
        """A short press, so many times."""
        for _ in range(times):
            self.press(role)
            self.release(role)

    def hold(self) -> str:
        """Press until the panel has become another screen, or another page of it."""
        before = _gist(self.screen())
        return self._hold_until(lambda shown: _gist(shown) != before)

    def hold_for(self, word: str) -> None:
        """Press until the panel says this, whatever else it tells meanwhile."""
        self._hold_until(lambda shown: word in _as_text(shown))

    def hold_on(self) -> None:
        """Press until the lines have become others, a digit among them perhaps."""
        before = self.screen()["lines"]
        self._hold_until(lambda shown: shown["lines"] != before)

    def _hold_until(self, done: Callable[[dict[str, Any]], bool]) -> str:
        """A hold that began before its screen counts (a panel that came back is read first) is made once more."""
        with suppress(NotSeen):
            return self._held_until(done)
        return self.words() if done(self.screen()) else self._held_until(done)

    def _held_until(self, done: Callable[[dict[str, Any]], bool]) -> str:
        self.press()
        try:
            return self.waits_for(lambda _: done(self.screen()), "the end of the hold", 10.0)
        finally:
            self.release()

    def nudge(self, times: int = 1) -> None:
        """Tap, and look that the panel followed; a tap that a busy machine drew out to nothing is made again."""
        for _ in range(times):
            before = self.screen()["lines"]
            for _ in range(TRIES):
                self.tap()
                if self._sees_change(before):
                    break

    def _sees_change(self, before: list[str]) -> bool:
        """Whether the panel followed; not, when it says that the press was let go too late for a tap."""
        self.waits_for(
            lambda words: LET_GO in words or self.screen()["lines"] != before, "the next choice"
        )
        return self.screen()["lines"] != before

    def nudge_to(self, words: str) -> None:
        """Tap until the panel says this."""
        for _ in range(MOST_CHOICES):
            if words in self.words():
                return
            self.nudge()
        self.sees(words)

    def dial(self, digits: str) -> None:
        """Dial digits with one button, reading the panel as one goes: a slip is taken back with the arrow."""
        last = False
        while not last:
            lines = self.screen()["lines"]
            done, thumb = lines[-1][:-1], lines[-1][-1]
            wanted = (
                digits[len(done)] if digits.startswith(done) and len(done) < len(digits) else "←"
            )
            if thumb != wanted:
                self.nudge()
                continue
            last = done + thumb == digits
            self._hold_until(lambda now, old=lines: now["lines"] != old)

    def camera_sees(self, picture: bytes) -> None:
        """Put this picture in front of the camera."""
        self._http.post("/api/camera", content=picture).raise_for_status()

    def camera_dark(self) -> None:
        """Put the camera in the dark."""
        self._http.delete("/api/camera").raise_for_status()

    def plugs(self, **parts: bool) -> None:
        """Put the panel's or the camera's cable in, or pull it out."""
        self._http.post("/api/parts", json=parts).raise_for_status()

    def light(self) -> dict[str, Any]:
        """What the one light does."""
        shown: dict[str, Any] = self._http.get("/api/light").raise_for_status().json()
        return shown

    def power(self, state: str) -> None:
        """Pull the plug, or put it back."""
        self._http.post("/api/power", json={"state": state}).raise_for_status()

    def clock(self, offset: float, *, synchronised: bool) -> None:
        """Set the token's clock off, or take its synchronisation away."""
        self._http.post(
            "/api/clock", json={"offset": offset, "synchronised": synchronised}
        ).raise_for_status()

    def settle(self) -> None:
        """Wait out the arming time of a screen that has just appeared, as a reader would."""
        end = time.monotonic() + 0.8
        while time.monotonic() < end:
            self._http.get("/api/light")

    def close(self) -> None:
        """Leave."""
        self._http.close()


def _as_text(shown: dict[str, Any]) -> str:
    """All words of a panel."""
    return " | ".join([shown["title"], *shown["lines"], shown["hint"] or ""])


def _gist(shown: dict[str, Any]) -> tuple[str, ...]:
    """What tells one screen from another: its words, without the numbers that run by themselves."""
    lines = (line for line in shown["lines"] if not line.replace(" ", "").rstrip("s").isdigit())
    return (shown["title"], *lines, shown["hint"] or "")
