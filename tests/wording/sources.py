"""Finds every sentence that the sources show to a person. Used by the tests and by the catalogue's update."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from firmware_tools import click_words

ROOT = Path(__file__).parents[2]
FOLDERS = ("appliance", "web", "firmware_tools")
METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2.ext:babel_extract"),
    ("**/templates/**.txt", "jinja2.ext:babel_extract"),
]
# A reason that ends an attempt is read by a person too, and so is the label of a setting.
KEYWORDS = {
    "text": None,
    "translate": None,
    "_": None,
    "say": None,
    "t": None,
    "DeskTokenError": None,
    "Refused": None,
    "StorageTrouble": None,
    "HardwareMissing": None,
    "PeerTrouble": None,
    "BusTrouble": None,
    "NotSent": None,
    "Unsure": None,
    "SourceGone": None,
    "BundleTrouble": None,
    "Row": (2,),
}


def sentences() -> Iterator[tuple[str, str]]:
    """Every English sentence in the sources, with the file it stands in."""
    for folder in FOLDERS:
        found = extract_from_dir(str(ROOT / folder), method_map=METHODS, keywords=KEYWORDS)
        for file, _line, said, _comments, _context in found:
            english = said if isinstance(said, str) else said[0]
            if english:
                yield english, f"{folder}/{file}"


class PlainCatalogue(Catalog):
    """A catalogue without dates and versions in its head, so that the same words are the same bytes."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The two lines gettext needs."""
        return [("Language", "nl"), ("Content-Type", "text/plain; charset=utf-8")]


class PlainClicks(PlainCatalogue):
    """Plain too, with the line that says which plural is which."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The lines gettext needs."""
        return [*super().mime_headers, ("Plural-Forms", self.plural_forms)]


def catalogue(words: dict[str, str]) -> PlainCatalogue:
    """A catalogue of these English sentences and their Dutch twins."""
    head = "# Dutch words of Desk Token, for panel and pages."
    made = PlainCatalogue(locale="nl", domain="desk_token", header_comment=head, fuzzy=False)
    for english, dutch in words.items():
        made.add(english, dutch)
    return made


def read_catalogue(file: Path) -> Catalog:
    """A catalogue as people write it."""
    with file.open("rb") as text:
        return read_po(text, locale="nl", domain="desk_token")


def words_of(read: Catalog) -> dict[str, str]:
    """The translated sentences of a catalogue."""
    return {str(m.id): str(m.string) for m in read if m.id and m.string and not m.fuzzy}


def compiled(words: dict[str, str]) -> bytes:
    """What gettext reads, as Babel makes it."""
    whole = BytesIO()
    write_mo(whole, catalogue(words))
    return whole.getvalue()


def written(words: dict[str, str]) -> bytes:
    """The catalogue as text: sorted, without line numbers, so that a change shows only itself."""
    whole = BytesIO()
    write_po(whole, catalogue(words), width=100, no_location=True, sort_output=True)
    return whole.getvalue()


def click_file(ending: str) -> Path:
    """Click's own words in Dutch; they have plurals, and gettext itself reads them."""
    return click_words.FOLDER / "nl" / "LC_MESSAGES" / f"{click_words.DOMAIN}.{ending}"


def click_compiled() -> bytes:
    """Click's catalogue as gettext reads it."""
    whole = BytesIO()
    with click_file("po").open("rb") as text:
        read = read_po(text, locale="nl", domain=click_words.DOMAIN)
    made = PlainClicks(locale="nl", domain=click_words.DOMAIN, fuzzy=False)
    for message in read:
        if message.id:
            made.add(message.id, message.string)
    write_mo(whole, made)
    return whole.getvalue()
