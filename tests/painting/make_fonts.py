"""Makes the bundled bitmap fonts, once: `python -m tests.painting.make_fonts X11-FONTS DEJAVU-FONTS`.

The text sizes are the hand-drawn X11 bitmaps (Debian's xfonts-75dpi and xfonts-100dpi, turned into BDF by pcf2bdf);
only the dial's digits, which no bitmap font has, are drawn from DejaVu Sans. Nothing here runs on the device.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from gzip import decompress
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).parents[2] / "appliance/authenticator/painting/fonts"
LETTERS = (
    "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C), 0x1E9E)))
    + "–—‘’‚“”„•…€→"
)
FIGURES = "0123456789"
SOURCES = {
    "regular-8": ("100dpi/helvR08", LETTERS),
    "bold-8": ("100dpi/helvB08", LETTERS),
    "regular-9": ("75dpi/helvR12", LETTERS),
    "bold-9": ("75dpi/helvB12", LETTERS),
    "regular-11": ("75dpi/helvR14", LETTERS),
    "bold-11": ("75dpi/helvB14", LETTERS),
    "bold-14": ("100dpi/helvB14", LETTERS),
    "figures-18": ("100dpi/helvB18", FIGURES),
    "figures-24": ("100dpi/helvB24", FIGURES),
}
DRAWN = {"figures-48": 48, "figures-50": 50}
Glyph = tuple[str, int, int, int, int, int, list[int]]


def from_bitmap(file: Path, wanted: str) -> Iterator[Glyph]:
    """The wanted glyphs of an X11 font: letter, advance, width, height, left, bottom and rows."""
    with tempfile.NamedTemporaryFile(suffix=".pcf") as plain:
        plain.write(decompress(file.read_bytes()))
        plain.flush()
        made = subprocess.run(["pcf2bdf", plain.name], capture_output=True, check=True)
    for part in made.stdout.decode("latin-1").split("STARTCHAR")[1:]:
        head, _, tail = part.partition("BITMAP\n")
        said = {line.split()[0]: line.split()[1:] for line in head.splitlines()[1:] if line}
        letter = chr(max(0, int(said["ENCODING"][0])))
        width, height, left, bottom = map(int, said["BBX"])
        if letter in wanted:
            rows = [int(row, 16) >> (len(row) * 4 - width) for row in tail.split()[:height]]
            yield letter, int(said["DWIDTH"][0]), width, height, left, bottom, rows


def from_outline(file: Path, tall: int) -> Iterator[Glyph]:
    """The ten digits from an outline font, exactly so many pixels high, all with the same advance."""
    font = next(
        f for f in (ImageFont.truetype(file, n) for n in range(tall, 200)) if _tall(f) >= tall
    )
    drawn = [(figure, _draw(font, figure)) for figure in FIGURES]
    advance = max(picture.width for _figure, picture in drawn) + 2
    for figure, picture in drawn:
        bits = [
            int("".join("1" if picture.getpixel((x, y)) else "0" for x in range(picture.width)), 2)
            for y in range(picture.height)
        ]
        left, bottom = (advance - picture.width) // 2, (tall - picture.height) // 2
        yield figure, advance, picture.width, picture.height, left, bottom, bits


def _tall(font: ImageFont.FreeTypeFont) -> int:
    return _draw(font, "8").height


def _draw(font: ImageFont.FreeTypeFont, figure: str) -> Image.Image:
    whole = Image.new("1", (200, 200))
    ImageDraw.Draw(whole).text((40, 40), figure, fill=1, font=font)
    return whole.crop(whole.getbbox())


def written(glyphs: Iterable[Glyph]) -> str:
    """The font as text, a line a glyph: code point, advance, width, height, left, bottom, rows in hexadecimal."""
    lines = []
    for letter, advance, width, height, left, bottom, rows in sorted(glyphs):
        packed = "".join(f"{row:0{(width + 3) // 4}x}" for row in rows)
        lines.append(
            f"{ord(letter):04x} {advance} {width} {height} {left} {bottom} {packed or '-'}\n"
        )
    return "".join(lines)


def main(x11: Path, dejavu: Path) -> None:
    """Write all fonts."""
    for made, (source, wanted) in SOURCES.items():
        text = written(from_bitmap(x11 / f"{source}.pcf.gz", wanted))
        (FOLDER / f"{made}.txt").write_text(text)
    for made, tall in DRAWN.items():
        text = written(from_outline(dejavu / "DejaVuSansCondensed-Bold.ttf", tall))
        (FOLDER / f"{made}.txt").write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
