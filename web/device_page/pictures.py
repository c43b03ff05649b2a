"""One-bit pictures as PNG (W3C PNG, third edition), so that a browser can show the panel; made without a library."""

from __future__ import annotations

import struct
import zlib

HEAD = b"\x89PNG\r\n\x1a\n"


def png(width: int, height: int, bits: bytes) -> bytes:
    """A picture of packed rows, most significant bit left, 1 = white. Short rows are filled with black."""
    row = (width + 7) // 8
    whole = bits.ljust(row * height, b"\0")
    lines = b"".join(b"\0" + whole[at : at + row] for at in range(0, row * height, row))
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return HEAD + _part(b"IHDR", head) + _part(b"IDAT", zlib.compress(lines)) + _part(b"IEND", b"")


def _part(kind: bytes, content: bytes) -> bytes:
    checked = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checked
