"""What is wrong in a configuration file is said in our own words and in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.inspect import StructType, Type, type_info

from appliance.config import ConfigTrouble, load
from appliance.wire.boards import Board
from appliance.wire.config_file import File
from appliance.wire.config_words import OTHER, expected, not_toml
from appliance.wording import spoken
from tests.house.source import ROOT

HARDWARE = '[hardware]\nprofile = "generic-ssd1306-i2c"\n'
DUTCH = {
    'language = "fr"\n': "regel 1: language: kies uit: en, nl",
    "language = 3\n": "regel 1: language: kies uit: en, nl",
    "language = nl\n": "regel 1: dit is geen waarde: tekst staat tussen aanhalingstekens en een lijst eindigt met ]",
    "[hardware]\nrotate = 3\n": "regel 1: hardware.profile: dit ontbreekt",
    HARDWARE + "rotate = 4\n": "regel 3: hardware.rotate: hier hoort een geheel getal van 0 t/m 3",
    HARDWARE + "rotate = 1.5\n": "regel 3: hardware.rotate: hier hoort een geheel getal van 0 t/m 3",
    HARDWARE + "rotate = -1\n": "regel 3: hardware.rotate: hier hoort een geheel getal van 0 t/m 3",
    HARDWARE + "rotate = 1\nrotate = 2\n": "regel 4: deze instelling of tabel staat twee keer in het bestand",
    HARDWARE + "[hardware]\n": "regel 3: deze instelling of tabel staat twee keer in het bestand",
    HARDWARE + "rotate-it = 1\n": "regel 3: hardware.rotate-it: deze instelling bestaat niet",
    HARDWARE + '"a b` - at" = 1\n': "hardware.a b` - at: deze instelling bestaat niet",
    HARDWARE + "keys = 3\n": "hardware.keys: hier hoort een tabel: een regel met deze naam tussen [ en ]",
    HARDWARE + "[hardware.led]\npin = 28\n": "hardware.led.pin: hier hoort een geheel getal van 0 t/m 27",
    HARDWARE + "[hardware.buzzer]\nenabled = 1\n": "hardware.buzzer.enabled: hier hoort true of false",
    HARDWARE + "[camera]\nsize = 3\n": "camera.size: hier horen twee gehele getallen: [160 t/m 4608, 120 t/m 2592]",
    HARDWARE + "[camera]\nsize = [640]\n": "camera.size: hier horen twee gehele getallen: [160 t/m",
    HARDWARE + "[camera]\nsize = [640, 5000]\n": "camera.size: hier horen twee gehele getallen: [160 t/m",
    HARDWARE + "[camera]\nsize = [640, 480\n": "desk-token.toml: het bestand houdt te vroeg op: een waarde",
    HARDWARE + "[paths]\nrun = 3\n": "paths.run: hier hoort tekst tussen aanhalingstekens",
    HARDWARE + '[portal]\nallow = "x"\n': 'portal.allow: hier hoort een lijst, zoals ["een", "twee"]',
    HARDWARE + "[portal]\nallow = [3]\n": 'portal.allow: hier hoort een lijst, zoals ["een", "twee"]',
    HARDWARE + '[portal]\nallow = ["x"]\n': "portal.allow: elk adres is https://naam",
    HARDWARE + '[update]\nsource = "x"\n': "update.source: hier hoort een https-adres",
    HARDWARE + "[hardware.keys]\nok = 3\n": "GPIO 3 is al in gebruik voor de I2C-klok van het scherm",
    HARDWARE + "[hardware.keys]\nok = 14\n": "GPIO 14 blijft vrij voor de seriële lijn van de technicus",
    '[hardware]\nprofile = "none"\n': "hardware.profile: dit profiel is er niet; wel: adafruit-bonnet-128x64, generic",
    "a = " + "[" * 3000: "desk-token.toml: een waarde is te lang of bevat te veel lijsten in lijsten",
}  # fmt: skip
THE_LIBRARYS = ("Expected", "expected `", "Object", "Invalid", "Cannot", "got", "enum", "null")


def refused(folder: Path, words: str) -> ConfigTrouble:
    """The trouble of a file with these words."""
    (folder / "profiles").symlink_to(ROOT / "config" / "profiles")
    path = folder / "desk-token.toml"
    path.write_text(words)
    with pytest.raises(ConfigTrouble) as trouble:
        load(path)
    return trouble.value


@pytest.mark.parametrize(("words", "said"), DUTCH.items())
def test_file_line_key_and_reason_are_said_in_dutch(tmp_path: Path, words: str, said: str) -> None:
    dutch = spoken(refused(tmp_path, words).said, "nl")
    assert dutch.startswith("desk-token.toml")
    assert said in dutch


@pytest.mark.parametrize("words", DUTCH)
def test_the_log_has_the_same_in_english_and_never_the_librarys_words(
    tmp_path: Path, words: str
) -> None:
    trouble = refused(tmp_path, words)
    assert str(trouble) == spoken(trouble.said, "en") != spoken(trouble.said, "nl")
    assert [word for word in THE_LIBRARYS if word in str(trouble)] == []


def kinds(kind: Type) -> Iterator[Type]:
    """Every kind of value in this record and those in it."""
    yield kind
    for field in kind.fields if isinstance(kind, StructType) else ():
        yield from kinds(field.type)


@pytest.mark.parametrize("record", [File, Board])
def test_of_every_value_of_the_records_it_is_known_what_belongs_there(
    record: type[msgspec.Struct],
) -> None:
    assert [kind for kind in kinds(type_info(record)) if expected(kind) == OTHER] == []


@pytest.mark.parametrize(
    ("words", "line", "said"),
    [
        ("a", 0, "the file ends too early"),
        ('a = """b', 0, "the file ends too early"),
        ("a = [1", 0, "the file ends too early"),
        ("\na = b\n", 2, "this is not a value"),
        ("\na = 2026-02-30\n", 2, "this is not a value"),
        ("a\n", 1, "this line is not TOML"),
        ('a = "b\n', 1, "this line is not TOML"),
        ("a = 1 b\n", 1, "this line is not TOML"),
        ("a = 1\n\na = 2\n", 3, "this key or table stands in the file twice"),
        ("[a]\n[a]\n", 2, "this key or table stands in the file twice"),
        ("a = 1\n[a]\n", 2, "this key or table stands in the file twice"),
        ("a = {b = 1, b = 2}\n", 1, "this key or table stands in the file twice"),
    ],
)
def test_a_file_that_is_no_toml_has_its_line_and_what_to_look_for(
    tmp_path: Path, words: str, line: int, said: str
) -> None:
    trouble = str(refused(tmp_path, words))
    assert trouble.startswith(f"desk-token.toml{f', line {line}' if line else ''}: {said}")


def test_what_the_toml_reader_may_say_one_day_is_still_a_line() -> None:
    line, why = not_toml("Something new (at line 7, column 3)")
    assert (line, why.english[:21]) == (7, "this line is not TOML")


def test_a_folder_without_profiles_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "desk-token.toml"
    path.write_text(HARDWARE)
    with pytest.raises(ConfigTrouble) as trouble:
        load(path)
    assert spoken(trouble.value.said, "nl") == (
        "desk-token.toml, regel 2: hardware.profile: er staan geen profielen in deze map"
    )


def test_a_file_that_cannot_be_read_is_said_in_dutch_too(tmp_path: Path) -> None:
    path = tmp_path / "desk-token.toml"
    path.mkdir()
    with pytest.raises(ConfigTrouble) as trouble:
        load(path)
    assert spoken(trouble.value.said, "nl") == "desk-token.toml: het bestand is niet te lezen"
