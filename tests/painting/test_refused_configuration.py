"""Whatever is wrong in a configuration file stands on the panel to its last word, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.inspect import StructType, Type, type_info

from appliance.authenticator.painter import Painter
from appliance.authenticator.painting.font import ELLIPSIS
from appliance.core.screen import Text, text
from appliance.core.system_screens import not_started
from appliance.wire import config_words
from appliance.wire.boards import Board, Display, Keys, check_pins
from appliance.wire.config_file import File
from appliance.wire.config_words import expected
from appliance.wording import LANGUAGES, spoken

PAINTER = Painter()
PLACE = text("{file}, line {line}", file="desk-token.toml", line="88")
SEVEN = "display.driver"  # this many words do not fit; log, check and tool have all of them
WITHOUT_KEY = ("TWICE", "UNFINISHED", "NO_VALUE", "NO_TOML")
SPI = Display("sh1106", "spi", data_command=25)
BOARDS = [
    *(Board("", Display("sh1106", "i2c"), Keys(ok=pin, back=17)) for pin in range(28)),
    *(Board("", Display("sh1106", "spi", data_command=pin), Keys(ok=17)) for pin in range(28)),
    Board("", Display("sh1106", "spi"), Keys()),
]


def keys(kind: Type, path: tuple[str, ...]) -> Iterator[tuple[str, Text]]:
    """Every key of the records, with what may be wrong there."""
    for field in kind.fields if isinstance(kind, StructType) else ():
        here = (*path, field.encode_name)
        for why in (expected(field.type), config_words.MISSING, config_words.UNKNOWN):
            yield ".".join(here), why
        yield from keys(field.type, here)


EVERY = [
    *keys(type_info(File), ()),
    *keys(type_info(Board), ()),
    *(
        (".".join(("hardware", *path)), why)
        for board in BOARDS
        for path, why in check_pins(board)
    ),
    *(("", getattr(config_words, name)) for name in WITHOUT_KEY),
    ("portal.allow", text("each entry is an https origin, without a path or a user name")),
    ("update.source", text("this is the https address of a file, without a user name")),
    ("hardware.profile", text("this is not the name of a profile")),
    ("", text("a value is too long or nested too deeply")),
]  # fmt: skip


def rows(key: str, why: Text, language: str, place: Text = PLACE) -> list[str]:
    """What is written below the title, none of it beyond the panel."""
    canvas, _words = PAINTER.draw(not_started(place, key, why), language)
    assert [one for one in canvas.written if one.box.right > 128 or one.box.bottom > 64] == []
    return [one.words for one in canvas.written][2:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_fits_with_its_line_and_key(language: str) -> None:
    assert len(EVERY) > 100
    cut = {
        (key, why.english) for key, why in EVERY if ELLIPSIS in " ".join(rows(key, why, language))
    }
    assert {key for key, _why in cut} == {SEVEN}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_does_not_fit_ends_where_the_panel_ends(language: str) -> None:
    place = text("{file}, line {line}", file="waveshare-oled-1in54-of-our-own.toml", line="12")
    wired = BOARDS[-1]
    ((_path, why), *_rest) = check_pins(wired)
    long = text("{why} {why} {why} {why}", why=why)
    said = rows("keys.ok", long, language, place)
    assert said[-1].endswith(ELLIPSIS)
    assert " ".join(said).count(spoken(why, language)) < 4


def test_a_word_wider_than_the_panel_is_broken_and_not_lost() -> None:
    said = rows("", text("{file}", file="W" * 30), "nl")
    assert "".join(said).count("W") == 30


def test_a_hostile_key_takes_no_more_than_its_place() -> None:
    said = rows("hardware." + "W" * 500, config_words.UNKNOWN, "nl")
    assert said[-1] == "deze instelling bestaat niet"
    assert any(row.endswith(ELLIPSIS) for row in said)
