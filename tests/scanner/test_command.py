"""The command for pictures in files: one JSON line each, whatever lies under the name."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import segno
from click.testing import CliRunner, Result
from PIL import Image

from appliance.scanner.command import main

TEXT = "Müller 漢字"
Made = Callable[[Path, Image.Image], object]


def code() -> Image.Image:
    """A plain code on white."""
    rows = segno.make(TEXT.encode(), mode="byte", micro=False).matrix_iter(scale=6, border=4)
    return Image.fromarray(np.asarray([[0 if dark else 255 for dark in row] for row in rows], "u1"))


def on_clear(picture: Image.Image, ink: int) -> Image.Image:
    """The dark modules in this ink, and nothing at all around them."""
    whole = Image.new("RGBA", picture.size, (ink, ink, ink, 0))
    whole.putalpha(Image.eval(picture, lambda shade: 255 - shade))
    return whole


def on_dark_page(picture: Image.Image) -> Image.Image:
    page = Image.new("RGBA", (500, 500), (20, 20, 20, 255))
    page.alpha_composite(on_clear(picture, 240), (50, 50))
    return page


def run(*names: Path | str) -> Result:
    return CliRunner().invoke(main, ["--json", *map(str, names)])


def turned(how: int) -> Image.Exif:
    """The mark by which a camera says that it was held otherwise."""
    mark = Image.Exif()
    mark[0x0112] = how
    return mark


def tear(at: Path, one: Image.Image) -> None:
    one.save(at)
    at.write_bytes(at.read_bytes()[: at.stat().st_size * 2 // 3])


GOOD: dict[str, Made] = {
    "moving.png": lambda at, one: one.save(
        at, save_all=True, append_images=[Image.new("L", one.size, 255)]
    ),
    "cmyk.jpg": lambda at, one: one.convert("CMYK").save(at, quality=95),
    "sixteen-bit.png": lambda at, one: Image.fromarray(
        np.asarray(one).astype(np.uint16) * 257
    ).save(at),
    "palette.png": lambda at, one: one.convert("P").save(at),
    "one-bit.png": lambda at, one: one.convert("1").save(at),
    "black-on-clear.png": lambda at, one: on_clear(one, 0).save(at),
    "white-on-clear.png": lambda at, one: on_clear(one, 255).save(at),
    "on-dark-page.png": lambda at, one: on_dark_page(one).save(at),
    "moving.webp": lambda at, one: one.convert("RGB").save(
        at, save_all=True, append_images=[Image.new("RGB", one.size, "white")], lossless=True
    ),
}
GOOD |= {
    f"turned-{turn}.jpg": lambda at, one, turn=turn: one.save(at, exif=turned(turn))
    for turn in range(1, 9)
}
ODD: dict[str, Made] = {
    "torn.jpg": tear,
    "line.png": lambda at, _one: Image.new("L", (1, 5000), 255).save(at),
    "broad.jpg": lambda at, _one: Image.new("L", (12_000, 9000), 255).save(at, quality=30),
    "missing.png": lambda _at, _one: None,
    "folder.png": lambda at, _one: at.mkdir(),
    "empty.png": lambda at, _one: at.touch(),
    "pipe.png": lambda at, _one: os.mkfifo(at),
    "words.png": lambda at, _one: at.write_text("no picture"),
    "huge.png": lambda at, _one: Image.new("1", (9000, 9000)).save(at),
    "long.png": lambda at, _one: at.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(9 << 20)),
    "another.gif": lambda at, one: one.save(at),
    "moving.gif": lambda at, one: one.save(at, save_all=True, append_images=[one]),
    "dot.png": lambda at, _one: Image.new("L", (1, 1)).save(at),
}


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_of_picture_is_read(name: str, tmp_path: Path) -> None:
    GOOD[name](tmp_path / name, code())
    result = run(tmp_path / name)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["text"] == TEXT


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_picture_is_one_null_line(name: str, tmp_path: Path) -> None:
    ODD[name](tmp_path / name, code())
    result = run(tmp_path / name)
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    assert json.loads(line)["text"] is None
    assert "Traceback" not in result.stderr


def test_the_others_are_still_read(tmp_path: Path) -> None:
    code().save(tmp_path / "good.png")
    lines = run(tmp_path / "missing.png", tmp_path / "good.png").stdout.splitlines()
    assert [json.loads(line)["text"] for line in lines] == [None, TEXT]


def test_a_name_that_is_no_utf_8_is_still_a_json_line() -> None:
    (line,) = run("bad\udcff.png").stdout_bytes.splitlines()
    assert json.loads(line.decode())["file"] == "bad\ufffd.png"


def test_without_json_a_missing_text_is_the_exit_code(tmp_path: Path) -> None:
    code().save(tmp_path / "good.png")
    read = CliRunner().invoke(main, [str(tmp_path / "good.png")])
    assert (read.exit_code, read.stdout) == (0, f"{TEXT}\n")
    assert CliRunner().invoke(main, [str(tmp_path / "missing.png")]).exit_code == 1
    assert CliRunner().invoke(main, ["--json"]).exit_code == 2
