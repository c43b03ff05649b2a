"""Eyes and hands at the token in the virtual machine: edges on its pins, pictures before its camera, and its glass,
rebuilt from the bytes that its kernel put on the bus.
"""

from __future__ import annotations

import base64
import struct
import time
from io import BytesIO

import numpy as np
import segno
from PIL import Image

from tests.hardware.glass import Controller, Ssd1306
from tests.vm.machine import GuestTrouble, Machine
from tests.vm.reader import found, marks, shows

KEY = 17
BRIGHT = 96
FORGOTTEN = 0x55  # every second row: no word
HEADER, I2C = struct.Struct("<IcBH"), b"i"
PINS = "/sys/devices/platform/gpio-sim.0/gpiochip*/sim_gpio"


class Token:
    """The token of this machine; every wait looks at the glass until the words are there."""

    def __init__(self, machine: Machine, glass: Controller | None = None) -> None:
        self.machine = machine
        self.glass = glass or Ssd1306()
        self.taken, self._rest = 0, b""
        self.bytes = 0

    def picture(self) -> np.ndarray:
        """The 64 rows of 128 pixels that shine now."""
        self.hears(self._tapped())
        return self.glass.picture()

    def has_shown(self, words: str) -> bool:
        """Whether these words have stood on the glass since the last look, however shortly."""
        return self.hears(self._tapped(), words)

    def hears(self, new: bytes, words: str = "") -> bool:
        """Give the panel every whole transfer; whether these words have stood on it meanwhile."""
        self._rest += new
        seen = False
        while len(self._rest) >= HEADER.size:
            length, kind, level, _address = HEADER.unpack_from(self._rest)
            end = HEADER.size + length
            if end > len(self._rest):
                break
            transfer, self._rest = self._rest[HEADER.size : end], self._rest[end:]
            self._take(kind, level, transfer)
            seen = seen or bool(words and shows(self.glass.picture(), words))
        return seen

    def _tapped(self) -> bytes:
        """What the kernel has put on the bus since the last look."""
        said = self.machine.does(f"tail -c +{self.taken + 1} /run/tap 2>/dev/null | base64 -w0")
        new = base64.b64decode(said)
        self.taken += len(new)
        return new

    def _take(self, kind: bytes, level: int, words: bytes) -> None:
        """One write: on I2C a control byte comes first (datasheet, 8.1.5), on SPI a line of its own tells the kinds."""
        self.bytes += len(words)
        if kind == I2C:
            level, words = words[0] & 0x40, words[1:]
        take = self.glass.data if level else self.glass.command
        take(list(words)) if level else take(*words)

    def says(self, *words: str) -> bool:
        """Whether all of this stands on the glass now."""
        picture = self.picture()
        return all(shows(picture, part) for part in words)

    def sees(self, *words: str, patience: float = 180.0) -> float:
        """Wait for all of this; the seconds it took. Raises GuestTrouble with the picture as signs."""
        began = time.monotonic()
        while not self.says(*words):
            if time.monotonic() - began > patience:
                raise GuestTrouble(f"waited for {words}, but the glass shows\n{self.drawn()}")
        return time.monotonic() - began

    def forgets(self) -> None:
        """What is on the glass by now counts no more: only what is painted from here on will be seen."""
        self.picture()
        self.glass.memory[:] = FORGOTTEN

    def drawn(self) -> str:
        """The glass in signs, two rows a line."""
        lit = self.glass.picture()
        signs = " ▀▄█"
        return "\n".join(
            "".join(signs[lit[y, x] + 2 * lit[y + 1, x]] for x in range(128))
            for y in range(0, 64, 2)
        )

    def press(self, key: int = KEY) -> None:
        """The key closes to ground."""
        self.machine.does(f"echo pull-down > $(echo {PINS}{key}/pull)")

    def release(self, key: int = KEY) -> None:
        """The key opens."""
        self.machine.does(f"echo pull-up > $(echo {PINS}{key}/pull)")

    def tap(self, key: int = KEY) -> None:
        """A short press, timed by the guest itself."""
        self.machine.does(
            f"p=$(echo {PINS}{key}/pull); echo pull-down > $p; sleep 0.1; echo pull-up > $p; sleep 0.1"
        )

    def hold(self, seconds: float = 1.5, key: int = KEY) -> None:
        """Press for so long by the guest's own clock: no busy host can draw it out."""
        self.machine.does(
            f"p=$(echo {PINS}{key}/pull); echo pull-down > $p; sleep {seconds}; echo pull-up > $p"
        )

    def wakes(self, words: str) -> None:
        """A tap wakes a dark or dimmed panel and does nothing else; then this is on the glass."""
        self.picture()
        if not self.glass.on or self.glass.contrast < BRIGHT:
            self.tap()
        self.sees(words)
        self.settle()

    def settle(self) -> None:
        """Wait out the arming time of a screen, by the guest's own clock."""
        self.machine.does("sleep 1.2")

    def tap_until(self, *words: str, most: int = 12) -> None:
        """Tap, look, and tap again until this is on the glass."""
        for _ in range(most):
            if self.says(*words):
                return
            self._tap_and_look()
        self.sees(*words)

    def chooses(self, line: str, most: int = 16) -> None:
        """Tap until this line of a list is the marked one. Raises GuestTrouble."""
        for _ in range(most):
            if marks(self.picture(), line):
                return
            self._tap_and_look()
        raise GuestTrouble(f"{line!r} was never marked; the glass shows\n{self.drawn()}")

    def _tap_and_look(self) -> None:
        """Tap, and give the glass ten seconds to change."""
        before = self.picture().copy()
        self.tap()
        end = time.monotonic() + 10
        while np.array_equal(self.picture(), before) and time.monotonic() < end:
            pass

    def dial(self, digits: str) -> None:
        """Turn the wheel to each digit and hold it until the next slot is marked."""
        for place, digit in enumerate(digits):
            for _ in range(14):
                if found(self.picture(), digit, "dial"):
                    break
                self.tap()
            before = self._slots()
            self.hold()
            end = time.monotonic() + 60
            while self._slots() == before and time.monotonic() < end:
                pass
            if place + 1 < len(digits):
                self.settle()

    def _slots(self) -> bytes:
        """The row of places for the digits, which changes only when one is taken."""
        return self.picture()[38:51, :66].tobytes()

    def camera_sees(self, text: str = "") -> None:
        """Put a QR code with this text, or an empty desk, before the camera, for the next time it is opened."""
        scene = Image.new("L", (640, 480), 200)
        if text:
            held = BytesIO()
            segno.make(text, error="l", micro=False).save(held, kind="png", scale=6, border=4)
            code = Image.open(held).convert("L")
            code.thumbnail((440, 440))
            scene.paste(code, ((640 - code.width) // 2, (480 - code.height) // 2))
        taken = BytesIO()
        scene.convert("RGB").save(taken, "JPEG", quality=92)
        self.machine.put(taken.getvalue(), "/run/camera/0.jpg")

    def code(self, candidates: dict[str, int]) -> int | None:
        """Which of these six-digit codes is on the glass."""
        picture = self.picture()
        for digits, step in candidates.items():
            if found(picture, digits[:3], "code") and found(picture, digits[3:], "code"):
                return step
        return None
