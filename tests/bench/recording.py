"""A bus that counts what goes over it, and the pictures of a minute on the code screen and of a second of camera."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from appliance.authenticator.painter import Painter
from appliance.core import desk as rules
from appliance.core.accounts import Code
from appliance.core.effects import GiveCode
from appliance.core.events import CodeReady, Event, Ticked
from appliance.core.screen import Screen, Viewfinder, text
from appliance.core.settings import Settings
from appliance.hardware.ports import Frame
from tests.core.person import DEVICE, JAN, now
from tests.painting.screens import preview

TICKS = 10
STARTS = 100.3  # somewhere in a code's life, between two whole seconds


class CountingBus:
    """luma's serial interface with nothing behind it."""

    def __init__(self) -> None:
        self.bytes = 0
        self.writes = 0

    def command(self, *words: int) -> None:
        self.bytes += len(words)
        self.writes += 1

    def data(self, data: list[int]) -> None:
        self.bytes += len(data)
        self.writes += 1

    def cleanup(self) -> None:
        return


def code_screen(seconds: int) -> Iterator[tuple[float, Screen]]:
    """The screen at every tick, with its time, as the rules show it while nobody touches a key."""
    usual = replace(Settings(), dim_after=600, off_after=3600)
    desk = rules.start(now(STARTS), (JAN,), usual, DEVICE)
    for tick in range(seconds * TICKS):
        at = STARTS + tick / TICKS
        waiting: list[Event] = [Ticked(now(at))]
        while waiting:
            step = rules.step(desk, waiting.pop())
            desk = step.desk
            wall = desk.now.wall
            waiting += [_code(one, wall) for one in step.effects if isinstance(one, GiveCode)]
        yield at, rules.view(desk)


def _code(wish: GiveCode, wall: float) -> CodeReady:
    start = (int(wall) // 30 + wish.ahead) * 30
    digits = int.from_bytes(sha256(str(start).encode()).digest()[:4]) % 10**6
    return CodeReady(Code(wish.account, f"{digits:06}", start, start + 30))


def camera_frames(count: int) -> list[Frame]:
    """What the panel shows while a code is moved through the camera's view."""
    painter, frames = Painter(), []
    whole = preview(64, 48)
    for step in range(count):
        turned = whole[step * 8 % len(whole) :] + whole[: step * 8 % len(whole)]
        body = Viewfinder(64, 48, turned, text("Move closer"))
        frames.append(painter.paint(Screen(text("Camera on"), body, hint=text("Hold: stop")), "nl"))
    return frames
