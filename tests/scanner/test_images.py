"""Picture files: three formats, a limit of bytes and pixels, and one error for everything else."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from appliance.scanner.images import MOST_BYTES, NotAPicture, picture_at, picture_from
from tests.scanner.scenes import modules, paper


def saved(picture: Image.Image, form: str) -> bytes:
    file = io.BytesIO()
    picture.save(file, form)
    return file.getvalue()


def bomb(side: int) -> bytes:
    """A small PNG that says it is very large, and is."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PICTURE = Image.fromarray(paper(modules("text")))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_the_three_formats_are_read(form: str) -> None:
    grey = picture_from(saved(PICTURE, form))
    assert grey.shape == (480, 640)
    assert np.abs(grey.astype(int) - np.asarray(PICTURE).astype(int)).mean() < 6


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "PPM", "ICO"])
def test_other_formats_are_refused(form: str) -> None:
    with pytest.raises(NotAPicture):
        picture_from(saved(PICTURE, form))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_grey(mode: str) -> None:
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(PICTURE).astype(np.uint16) * 257)
    else:
        picture = PICTURE.convert("RGB").convert(mode, dither=Image.Dither.NONE)
    grey = picture_from(saved(picture, "PNG"))
    assert abs(int(grey[5, 5]) - 225) <= 30
    assert (grey < 100).sum() == pytest.approx((np.asarray(PICTURE) < 100).sum(), rel=0.02)


def test_what_is_transparent_is_white() -> None:
    glass = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert (picture_from(saved(glass, "PNG")) == 255).all()


@pytest.mark.parametrize("side", [5_000, 10_000, 40_000])
def test_a_picture_that_unpacks_too_large_is_refused(side: int) -> None:
    with pytest.raises(NotAPicture):
        picture_from(bomb(side))


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "large.png").write_bytes(saved(PICTURE, "PNG") + bytes(MOST_BYTES))
    with pytest.raises(NotAPicture):
        picture_at(tmp_path / "large.png")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAPicture):
        picture_at(tmp_path / "absent.png")


@given(cut=st.integers(0, 3000), form=st.sampled_from(["PNG", "JPEG", "WEBP"]))
def test_a_torn_picture_is_a_picture_or_refused(cut: int, form: str) -> None:
    _is_grey_or_refused(saved(PICTURE, form)[:cut])


@given(data=st.data(), form=st.sampled_from(["PNG", "JPEG", "WEBP"]))
def test_a_scratched_picture_is_a_picture_or_refused(data: st.DataObject, form: str) -> None:
    scratched = bytearray(saved(PICTURE, form))
    for _ in range(4):
        scratched[data.draw(st.integers(0, len(scratched) - 1))] = data.draw(st.integers(0, 255))
    _is_grey_or_refused(bytes(scratched))


@given(st.binary(max_size=200))
def test_noise_is_refused(untrusted: bytes) -> None:
    with pytest.raises(NotAPicture):
        picture_from(untrusted)


def _is_grey_or_refused(untrusted: bytes) -> None:
    try:
        grey = picture_from(untrusted)
    except NotAPicture:
        return
    assert grey.dtype == np.uint8
    assert grey.ndim == 2
