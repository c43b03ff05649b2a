"""The second decoder, libzbar through its C interface: it reads by other rules what the first one misses.

It is asked for raw bytes, because its own guess at the alphabet spoils UTF-8; nothing here judges a text.
"""

from __future__ import annotations

import ctypes

import numpy as np

from appliance.scanner.reading import Grey, Look

_QRCODE, _ENABLE, _BINARY, _TEST_INVERTED = 64, 0, 4, 0x81
_Y800 = int.from_bytes(b"Y800", "little")


class Zbar:
    """libzbar through its C interface. Raises OSError when the library is not installed."""

    def __init__(self) -> None:
        self._zbar = _prototyped(ctypes.CDLL("libzbar.so.0"))
        self._scanner = self._zbar.zbar_image_scanner_create()
        for symbology, option, value in (
            (0, _ENABLE, 0),
            (_QRCODE, _ENABLE, 1),
            (_QRCODE, _BINARY, 1),  # raw bytes: zbar's own guess takes UTF-8 for Big5
            (0, _TEST_INVERTED, 1),
        ):
            self._zbar.zbar_image_scanner_set_config(self._scanner, symbology, option, value)

    def look(self, grey: Grey) -> Look:
        """Every code of the picture; zbar names no place that is worth a second look."""
        untrusted = [data for data in self._scan(np.ascontiguousarray(grey)) if data]
        return Look(tuple(decoded(data) for data in untrusted))

    def _scan(self, grey: Grey) -> list[bytes]:
        zbar = self._zbar
        image = zbar.zbar_image_create()
        try:
            zbar.zbar_image_set_format(image, _Y800)
            zbar.zbar_image_set_size(image, grey.shape[1], grey.shape[0])
            zbar.zbar_image_set_data(image, grey.ctypes.data, grey.size, None)
            zbar.zbar_scan_image(self._scanner, image)
            return self._symbols(image)
        finally:
            zbar.zbar_image_destroy(image)

    def _symbols(self, image: int) -> list[bytes]:
        found = []
        symbol = self._zbar.zbar_image_first_symbol(image)
        while symbol:
            length = self._zbar.zbar_symbol_get_data_length(symbol)
            found.append(ctypes.string_at(self._zbar.zbar_symbol_get_data(symbol), length))
            symbol = self._zbar.zbar_symbol_next(symbol)
        return found


def decoded(untrusted: bytes) -> str:
    """UTF-8 as it stands, else Latin-1, which cannot fail."""
    try:
        return untrusted.decode()
    except UnicodeDecodeError:
        return untrusted.decode("latin-1")


def _prototyped(zbar: ctypes.CDLL) -> ctypes.CDLL:
    pointer, number = ctypes.c_void_p, ctypes.c_int
    for name, result, arguments in (
        ("zbar_image_scanner_create", pointer, []),
        ("zbar_image_scanner_set_config", number, [pointer, number, number, number]),
        ("zbar_image_create", pointer, []),
        ("zbar_image_set_format", None, [pointer, ctypes.c_ulong]),
        ("zbar_image_set_size", None, [pointer, ctypes.c_uint, ctypes.c_uint]),
        ("zbar_image_set_data", None, [pointer, pointer, ctypes.c_ulong, pointer]),
        ("zbar_scan_image", number, [pointer, pointer]),
        ("zbar_image_first_symbol", pointer, [pointer]),
        ("zbar_symbol_next", pointer, [pointer]),
        ("zbar_symbol_get_data", pointer, [pointer]),
        ("zbar_symbol_get_data_length", ctypes.c_uint, [pointer]),
        ("zbar_image_destroy", None, [pointer]),
    ):
        function = getattr(zbar, name)
        function.restype, function.argtypes = result, arguments
    return zbar
