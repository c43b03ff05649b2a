"""A configuration that is refused stands on the panel, even where it is wrong about the panel itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from appliance.authenticator.refusal import tell
from appliance.config import ConfigTrouble, load
from appliance.core.errors import HardwareMissing
from appliance.core.screen import text
from appliance.hardware.ports import Frame
from appliance.hardware.profiles import Display

CONFIG = Path(__file__).parents[2] / "config"
USUAL, HAT = "generic-ssd1306-i2c", "waveshare-oled-1in3"


class Glass:
    """A panel that keeps what it was opened for and what it shows; or none."""

    def __init__(self, *, missing: bool = False) -> None:
        self.missing = missing
        self.display: Display | None = None
        self.frames: list[Frame] = []

    def opened(self, display: Display) -> Glass:
        self.display = display
        return self

    def show(self, frame: Frame) -> None:
        if self.missing:
            raise HardwareMissing("There is no I2C bus; is it switched on?")
        self.frames.append(frame)

    def close(self) -> None:
        """Never called: the words stay."""
        raise AssertionError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The device's own configuration, to be spoiled."""
    shutil.copytree(CONFIG / "profiles", tmp_path / "profiles")
    return Path(shutil.copy(CONFIG / "desk-token.toml", tmp_path))


def said(file: Path, *changes: tuple[str, str]) -> Glass:
    """The panel after a start with these changes to the file."""
    words = file.read_text()
    for before, after in changes:
        assert before in words
        words = words.replace(before, after)
    file.write_text(words)
    with pytest.raises(ConfigTrouble) as trouble:
        load(file)
    glass = Glass()
    tell(trouble.value, file, glass.opened)
    return glass


WRONG = {
    "an unknown key": (
        ("[camera]", "[camera]\nzoom = 2"),
        ("camera.zoom", "deze instelling bestaat niet"),
    ),
    "a wrong type": (
        ("rotate = 0 ", 'rotate = "half" '),
        ("hardware.rotate", "hier hoort een geheel getal van 0 t/m 3"),
    ),
    "two roles on one pin": (
        ("# ok = 17 ", "ok = 17\nback = 17 "),
        ("keys.back", "GPIO 17 is al in gebruik voor keys.ok"),
    ),
    "a pin of the panel's bus": (
        ("# ok = 17 ", "ok = 3 "),
        ("keys.ok", "GPIO 3 is al in gebruik voor de I2C-klok van het scherm"),
    ),
    "a panel that is none": (
        ("# i2c_address = 0x3d", 'driver = "tube"'),
        (
            "display.driver",
            "kies uit: sh1106, simulated, ssd1306, ssd1309, ssd1327, ssd1351, st7735",
        ),
    ),
    "no TOML at all": (
        ("[camera]", "[camera"),
        ("deze regel is geen TOML: een aanhalingsteken, haakje of = ontbreekt of is te veel",),
    ),
}


@pytest.mark.parametrize(("change", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_stands_on_the_panel(
    file: Path, change: tuple[str, str], words: tuple[str, ...]
) -> None:
    glass = said(file, change)
    (frame,) = glass.frames
    assert frame.words.title == "Niet gestart"
    assert frame.words.lines[0].startswith("desk-token.toml")
    assert frame.words.lines[1:] == words


def test_the_line_is_named(file: Path) -> None:
    glass = said(file, ("[camera]", "[camera]\nzoom = 2"))
    number = file.read_text().splitlines().index("zoom = 2") + 1
    assert glass.frames[0].words.lines[0] == f"desk-token.toml, regel {number}"


def test_the_panel_is_that_of_the_board_which_the_refused_file_names(file: Path) -> None:
    glass = said(file, (USUAL, HAT), ("[camera]", "[camera]\nzoom = 2"))
    assert glass.display is not None
    assert (glass.display.bus, glass.display.driver) == ("spi", "sh1106")


def test_without_a_board_that_can_be_used_it_is_the_usual_one(file: Path) -> None:
    glass = said(file, (USUAL, "../../etc/passwd"))
    assert glass.display is not None
    assert (glass.display.bus, glass.display.driver) == ("i2c", "ssd1306")


def test_the_words_are_in_the_language_of_the_file(file: Path) -> None:
    glass = said(file, ('language = "nl"', 'language = "en"'), ("[camera]", "[camera]\nzoom = 2"))
    assert glass.frames[0].words.title == "Not started"
    assert glass.frames[0].words.lines[1:] == ("camera.zoom", "this key does not exist")


def test_a_board_without_a_panel_has_it_in_the_log_alone(file: Path) -> None:
    tell(
        ConfigTrouble("desk-token.toml", text("this is missing")), file, Glass(missing=True).opened
    )


def test_without_any_profile_nothing_is_opened(tmp_path: Path) -> None:
    glass = Glass()
    tell(
        ConfigTrouble("desk-token.toml", text("there is no such file")),
        tmp_path / "none.toml",
        glass.opened,
    )
    assert glass.display is None
