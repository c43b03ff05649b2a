"""The card for staff: one page in Dutch, with the real frames of the device and what each light and sound means.

A4 at 150 dots an inch, as PNG for the docs and as PDF for the printer. The frames are those that the tests hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, DOTS, MARGIN = 1240, 1754, 150, 64
GLASS, LIT, INK, GREY = (12, 14, 20), (214, 236, 255), (20, 24, 30), (96, 104, 116)
SCALE, COLUMNS, GAP, CELL = 2, 3, 26, 292
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
    "Tik = volgende.  Houd 1 seconde in = doen.  Te vroeg los = er gebeurt niets.",
    "Logt u niet zelf in? Kies Nee. Geen antwoord geven is nooit een ja.",
    "Geef de code of het nummer nooit aan de telefoon. Niemand van ons vraagt erom.",
)


def draw(frames: Path) -> Image.Image:
    """The whole page."""
    page = Image.new("RGB", (WIDTH, HEIGHT), "white")
    brush = ImageDraw.Draw(page)
    brush.text((MARGIN, 48), "Uw desk token", fill=INK, font=_font(54))
    for row, rule in enumerate(RULES):
        brush.text((MARGIN, 124 + row * 34), rule, fill=INK, font=_font(25))
    top = 244
    for number, (frame, title, words) in enumerate(FRAMES):
        x = MARGIN + number % COLUMNS * ((WIDTH - 2 * MARGIN + GAP) // COLUMNS)
        _screen(page, (x, top + number // COLUMNS * CELL), frames / f"{frame}.nl.pbm", title, words)
    y = top + 3 * CELL + 12
    _signs(brush, y, "Het lampje", LIGHTS)
    _signs(brush, y + 70 + 46 * len(LIGHTS), "Het geluid (als het aan staat)", SOUNDS)
    brush.text(
        (MARGIN, HEIGHT - 56),
        "Hulp nodig? Bel de servicedesk:  ______________________",
        fill=INK,
        font=_font(24),
    )
    return page


def _screen(page: Image.Image, at: tuple[int, int], frame: Path, title: str, words: str) -> None:
    brush = ImageDraw.Draw(page)
    with Image.open(frame) as seen:
        lit = seen.convert("1").point(lambda v: 255 - v)
    glass = Image.new("RGB", lit.size, GLASS)
    glass.paste(LIT, mask=lit)
    large = glass.resize((lit.width * SCALE, lit.height * SCALE), Image.Resampling.NEAREST)
    x, y = at
    brush.rounded_rectangle(
        (x - 8, y - 8, x + large.width + 8, y + large.height + 8), 10, fill=GLASS
    )
    page.paste(large, at)
    brush.text((x, y + large.height + 16), title, fill=INK, font=_font(26))
    for row, line in enumerate(_wrapped(words, 350, 20)):
        brush.text((x, y + large.height + 50 + row * 24), line, fill=GREY, font=_font(20))


def _signs(brush: ImageDraw.ImageDraw, y: int, title: str, signs: tuple[Sign, ...]) -> None:
    brush.text((MARGIN, y), title, fill=INK, font=_font(30))
    for row, sign in enumerate(signs):
        line = y + 62 + row * 46
        brush.line((MARGIN, line + 12, MARGIN + 240, line + 12), fill=GREY, width=2)
        for start, end in sign.beats:
            box = (MARGIN + start * 120, line, MARGIN + max(end * 120, start * 120 + 6), line + 24)
            brush.rectangle(box, fill=INK)
        brush.text((MARGIN + 280, line - 2), sign.does, fill=GREY, font=_font(24))
        brush.text((MARGIN + 640, line - 2), sign.means, fill=INK, font=_font(24))


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
