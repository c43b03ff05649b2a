"""The card for staff: one page in Dutch, with the real frames of the device and what each light and sound means.

A4 at 300 dots an inch, as PNG for the docs and as PDF for the printer. The frames are those that the tests hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, DOTS, MARGIN = 2480, 3508, 300, 120
GLASS, LIT, INK, GREY, PALE = (
    (12, 14, 20),
    (214, 236, 255),
    (20, 24, 30),
    (80, 88, 100),
    (238, 242, 247),
)
SCALE, COLUMNS, STEP, CELL = 5, 3, 770, 590
BAND, RULES_AT, FRAMES_AT, SIGNS_AT, FOOT_AT = 230, 280, 640, 2440, 3330
ROW, BEAT = 106, 125
FRAMES = (
    ("home-unlinked", "Nog niet gekoppeld", "Houd de knop in en laat het token de QR-code van de portaalsite zien."),
    ("home-code", "Uw code", "Zes cijfers en hoe lang ze nog gelden. Typ ze alleen over als daarom wordt gevraagd."),
    ("request-no", "Logt u in?", "Er logt iemand in met uw naam. Lees wie en waar. Kort: naar Ja. Inhouden: kiezen."),
    ("number-first", "Kies het nummer", "Kies de twee cijfers op de inlogpagina. Kort: +1. Inhouden: volgende."),
    ("ended-approved", "Goedgekeurd", "Klaar. U bent ingelogd."),
    ("refuse-1", "Nee", "Was u het niet? Kies Dit was ik niet. Dan weet de servicedesk het meteen."),
    ("unlock-yes", "Ontgrendel", "Te vaak een fout wachtwoord. Ontgrendel opent uw account; uw wachtwoord blijft."),
    ("home-no-clock", "Klok niet ingesteld", "Geen code tot de tijd klopt. Wacht op het netwerk of vraag de helpdesk."),
    ("home-bad-network", "Geen netwerk", "Uw code werkt gewoon. Menu, Verbinding testen zegt wat er mis is."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sign:
    """What the light or the buzzer does, as strokes on a line of two seconds, and what it means."""

    beats: tuple[tuple[float, float], ...]
    does: str
    means: str


LIGHTS = (
    Sign(((0.0, 0.12), (0.28, 0.4), (1.0, 1.12), (1.28, 1.4)), "twee keer kort, steeds weer", "Er wacht een vraag"),
    Sign(((0.0, 2.0),), "aan, steeds feller", "Knop ingehouden, ga door"),
    Sign(((0.0, 1.0),), "een seconde aan", "Gelukt"),
    Sign(((0.0, 0.12), (0.24, 0.36), (0.48, 0.6)), "drie keer kort", "Geweigerd of niet gelukt"),
    Sign(((0.0, 0.1),), "elke vijf seconden een flits", "Geen klok of geen netwerk"),
    Sign(tuple((n / 4, n / 4 + 0.125) for n in range(8)), "snel knipperen", "Wissen: laat los om te stoppen"),
)  # fmt: skip
SOUNDS = (
    Sign(((0.0, 0.12), (0.18, 0.34)), "twee tonen omhoog", "Er wacht een vraag"),
    Sign(((0.0, 0.5),), "een hoge toon", "Gelukt"),
    Sign(((0.0, 0.18), (0.26, 0.56)), "twee lage tonen", "Geweigerd of niet gelukt"),
)
RULES = (
    ("Kort of lang", "Kort drukken: volgende. Een seconde inhouden: doen. Te vroeg los: er gebeurt niets."),
    ("Logt u niet zelf in?", "Kies Nee. Geen antwoord geven is nooit een ja. Twijfelt u? Ook dan Nee."),
    ("Houd het voor uzelf", "Geef de code of het nummer nooit aan de telefoon. Niemand van ons vraagt erom."),
)  # fmt: skip
TROUBLE = (
    ("Doet het token niets?", "Stekker eruit, tot tien tellen, stekker erin. Uw koppeling blijft."),
    ("Token kwijt?", "Bel meteen. Dan kan niemand er meer mee inloggen."),
)


def draw(frames: Path) -> Image.Image:
    """The whole page."""
    page = Image.new("RGB", (WIDTH, HEIGHT), "white")
    brush = ImageDraw.Draw(page)
    brush.rectangle((0, 0, WIDTH, BAND), fill=GLASS)
    brush.text((MARGIN, 52), "Uw desk token", fill="white", font=_font(110), stroke_width=1)
    words = "Wat u ziet, hoort en doet"
    brush.text((WIDTH - MARGIN, 96), words, fill=LIT, font=_font(54), anchor="ra")
    for number, (title, words) in enumerate(RULES):
        _box(brush, (MARGIN + number * STEP, RULES_AT), 285, title, words)
    for number, (frame, title, words) in enumerate(FRAMES):
        at = (MARGIN + number % COLUMNS * STEP, FRAMES_AT + number // COLUMNS * CELL)
        _screen(page, at, frames / f"{frame}.nl.pbm", title, words)
    _signs(brush, (MARGIN, SIGNS_AT), "Het lampje", LIGHTS)
    _signs(brush, (MARGIN + 1160, SIGNS_AT), "Het geluid, als het aan staat", SOUNDS)
    for number, (title, words) in enumerate(TROUBLE):
        _box(brush, (MARGIN + 1160 + number * 550, SIGNS_AT + 455), 300, title, words, 520)
    brush.rectangle((0, FOOT_AT, WIDTH, HEIGHT), fill=GLASS)
    help_line = "Hulp nodig? Bel de servicedesk:"
    brush.text((MARGIN, FOOT_AT + 56), help_line, fill="white", font=_font(58))
    brush.rounded_rectangle((1120, FOOT_AT + 36, WIDTH - MARGIN, FOOT_AT + 142), 16, fill="white")
    return page


def _box(
    brush: ImageDraw.ImageDraw,
    at: tuple[int, int],
    height: int,
    title: str,
    words: str,
    width: int = 700,
) -> None:
    x, y = at
    brush.rounded_rectangle((x, y, x + width, y + height), 20, fill=PALE)
    _heading(brush, (x + 30, y + 26), title, 46)
    for row, line in enumerate(_wrapped(words, width - 60, 38)):
        brush.text((x + 30, y + 98 + row * 48), line, fill=INK, font=_font(38))


def _heading(brush: ImageDraw.ImageDraw, at: tuple[int, int], words: str, size: int) -> None:
    brush.text(at, words, fill=INK, font=_font(size), stroke_width=1)


def _screen(page: Image.Image, at: tuple[int, int], frame: Path, title: str, words: str) -> None:
    brush = ImageDraw.Draw(page)
    with Image.open(frame) as seen:
        lit = seen.convert("1").point(lambda v: 255 - v)
    glass = Image.new("RGB", lit.size, GLASS)
    glass.paste(LIT, mask=lit)
    large = glass.resize((lit.width * SCALE, lit.height * SCALE), Image.Resampling.NEAREST)
    x, y = at
    rim = (x, y, x + large.width + 40, y + large.height + 40)
    brush.rounded_rectangle(rim, 24, fill=GLASS)
    page.paste(large, (x + 20, y + 20))
    _heading(brush, (x, y + large.height + 58), title, 46)
    for row, line in enumerate(_wrapped(words, 690, 36)):
        place = (x, y + large.height + 118 + row * 44)
        brush.text(place, line, fill=GREY, font=_font(36))


def _signs(
    brush: ImageDraw.ImageDraw, at: tuple[int, int], title: str, signs: tuple[Sign, ...]
) -> None:
    x, y = at
    _heading(brush, at, title, 56)
    for row, sign in enumerate(signs):
        line = y + 104 + row * ROW
        brush.line((x, line + 34, x + 2 * BEAT, line + 34), fill=GREY, width=4)
        for start, end in sign.beats:
            ends = x + max(end * BEAT, start * BEAT + 12)
            brush.rectangle((x + start * BEAT, line + 8, ends, line + 60), fill=INK)
        _heading(brush, (x + 300, line - 8), sign.means, 40)
        brush.text((x + 300, line + 44), sign.does, fill=GREY, font=_font(34))


def _wrapped(words: str, room: int, size: int) -> list[str]:
    lines, font = [""], _font(size)
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
