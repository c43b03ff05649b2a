"""Every board in config/profiles that we have a driver for shows the frame with the very driver it names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from appliance.core.errors import HardwareMissing
from appliance.hardware import choose
from appliance.hardware.buttons import GpioButtons
from appliance.hardware.glass import glass_on
from appliance.hardware.panel import OledPanel
from appliance.hardware.real import real_parts
from appliance.wire.config_disk import read_board
from tests.hardware.bodies import soon
from tests.hardware.chip import Chip
from tests.hardware.frames import BLACK, pixels_of, with_box
from tests.hardware.glass import MODELS

PROFILES = Path(__file__).parents[2] / "config" / "profiles"
BOARDS = {path.stem: read_board(path) for path in sorted(PROFILES.glob("*.toml"))}
MONO = [name for name, board in BOARDS.items() if board.display.driver in MODELS]
LARGE = [name for name, board in BOARDS.items() if board.display.driver in ("ssd1327", "ssd1351")]
FRAME = with_box(BLACK, 3, 11, 101, 37)


class Counting:
    """A bus that only counts."""

    def __init__(self) -> None:
        self.bytes = 0

    def command(self, *words: int) -> None:
        self.bytes += len(words)

    def data(self, data: list[int]) -> None:
        self.bytes += len(data)

    def cleanup(self) -> None:
        return


def test_there_are_boards_of_both_kinds() -> None:
    assert len(MONO) >= 4
    assert len(LARGE) == 2


@pytest.mark.parametrize("name", MONO)
def test_a_mono_board_shows_the_frame(name: str) -> None:
    display = BOARDS[name].display
    model = MODELS[display.driver]()
    size = (display.width, display.height)
    OledPanel(lambda: glass_on(model, display.driver, *size, 0), lambda: 0.0).show(FRAME)
    assert np.array_equal(model.picture(), pixels_of(FRAME))


@pytest.mark.parametrize("name", LARGE)
def test_a_large_board_takes_the_frame_and_then_only_what_changed(name: str) -> None:
    display, bus = BOARDS[name].display, Counting()
    size = (display.width, display.height)
    panel = OledPanel(lambda: glass_on(bus, display.driver, *size, 0), lambda: 0.0)
    panel.show(FRAME)
    whole = bus.bytes
    panel.show(with_box(FRAME, 60, 20, 6, 8))
    assert 0 < bus.bytes - whole < whole / 4


@pytest.mark.parametrize("name", BOARDS)
def test_the_keys_of_a_board_are_all_heard(name: str, chip: Chip) -> None:
    edges = []
    roles, active_low = BOARDS[name].keys.pins(), BOARDS[name].active_low
    buttons = GpioButtons(roles, active_low=active_low, lines=chip.lines)
    buttons.listen(edges.append)
    for pin in roles.values():
        chip.drive(pin, high=not active_low)
    assert soon(lambda: len(edges) == len(roles))
    buttons.close()
    assert [edge.role for edge in edges] == list(roles)


def test_hardware_without_a_board_is_missing(tmp_path: Path) -> None:
    with pytest.raises(HardwareMissing):
        choose("no-such-board", tmp_path)


@pytest.mark.usefixtures("pins")
def test_a_board_is_put_together_by_its_record(chip: Chip) -> None:
    board = BOARDS["waveshare-oled-1in3"]
    parts = real_parts(board, 0, chip.lines)
    assert chip.taken.keys() == set(board.keys.pins().values())
    parts.buttons.close()
