"""Frames as they come: hard scenes are read in few frames, and an empty desk never reads as anything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from appliance.core.events import ScanHint
from appliance.scanner.engines import Engine
from appliance.scanner.picture import Decoder
from appliance.scanner.stream import Stream
from appliance.scanner.zbar import Zbar
from tests.bench.scan_sequences import Forgetful, in_the_grain
from tests.scanner.scenes import LINK, LONG, SCENES, Scene, blurred, empty, modules, paper

FRAMES = 12


def frames_until_read(scene: Scene, decoder: Decoder) -> int | None:
    stream = Stream(decoder)
    for count in range(1, FRAMES + 1):
        reading = stream.see(scene.frame(count)).reading
        if reading is not None:
            assert reading.text == scene.text
            return count
    return None


def frames_alone(scene: Scene, engine: Engine) -> int | None:
    for count in range(1, FRAMES + 1):
        if engine.look(scene.frame(count)).texts:
            return count
    return None


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_an_unsteady_hand_is_read_no_later_than_by_either_decoder_alone(
    scene: Scene, decoder: Decoder
) -> None:
    ours = frames_until_read(scene, decoder)
    assert ours is not None
    for engine in (decoder.zxing, Zbar()):
        alone = frames_alone(scene, engine)
        assert alone is None or ours <= alone


def test_no_rung_finds_a_text_on_an_empty_desk(decoder: Decoder) -> None:
    stream, chance = Stream(decoder), np.random.default_rng(5)
    desk = empty(chance)
    for _ in range(3 * len(decoder.ladder)):
        shaken = np.roll(desk, int(chance.integers(-2, 3)), axis=1)
        assert stream.see(shaken).reading is None


def test_every_rung_has_its_turn(decoder: Decoder) -> None:
    asked: list[int] = []

    class Listening:
        def __init__(self, engine: Engine) -> None:
            self.look = lambda grey: (asked.append(grey.size), engine.look(grey))[1]

    own = Decoder()
    own.engines = {name: Listening(engine) for name, engine in decoder.engines.items()}
    stream = Stream(own)
    frame = paper(modules(LINK), side=60)
    for _ in range(6 * len(own.ladder)):
        stream.see(blurred(frame, 4))
    assert len(set(asked)) >= 4


def test_a_frame_gets_one_rung_beside_the_first_pass() -> None:
    asked: list[str] = []
    own = Decoder()
    own.ladder = tuple(
        replace(rung, make=lambda _, name=rung.name: asked.append(name)) for rung in own.ladder
    )
    stream, desk = Stream(own), empty(np.random.default_rng(5))
    for count in range(1, 80):
        stream.see(desk)
        assert len(asked) == count
    assert set(asked) == {rung.name for rung in own.ladder}


def test_a_dense_code_in_deep_grain_is_read_only_by_adding_frames_up(decoder: Decoder) -> None:
    seed = next(seed for seed in range(8) if frames_in_the_grain(Stream(decoder), seed) is not None)
    assert frames_in_the_grain(Forgetful(decoder), seed) is None


def frames_in_the_grain(stream: Stream, seed: int) -> int | None:
    for count, frame in enumerate(in_the_grain(140.0, seed), 1):
        reading = stream.see(frame).reading
        if reading is not None:
            assert reading.text == LONG
            return count
    return None


def test_a_frame_too_small_to_hold_a_code_is_passed_over(decoder: Decoder) -> None:
    assert Stream(decoder).see(np.zeros((4, 4), dtype=np.uint8)).reading is None


class TestHints:
    """What would help the camera."""

    def hint(self, decoder: Decoder, *frames: np.ndarray) -> ScanHint:
        stream = Stream(decoder)
        return [stream.see(frame).hint for frame in frames][-1]

    def test_a_small_code_should_come_closer(self, decoder: Decoder) -> None:
        assert self.hint(decoder, paper(modules(LINK * 3), side=70)) is ScanHint.CLOSER

    def test_a_code_beyond_the_edges_should_go_further(self, decoder: Decoder) -> None:
        whole = paper(modules(LINK), side=900, shape=(900, 900))
        assert self.hint(decoder, whole[200:680, 130:770]) is ScanHint.FURTHER

    def test_a_blurred_code_is_out_of_focus(self, decoder: Decoder) -> None:
        assert self.hint(decoder, blurred(paper(modules(LINK)), 7)) is ScanHint.OUT_OF_FOCUS

    def test_a_white_frame_is_too_bright(self, decoder: Decoder) -> None:
        assert self.hint(decoder, np.full((480, 640), 255, dtype=np.uint8)) is ScanHint.TOO_BRIGHT

    def test_frames_that_differ_much_should_hold_still(self, decoder: Decoder) -> None:
        frame = blurred(paper(modules(LINK)), 7)
        moved = np.roll(frame, 60, axis=1)
        assert self.hint(decoder, frame, moved) is ScanHint.HOLD_STILL

    def test_a_code_that_is_read_needs_no_hint(self, decoder: Decoder) -> None:
        assert self.hint(decoder, paper(modules(LINK))) is ScanHint.NONE

    @pytest.mark.parametrize("shape", [(480, 640), (640, 480), (720, 1280), (64, 64)], ids=str)
    def test_the_preview_fits_its_box_and_its_rows_are_whole_bytes(
        self, shape: tuple[int, int], decoder: Decoder
    ) -> None:
        side = min(shape) // 2
        seen = Stream(decoder).see(paper(modules(LINK), side=side, shape=shape)).preview
        assert seen.width <= 72
        assert seen.height <= 54
        assert len(seen.bits) == (seen.width + 7) // 8 * seen.height

    def test_light_is_one_in_the_preview(self, decoder: Decoder) -> None:
        frame = np.full((480, 640), 200, dtype=np.uint8)
        frame[:, :320] = 20
        seen = Stream(decoder).see(frame).preview
        row = np.unpackbits(np.frombuffer(seen.bits, dtype=np.uint8)[:9])[: seen.width]
        assert not row[:30].any()
        assert row[-30:].all()
