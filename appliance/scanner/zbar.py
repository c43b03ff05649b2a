"""The second decoder, zbar through pyzbar's own bindings: it reads by other rules what the first one misses.

pyzbar's `decode` has no switch for raw bytes, and zbar's guess at the alphabet spoils UTF-8; so its bindings are used
one level lower, where raw bytes and dark-mode codes can be asked for. Nothing here judges a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import string_at
from functools import cached_property
from typing import Any

import numpy as np

from appliance.scanner.reading import Grey, Look

_BINARY, _TEST_INVERTED = 4, 0x81  # newer than pyzbar's list of settings
_Y800 = int.from_bytes(b"Y800", "little")


class Zbar:
    """zbar, loaded when first asked: most scans read before, and it keeps 2.5 MB. Without libzbar0 it reads nothing."""

    def look(self, grey: Grey) -> Look:
        """Every code of the picture; zbar names no place that is worth a second look."""
        if self._zbar is None:
            return Look()
        untrusted = [data for data in self._scan(np.ascontiguousarray(grey)) if data]
        return Look(tuple(decoded(data) for data in untrusted))

    @cached_property
    def _zbar(self) -> Any:  # noqa: ANN401 - pyzbar has no annotations
        try:
            from pyzbar import wrapper  # noqa: PLC0415 - it looks for the library while it is imported
        except ImportError:
            return None
        return wrapper

    @cached_property
    def _scanner(self) -> Any:  # noqa: ANN401 - see above
        scanner = self._zbar.zbar_image_scanner_create()
        qr, enable = self._zbar.ZBarSymbol.QRCODE, self._zbar.ZBarConfig.CFG_ENABLE
        for symbology, option, value in (
            (0, enable, 0),
            (qr, enable, 1),
            (qr, _BINARY, 1),  # raw bytes: zbar's own guess takes UTF-8 for Big5
            (0, _TEST_INVERTED, 1),
        ):
            self._zbar.zbar_image_scanner_set_config(scanner, symbology, option, value)
        return scanner

    def _scan(self, grey: Grey) -> list[bytes]:
        zbar, (height, width) = self._zbar, grey.shape
        image = zbar.zbar_image_create()
        try:
            zbar.zbar_image_set_format(image, _Y800)
            zbar.zbar_image_set_size(image, width, height)
            zbar.zbar_image_set_data(image, grey.ctypes.data, grey.size, None)
            zbar.zbar_scan_image(self._scanner, image)
            return list(self._symbols(image))
        finally:
            zbar.zbar_image_destroy(image)

    def _symbols(self, image: Any) -> Iterator[bytes]:  # noqa: ANN401 - pyzbar has no annotations
        symbol = self._zbar.zbar_image_first_symbol(image)
        while symbol:
            length = self._zbar.zbar_symbol_get_data_length(symbol)
            yield string_at(self._zbar.zbar_symbol_get_data(symbol), length)
            symbol = self._zbar.zbar_symbol_next(symbol)


def decoded(untrusted: bytes) -> str:
    """UTF-8 as it stands, else Latin-1, which cannot fail."""
    try:
        return untrusted.decode()
    except UnicodeDecodeError:
        return untrusted.decode("latin-1")
