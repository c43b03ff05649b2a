"""A V4L2 device (USB webcam, or a test kernel's) by plain ioctl and mapped buffers; grey out of what it offers.

Owns the file descriptor and the mappings from `with` to its end. Devices are chosen by what they can do.
"""

from __future__ import annotations

import errno
import fcntl
import io
import mmap
import os
import select
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from appliance.hardware.camera import CameraBusy, CameraMissing, Frame

_CAPTURE, _MMAP, _BUFFERS, _WAIT = 1, 1, 3, 3.0
_CAN_CAPTURE, _CAN_STREAM, _OWN_CAPS = 0x1, 0x04000000, 0x80000000
_GAP = 1 / 15
# the Pi's own image pipeline and codecs: they capture and stream, and there is no lens at their end
_NOT_CAMERAS = {b"bcm2835-isp", b"bcm2835-codec", b"pispbe", b"rpi-hevc-dec"}


def _fourcc(name: str) -> int:
    return int.from_bytes(name.encode("ascii"), "little")


_GREY, _YUYV, _MJPEG = _fourcc("GREY"), _fourcc("YUYV"), _fourcc("MJPG")
_CAPABILITY = struct.Struct("16s32s32sIII12x")
# native alignment: the union of v4l2_format holds a pointer, so it starts on one
_FORMAT = struct.Struct("@I0P5I180x0P")
_REQUEST = struct.Struct("=IIIIB3x")
# the time is two 64-bit numbers, also for the kernel of a 32-bit board
_BUFFER = struct.Struct("@5I2q16xIIL3I0q")


def _code(direction: int, number: int, size: int) -> int:
    """linux/ioctl.h: direction, size, the letter V and a number in one word."""
    return direction << 30 | size << 16 | ord("V") << 8 | number


_QUERYCAP = _code(2, 0, _CAPABILITY.size)
_S_FMT = _code(3, 5, _FORMAT.size)
_REQBUFS = _code(3, 8, _REQUEST.size)
_QUERYBUF, _QBUF, _DQBUF = (_code(3, number, _BUFFER.size) for number in (9, 15, 17))
_STREAMON, _STREAMOFF = _code(1, 18, 4), _code(1, 19, 4)


def first_device(folder: Path = Path("/dev")) -> Path:
    """The first video device that captures and streams. Raises CameraMissing when there is none."""
    for path in sorted(folder.glob("video*")):
        try:
            handle = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        except OSError:
            continue
        try:
            if _captures(handle):
                return path
        finally:
            os.close(handle)
    raise CameraMissing


def _captures(handle: int) -> bool:
    asked = bytearray(_CAPABILITY.size)
    try:
        fcntl.ioctl(handle, _QUERYCAP, asked)
    except OSError:
        return False
    driver, *_, whole, own = _CAPABILITY.unpack(asked)
    if driver.rstrip(b"\0") in _NOT_CAMERAS:
        return False
    able = own if whole & _OWN_CAPS else whole
    return bool(able & _CAN_CAPTURE and able & _CAN_STREAM)


class V4l2Camera:
    """Frames of about this size from one device."""

    def __init__(self, device: Path, size: tuple[int, int]) -> None:
        self._device = device
        self._size = size
        self._handle = -1
        self._format, self._row, self._shape = 0, 0, (0, 0)
        self._maps: list[mmap.mmap] = []

    def __enter__(self) -> Self:
        try:
            self._handle = os.open(self._device, os.O_RDWR | os.O_NONBLOCK)
            self._choose_format()
            self._map_buffers()
            fcntl.ioctl(self._handle, _STREAMON, struct.pack("=i", _CAPTURE))
        except OSError as refused:
            self._close()
            raise (CameraBusy if refused.errno == errno.EBUSY else CameraMissing) from refused
        except CameraMissing:
            self._close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def frames(self) -> Iterator[Frame]:
        """Newest frames, at most 15 a second. Raises CameraMissing when none comes for three seconds."""
        last = 0.0
        while True:
            if not select.select([self._handle], [], [], _WAIT)[0]:
                raise CameraMissing
            try:
                data = self._take()
            except OSError as gone:
                raise CameraMissing from gone
            at = time.monotonic()
            if at - last >= _GAP and (grey := self._grey(data)) is not None:
                last = at
                yield Frame(grey, at)

    def _choose_format(self) -> None:
        for wanted in (_GREY, _YUYV, _MJPEG):
            asked = bytearray(_FORMAT.pack(_CAPTURE, *self._size, wanted, 1, 0))
            try:
                fcntl.ioctl(self._handle, _S_FMT, asked)
            except OSError as refused:
                if refused.errno != errno.EINVAL:
                    raise
                continue
            _, width, height, given, _, row = _FORMAT.unpack(asked)
            if given == wanted:
                self._format, self._row, self._shape = given, row, (height, width)
                return
        raise CameraMissing

    def _map_buffers(self) -> None:
        asked = bytearray(_REQUEST.pack(_BUFFERS, _CAPTURE, _MMAP, 0, 0))
        fcntl.ioctl(self._handle, _REQBUFS, asked)
        for index in range(_REQUEST.unpack(asked)[0]):
            buffer = _empty(index)
            fcntl.ioctl(self._handle, _QUERYBUF, buffer)
            fields = _BUFFER.unpack(buffer)
            offset, length = fields[9] & 0xFFFFFFFF, fields[10]
            self._maps.append(mmap.mmap(self._handle, length, offset=offset))
            fcntl.ioctl(self._handle, _QBUF, buffer)

    def _take(self) -> bytes:
        """The newest frame's bytes; older ones are passed over, and every buffer is the driver's again."""
        data = self._next()
        while True:
            try:
                data = self._next()
            except BlockingIOError:
                return data

    def _next(self) -> bytes:
        buffer = _empty(0)
        fcntl.ioctl(self._handle, _DQBUF, buffer)
        index, _, used, *_ = _BUFFER.unpack(buffer)
        data = bytes(self._maps[index][:used])
        fcntl.ioctl(self._handle, _QBUF, buffer)
        return data

    def _grey(self, untrusted: bytes) -> NDArray[np.uint8] | None:
        return grey_of(untrusted, self._format, self._row, self._shape)

    def _close(self) -> None:
        for mapping in self._maps:
            mapping.close()
        self._maps = []
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1


def _empty(index: int) -> bytearray:
    return bytearray(_BUFFER.pack(index, _CAPTURE, 0, 0, 0, 0, 0, 0, _MMAP, 0, 0, 0, 0))


def grey_of(
    untrusted: bytes, form: int, row: int, shape: tuple[int, int]
) -> NDArray[np.uint8] | None:
    """Grey rows from GREY, YUYV or MJPEG bytes; None for a frame that came in pieces."""
    height, width = shape
    if form == _MJPEG:
        try:
            with Image.open(io.BytesIO(untrusted), formats=["JPEG"]) as picture:
                return np.asarray(picture.convert("L"), dtype=np.uint8)
        except (OSError, SyntaxError):
            return None
    step = 2 if form == _YUYV else 1
    row = max(row, width * step)
    if len(untrusted) < row * height:
        return None
    rows = np.frombuffer(untrusted, dtype=np.uint8, count=row * height).reshape(height, row)
    return np.ascontiguousarray(rows[:, : width * step : step])
