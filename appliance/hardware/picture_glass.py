"""Grey and colour panels of 128 x 128: the same frame in the middle, through luma's own differencing drivers."""

from __future__ import annotations

from typing import Protocol

from PIL import Image

from appliance.hardware.mono_glass import Bus
from appliance.hardware.ports import Frame


class PictureDevice(Protocol):
    """What we use of luma's grey and colour devices."""

    mode: str
    size: tuple[int, int]
    width: int
    height: int

    def display(self, image: Image.Image) -> None: ...

    def clear(self) -> None: ...

    def contrast(self, level: int) -> None: ...

    def show(self) -> None: ...

    def hide(self) -> None: ...


class PictureGlass:
    """One opened panel that takes pictures; `bus` is closed with it."""

    def __init__(self, device: PictureDevice, bus: Bus) -> None:
        self._device = device
        self._bus = bus

    def paint(self, frame: Frame, *, whole: bool) -> None:
        """Send the frame; luma sends the segments that differ, and `whole` starts it afresh."""
        if whole:
            self._device.clear()
        picture = Image.frombytes("1", (frame.width, frame.height), frame.bits)
        canvas = Image.new(self._device.mode, self._device.size)
        left = (self._device.width - frame.width) // 2
        top = (self._device.height - frame.height) // 2
        canvas.paste(picture.convert(self._device.mode), (left, top))
        self._device.display(canvas)

    def contrast(self, level: int) -> None:
        """Set the contrast, 0 to 255."""
        self._device.contrast(level)

    def light(self, *, on: bool) -> None:
        """Wake the glass or put it to sleep."""
        if on:
            self._device.show()
        else:
            self._device.hide()

    def close(self) -> None:
        """Give the bus back."""
        self._bus.cleanup()
