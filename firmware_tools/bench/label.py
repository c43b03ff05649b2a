"""The label of one device: serial number, name, the mark of its page's key, and a QR code for whoever scans it.

The code holds the address of the house's own docs when it is given, else the serial number. Drawn for a label of
62 x 29 mm at 300 dots an inch, as PNG and as PDF. It takes no secret and has no place for one.
"""

from __future__ import annotations

import io
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, DOTS = 732, 342, 300
MARGIN, CODE = 18, 250


def usual_name(serial: str) -> str:
    """What a device is called that was given no name."""
    return f"token-{serial[-4:].lower()}"


def draw(serial: str, name: str, fingerprint: str, docs: str = "") -> Image.Image:
    """The label, black on white. The code holds the address `docs`, or the serial number when that is empty."""
    label = Image.new("L", (WIDTH, HEIGHT), 255)
    brush = ImageDraw.Draw(label)
    left = CODE + 2 * MARGIN
    code = _code(docs or serial)
    label.paste(code, (MARGIN + (CODE - code.width) // 2, (HEIGHT - code.height) // 2))
    _write(brush, (left, MARGIN), "Desk Token", 34)
    _write(brush, (left, 74), name, _fitting(name, 50))
    _write(brush, (left, 146), f"S/N {serial}", _fitting(f"S/N {serial}", 36))
    _write(brush, (left, 206), "key", 22)
    for row, words in enumerate(_rows(fingerprint)):
        _write(brush, (left + 52, 204 + row * 30), words, 24)
    return label


def save(label: Image.Image, stem: Path) -> tuple[Path, Path]:
    """Write both files, each whole or not at all. Raises OSError."""
    made = []
    for kind in ("png", "pdf"):
        held, path = io.BytesIO(), stem.with_suffix(f".{kind}")
        # a PDF bears the time it was made; without one two labels of a device are equal, byte for byte
        dates = {"creationDate": None, "modDate": None} if kind == "pdf" else {}
        label.save(held, kind.upper(), dpi=(DOTS, DOTS), resolution=DOTS, **dates)
        draft = path.with_name(f".{path.name}.draft")
        try:
            draft.write_bytes(held.getvalue())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        made.append(path)
    return made[0], made[1]


def _code(words: str) -> Image.Image:
    """The code with whole dots for each of its squares, as large as there is room."""
    made, held = segno.make(words, error="m", micro=False), io.BytesIO()
    side = made.symbol_size(border=2)[0]
    made.save(held, kind="png", scale=CODE // side, border=2)
    held.seek(0)
    return Image.open(held).convert("L")


def _rows(fingerprint: str) -> tuple[str, ...]:
    """The mark as the panel shows it: groups of four."""
    groups = [fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4)]
    return tuple(" ".join(groups[at : at + 5]) for at in range(0, len(groups), 5))


def _fitting(words: str, size: int) -> int:
    room = WIDTH - CODE - 3 * MARGIN
    while size > 16 and _font(size).getlength(words) > room:
        size -= 2
    return size


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _write(brush: ImageDraw.ImageDraw, at: tuple[int, int], words: str, size: int) -> None:
    brush.text(at, words, fill=0, font=_font(size))
