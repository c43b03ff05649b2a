"""One picture: every kind of trouble is read, the text is exact, and what is no code reads as nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from appliance.scanner.budget import Budget
from appliance.scanner.picture import Decoder
from appliance.scanner.rungs import LADDER, Rung
from appliance.scanner.rungs import Scene as Sight
from appliance.scanner.zbar import Zbar, decoded
from tests.scanner.scenes import HARD, LINK, SCENES, Scene, empty, modules, paper

LABELS = ["Müller", "Café", "Кириллица", "漢字", "naïve “x” €"]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_code_that_is_hard_to_see_is_read_exactly(
    scene: Scene, decoder: Decoder, ample: Budget
) -> None:
    reading = decoder.read_picture(scene.frame(), ample)
    assert reading is not None
    assert reading.text == scene.text


@pytest.mark.parametrize("scene", HARD, ids=lambda scene: scene.name)
def test_the_ladder_is_at_least_as_good_as_its_first_rung(
    scene: Scene, decoder: Decoder, ample: Budget
) -> None:
    frames = [scene.frame(seed) for seed in range(4)]
    alone = sum(bool(decoder.zxing.look(frame).texts) for frame in frames)
    assert sum(decoder.read_picture(frame, ample) is not None for frame in frames) > alone - 1


@pytest.mark.parametrize("seed", range(6))
def test_a_desk_without_a_code_reads_as_nothing(seed: int, decoder: Decoder, ample: Budget) -> None:
    assert decoder.read_picture(empty(np.random.default_rng(seed)), ample) is None


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_one_even_shade_reads_as_nothing(shade: int, decoder: Decoder, ample: Budget) -> None:
    assert decoder.read_picture(np.full((48, 64), shade, dtype=np.uint8), ample) is None


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (9, 9), (15, 31)], ids=str)
def test_a_picture_too_small_for_any_code_reads_as_nothing(
    shape: tuple[int, int], decoder: Decoder, ample: Budget
) -> None:
    grain = np.random.default_rng(1).integers(0, 255, shape, dtype=np.uint8)
    assert decoder.read_picture(grain, ample) is None


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.name)
def test_every_rung_reads_a_label_exactly(rung: Rung, label: str, decoder: Decoder) -> None:
    text = LINK.replace("jan", label)
    scenes = [Sight(paper(modules(text), side=side)) for side in (250, 330)]
    seen = [rung.look(scene, decoder.engines[rung.engine]).texts for scene in scenes]
    assert {found for texts in seen for found in texts} == {text}


@pytest.mark.parametrize("label", LABELS)
def test_both_engines_read_a_label_exactly(label: str, decoder: Decoder) -> None:
    picture = paper(modules(label))
    for engine in (decoder.zxing, Zbar()):
        assert engine.look(picture).texts == (label,)


@pytest.mark.parametrize("label", LABELS)
def test_a_redrawn_symbol_reads_exactly(label: str, decoder: Decoder) -> None:
    assert decoder.zxing.redrawn(modules(label)) == label


def test_bytes_that_are_not_utf8_are_latin_1() -> None:
    assert decoded("Müller".encode("latin-1")) == "Müller"


def test_no_rung_begins_when_the_budget_is_spent(decoder: Decoder) -> None:
    out_of_focus = next(scene for scene in HARD if scene.name == "out of focus").frame()
    moments = iter(range(1000))
    spent = Budget(until=0.0, now=lambda: float(next(moments)))
    assert decoder.read_picture(out_of_focus, spent) is None


def test_a_reading_never_prints_its_text(decoder: Decoder, ample: Budget) -> None:
    reading = decoder.read_picture(paper(modules(LINK)), ample)
    assert "secret" not in repr(reading)
    assert "secret" not in repr(decoder.zxing.look(paper(modules(LINK))))


def test_the_largest_code_is_the_one_meant(decoder: Decoder, ample: Budget) -> None:
    frame = paper(modules("small"), side=120, shape=(480, 320))
    both = np.hstack([frame, paper(modules("large"), side=260, shape=(480, 320))])
    reading = decoder.read_picture(np.ascontiguousarray(both), ample)
    assert reading is not None
    assert reading.text == "large"


def test_a_code_in_a_corner_of_a_very_large_picture_is_read(
    decoder: Decoder, ample: Budget
) -> None:
    frame = np.full((2400, 3200), 225, dtype=np.uint8)
    frame[100:580, 100:740] = paper(modules(LINK), side=150)
    reading = decoder.read_picture(frame, ample)
    assert reading is not None
    assert reading.text == LINK


def test_no_rung_begins_that_needs_longer_than_is_left() -> None:
    asked: list[str] = []
    own = Decoder()
    own.ladder = tuple(
        replace(rung, make=lambda _, name=rung.name: asked.append(name)) for rung in own.ladder
    )
    own.read_picture(empty(np.random.default_rng(1)), Budget(until=0.004, now=lambda: 0.0))
    assert asked == [rung.name for rung in LADDER if rung.needs <= 0.004]
    assert len(asked) < len(LADDER)
