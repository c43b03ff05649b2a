"""The panel's driver against luma's own, on the same pictures and the same kind of bus, in one run.

Both drive one controller. Ours gets every frame that the loop would paint; luma's gets a picture only when it differs
from the last one, which is kinder to it than its own applications are.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

import luma.oled.device
from PIL import Image

from appliance.authenticator.painter import Painter
from appliance.hardware.glass import glass_on
from appliance.hardware.panel import OledPanel
from appliance.hardware.ports import Frame
from tests.bench.recording import CountingBus, camera_frames, code_screen
from tests.bench.table import Row, row

DRIVERS = ("ssd1306", "sh1106")
I2C_HZ, CLOCKS_PER_BYTE = 400_000, 9
ROUNDS = 15


def rows() -> dict[str, Row]:
    """The panel's rows of the table."""
    painter = Painter()
    screens = list(code_screen(60))
    minute = [(at, painter.paint(screen, "nl")) for at, screen in screens]
    camera = camera_frames(24)
    table: dict[str, Row] = {}
    for driver in DRIVERS:
        table |= _bytes(driver, minute, camera)
        table |= _processor(driver, changed([frame for _, frame in minute]), camera)
    paints = sum(one != other for (_, one), (_, other) in pairwise(screens))
    table["panel frames painted a minute of 600 ticks"] = row(paints, 600, "<= 0.2", "frames")
    return table


def changed(frames: Sequence[Frame]) -> list[Frame]:
    """The frames without those that look like the one before."""
    pairs = pairwise(frames)
    return [frames[0], *(after for before, after in pairs if after.bits != before.bits)]


def _bytes(driver: str, minute: list[tuple[float, Frame]], camera: list[Frame]) -> dict[str, Row]:
    frames = [frame for _, frame in minute]
    ours, first = _ours(driver, minute), _ours(driver, minute[:1])
    equal = _ours(driver, minute[:1] * 2) - first
    peer = _theirs(driver, changed(frames))
    seen = [(at / 12, frame) for at, frame in enumerate(camera)]
    ours_seen = (_ours(driver, seen) - _ours(driver, seen[:1])) / (len(seen) - 1)
    whole = _theirs(driver, camera[:1])
    per_second = I2C_HZ / CLOCKS_PER_BYTE
    return {
        f"{driver} code screen": row(ours - first, peer - whole, "<= 0.05", "bytes a minute"),
        f"{driver} equal frame": row(equal, whole, "ours = 0", "bytes"),
        f"{driver} viewfinder frame": row(ours_seen, whole, "<= 1", "bytes"),
        f"{driver} viewfinder on I2C at 400 kHz": row(
            per_second / ours_seen, per_second / whole, "ours >= 8", "frames a second"
        ),
    }


def _ours(driver: str, frames: Sequence[tuple[float, Frame]]) -> int:
    bus, at = CountingBus(), [0.0]
    panel = OledPanel(lambda: glass_on(bus, driver, 128, 64, 0), lambda: at[0])
    for at[0], frame in frames:
        panel.show(frame)
    return bus.bytes - _set_up(driver)


def _set_up(driver: str) -> int:
    """What opening costs besides the first picture: luma's own set-up, contrast and waking, in bytes."""
    bus = CountingBus()
    glass = glass_on(bus, driver, 128, 64, 0)
    glass.contrast(96)
    glass.light(on=True)
    return bus.bytes


def _theirs(driver: str, frames: Sequence[Frame]) -> int:
    bus = CountingBus()
    device = getattr(luma.oled.device, driver)(bus)
    device.persist = True
    bus.bytes = 0
    for frame in frames:
        device.display(_picture(frame))
    return bus.bytes


def _picture(frame: Frame) -> Image.Image:
    return Image.frombytes("1", (frame.width, frame.height), frame.bits)


def _processor(driver: str, seconds: list[Frame], camera: list[Frame]) -> dict[str, Row]:
    glass = glass_on(CountingBus(), driver, 128, 64, 0)
    device = getattr(luma.oled.device, driver)(CountingBus())
    device.persist = True
    table = {}
    for name, frames in (("code screen", seconds), ("viewfinder", camera)):
        pictures = [_picture(frame) for frame in frames]
        glass.paint(frames[0], whole=True)
        ours, peer = _side_by_side(
            lambda frames=frames: [glass.paint(frame, whole=False) for frame in frames],
            lambda pictures=pictures: [device.display(picture) for picture in pictures],
        )
        each = 1e3 / len(frames)
        table[f"{driver} processor, {name}"] = row(ours * each, peer * each, "<= 0.2", "ms a frame")
    return table


def _side_by_side(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float]:
    """The median processor time of each, taken in turns, so that a slow moment hits both."""
    times: tuple[list[float], list[float]] = ([], [])
    gc.disable()
    for _ in range(ROUNDS):
        for work, taken in zip((ours, peer), times, strict=True):
            began = time.process_time()
            work()
            taken.append(time.process_time() - began)
    gc.enable()
    return median(times[0]), median(times[1])
