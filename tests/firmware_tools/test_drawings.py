"""The pictures of the docs are those that the profiles and the frames of today give."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from appliance.wire.config_disk import read_board
from firmware_tools.bench import label
from firmware_tools.drawings import header, staff_card, wiring

ROOT = Path(__file__).resolve().parents[2]
BOARDS = [p for p in sorted((ROOT / "config/profiles").glob("*.toml")) if p.stem != "simulated"]
MARK = "A2Q7MW4X" * 6 + "K5RT"


@pytest.mark.parametrize("profile", BOARDS, ids=lambda path: path.stem)
def test_the_wiring_picture_of_a_board_is_that_of_its_profile(profile: Path) -> None:
    drawn = wiring.draw(read_board(profile))
    kept = ROOT / "docs/pictures/wiring" / f"{profile.stem}.svg"
    assert kept.read_text(encoding="utf-8") == drawn, "run python -m firmware_tools.drawings"


@pytest.mark.parametrize("profile", BOARDS, ids=lambda path: path.stem)
def test_no_two_parts_hang_on_one_pin_and_none_on_a_reserved_one(profile: Path) -> None:
    pins = [wire.pin for wire in header.wires(read_board(profile))]
    assert len(pins) == len(set(pins))
    assert not {8, 10, 27, 28} & set(pins)


def test_every_pin_of_the_header_has_one_name() -> None:
    assert sorted({*header.GPIO, *header.GROUNDS, *header.THREE_VOLTS, *header.FIVE_VOLTS}) == list(
        range(1, 41)
    )
    assert sorted(header.GPIO.values()) == list(range(28))


def test_the_staff_card_fits_its_page_and_names_frames_that_exist() -> None:
    page = staff_card.draw(ROOT / "tests/frames")
    assert page.size == (staff_card.WIDTH, staff_card.HEIGHT)
    margin = page.crop((page.width - 20, 0, page.width, page.height))
    assert margin.getextrema() == ((255, 255),) * 3, "words run over the edge of the page"


@pytest.mark.parametrize(
    ("docs", "read"),
    [
        ("https://intranet.example.org/desk-token", "https://intranet.example.org/desk-token"),
        ("", "DT-F35R37WY"),
    ],
    ids=["docs", "serial number"],
)
def test_the_code_of_a_label_leads_to_the_docs_or_tells_the_serial_number(
    docs: str, read: str
) -> None:
    drawn = label.draw("DT-F35R37WY", "token-37wy", MARK, docs)
    (code,) = zxingcpp.read_barcodes(drawn)
    assert code.text == read


@pytest.mark.parametrize("name", ["token-1", "t" * 63])
def test_a_long_name_stays_on_the_label(name: str) -> None:
    drawn = label.draw("DT-" + "X" * 29, name, MARK)
    right = drawn.crop((label.WIDTH - 6, 0, label.WIDTH, label.HEIGHT))
    assert right.getextrema() == (255, 255)
    held = io.BytesIO()
    drawn.save(held, "PNG")
    assert isinstance(drawn, Image.Image)
