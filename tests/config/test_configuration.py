"""The configuration file: what is right becomes a record, what is wrong a sentence with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.config import ConfigTrouble, load

SHIPPED = Path(__file__).resolve().parents[2] / "config"
BOARD = 'name = "Test"\nled = 17\n[display]\ndriver = "ssd1306"\nbus = "i2c"\n[keys]\nok = 4\nback = 5\n'


def write(folder: Path, text: str, board: str = BOARD) -> Path:
    (folder / "profiles").mkdir()
    (folder / "profiles" / "test.toml").write_text(board)
    path = folder / "desk-token.toml"
    path.write_text(text)
    return path


def test_the_shipped_defaults_are_a_good_configuration() -> None:
    config = load(SHIPPED / "desk-token.toml")
    assert config.board.keys.pins() == {"ok": 17}
    assert config.paths.state == "/var/lib/desk-token"
    assert not config.buzzer_enabled


def test_the_shortest_file_takes_everything_from_the_profile(tmp_path: Path) -> None:
    config = load(write(tmp_path, '[hardware]\nprofile = "test"\n'))
    assert config.board.keys.pins() == {"ok": 4, "back": 5}
    assert config.board.led == 17
    assert config.language == "nl"


def test_the_file_overrides_the_profile_key_by_key(tmp_path: Path) -> None:
    text = """
        language = "en"
        [hardware]
        profile = "test"
        rotate = 2
        [hardware.display]
        i2c_address = 0x3d
        [hardware.keys]
        ok = 22
        debounce_ms = 30
        [hardware.led]
        pin = 27
        [hardware.buzzer]
        enabled = true
    """
    config = load(write(tmp_path, text))
    assert config.board.display.i2c_address == 0x3D
    assert config.board.display.driver == "ssd1306"
    assert config.board.keys.pins() == {"ok": 22, "back": 5}
    assert (config.board.keys.debounce_ms, config.board.led, config.rotate) == (30, 27, 2)
    assert config.buzzer_enabled
    assert config.language == "en"


def test_no_part_of_a_configuration_can_be_changed(tmp_path: Path) -> None:
    config = load(write(tmp_path, '[hardware]\nprofile = "test"\n'))
    with pytest.raises(AttributeError):
        config.board.keys.ok = 6  # type: ignore[misc]


HARDWARE = '[hardware]\nprofile = "test"\n'
WRONG = {
    "an unknown key": (
        HARDWARE + "rotatte = 1\n",
        "line 3: hardware.rotatte: this key does not exist",
    ),
    "an unknown table": ("[hardwear]\n", "line 1: hardwear: this key does not exist"),
    "an unknown key of the panel": (
        HARDWARE + "[hardware.display]\nspi = 1\n",
        "line 4: hardware.display.spi: this key does not exist",
    ),
    "a text for a number": (
        HARDWARE + 'rotate = "1"\n',
        "line 3: hardware.rotate: a whole number from 0 to 3 is expected here",
    ),
    "a number out of range": (
        HARDWARE + "rotate = 4\n",
        "line 3: hardware.rotate: a whole number from 0 to 3 is expected here",
    ),
    "an unknown role": (
        HARDWARE + "[hardware.keys]\nfire = 6\n",
        "line 4: hardware.keys.fire: this key",
    ),
    "an impossible pin": (
        HARDWARE + "[hardware.keys]\nok = 40\n",
        "line 4: hardware.keys.ok: a whole number from 0 to 27 is expected here",
    ),
    "a pin of the memory chip": (
        HARDWARE + "[hardware.keys]\nok = 1\n",
        "line 4: hardware.keys.ok: GPIO 1 belongs",
    ),
    "a pin of the serial line": (HARDWARE + "[hardware.keys]\nok = 14\n", "GPIO 14 is kept for"),
    "a pin of the panel's bus": (
        HARDWARE + "[hardware.keys]\nok = 2\n",
        "GPIO 2 is used twice, also for the panel",
    ),
    "two roles on one pin": (
        HARDWARE + "[hardware.keys]\nback = 4\n",
        "line 4: hardware.keys.back: GPIO 4 is used twice, also for keys.ok",
    ),
    "light and key on one pin": (
        HARDWARE + "[hardware.led]\npin = 5\n",
        "hardware.led: GPIO 5 is used twice",
    ),
    "a panel on SPI without its pin": (
        HARDWARE + '[hardware.display]\nbus = "spi"\n',
        "a panel on SPI needs its data/command pin",
    ),
    "a profile outside the folder": (
        '[hardware]\nprofile = "../x"\n',
        "this is not the name of a profile",
    ),
    "a profile that is not there": (
        '[hardware]\nprofile = "x"\n',
        "line 2: hardware.profile: no such profile; there are: test",
    ),
    "no profile": ("[hardware]\n", "line 1: hardware.profile: this is missing"),
    "no TOML": ("[hardware\n", "line 1: this line is not TOML"),
    "a portal without encryption": (
        HARDWARE + '[portal]\nallow = ["http://a.example"]\n',
        "line 4: portal.allow",
    ),
    "a portal with a path": (
        HARDWARE + '[portal]\nallow = ["https://a.example/x"]\n',
        "line 4: portal.allow",
    ),
    "a portal with a name": (
        HARDWARE + '[portal]\nallow = ["https://me@a.example"]\n',
        "line 4: portal.allow",
    ),
    "a portal of noise": (HARDWARE + '[portal]\nallow = ["https://["]\n', "line 4: portal.allow"),
    "a file without end": ("#" * 70_000, "the file is too long"),
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_is_refused_with_its_line_and_key(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(ConfigTrouble) as refusal:
        load(write(tmp_path, text))
    assert str(refusal.value).startswith("desk-token.toml")
    assert sentence in str(refusal.value)


def test_a_wrong_profile_is_named_itself(tmp_path: Path) -> None:
    path = write(tmp_path, HARDWARE, board=BOARD.replace("back = 5", "back = 4"))
    with pytest.raises(
        ConfigTrouble, match=r"^test\.toml, line 8: keys\.back: GPIO 4 is used twice"
    ):
        load(path)


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigTrouble, match=r"^desk-token\.toml: there is no such file$"):
        load(tmp_path / "desk-token.toml")


def test_a_file_of_noise_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "desk-token.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigTrouble, match="not UTF-8"):
        load(path)


@pytest.mark.parametrize(
    "origin", ["https://a.example", "https://a.example:8443", "http://127.0.0.1:8000"]
)
def test_an_https_origin_or_this_very_machine_may_be_allowed(tmp_path: Path, origin: str) -> None:
    config = load(write(tmp_path, f'{HARDWARE}[portal]\nallow = ["{origin}"]\n'))
    assert config.portal.allow == (origin,)
