"""Frames as plain-text pictures, and the two PNG pictures for people made from them."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from appliance.authenticator.painter import Painter
from appliance.authenticator.painting.canvas import Canvas
from appliance.authenticator.painting.font import Font
from appliance.hardware.ports import Frame
from appliance.wording import LANGUAGES
from tests.painting.screens import catalogue

FOLDER = Path(__file__).parent
SHEET, PANEL = FOLDER / "contact-sheet.png", FOLDER / "panel.png"
GLASS, LIT, LABEL = (12, 14, 20), (214, 236, 255), (120, 130, 145)
PANEL_SHOWS = "home-code"


def rendered() -> dict[str, Frame]:
    """Every frame by the name of its file."""
    painter = Painter()
    screens = catalogue()
    return {
        f"{name}.{language}": painter.paint(screen, language)
        for name, screen in screens.items()
        for language in LANGUAGES
    }


def plain(frame: Frame) -> str:
    """The frame as a plain PBM, a row a line; 1 is a lit pixel, so a viewer shows it as ink on paper."""
    stride = (frame.width + 7) // 8
    rows = (frame.bits[y * stride : (y + 1) * stride] for y in range(frame.height))
    lines = ("".join(f"{byte:08b}" for byte in row)[: frame.width] for row in rows)
    return "\n".join(("P1", f"{frame.width} {frame.height}", *lines, ""))


def write_all() -> int:
    """Rewrite every golden frame and both pictures; frames of screens that are gone go too."""
    frames = rendered()
    for old in FOLDER.glob("*.pbm"):
        if old.stem not in frames:
            old.unlink()
    for name, frame in frames.items():
        (FOLDER / f"{name}.pbm").write_text(plain(frame), "ascii")
    sheet(frames).save(SHEET, optimize=True)
    panel(frames[f"{PANEL_SHOWS}.nl"]).save(PANEL, optimize=True)
    return len(frames)


def _image(frame: Frame) -> Image.Image:
    return Image.frombytes("1", (frame.width, frame.height), frame.bits)


def sheet(
    frames: dict[str, Frame], columns: int = 4, gap: int = 10, label: int = 14
) -> Image.Image:
    """All frames at double size, a screen's languages side by side, each with its name."""
    names = sorted({name.rpartition(".")[0] for name in frames})
    wide, high = (256 + 4) * len(LANGUAGES) - 4 + gap, 128 + label + gap
    rows = (len(names) + columns - 1) // columns
    whole = Image.new("RGB", (columns * wide + gap, rows * high + gap), (44, 48, 56))
    small = Painter().small_font
    for place, name in enumerate(names):
        left, top = gap + place % columns * wide, gap + place // columns * high
        whole.paste(LABEL, (left, top), _label(name, small))
        for number, language in enumerate(LANGUAGES):
            frame = _image(frames[f"{name}.{language}"]).resize(
                (256, 128), Image.Resampling.NEAREST
            )
            corner = (left + number * 260, top + label)
            whole.paste(GLASS, (*corner, corner[0] + 256, corner[1] + 128))
            whole.paste(LIT, corner, frame)
    return whole.quantize(8)


def _label(words: str, font: Font) -> Image.Image:
    canvas = Canvas(256, 11)
    canvas.write(words, 0, font.cap, font)
    return Image.frombytes("1", (256, 11), canvas.bits())


def panel(frame: Frame, dot: int = 6, edge: int = 36) -> Image.Image:
    """One frame as it looks on the glass: separate dots behind a dark window."""
    wide, high = frame.width * dot, frame.height * dot
    whole = Image.new("RGB", (wide + 2 * edge, high + 2 * edge), (255, 255, 255))
    draw = ImageDraw.Draw(whole)
    draw.rounded_rectangle((0, 0, whole.width - 1, whole.height - 1), 22, (28, 31, 38))
    draw.rounded_rectangle((14, 14, whole.width - 15, whole.height - 15), 10, GLASS)
    lit = _image(frame).load()
    if lit is None:
        return whole
    for y in range(frame.height):
        for x in range(frame.width):
            if lit[x, y]:
                corner = (edge + x * dot, edge + y * dot)
                draw.rectangle((*corner, corner[0] + dot - 2, corner[1] + dot - 2), LIT)
    return whole.quantize(16)
