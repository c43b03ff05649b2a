"""No pixel moves by itself: every screen is painted as its golden frame shows it. `make frames` accepts a change."""

from __future__ import annotations

import pytest

from tests.frames.pictures import FOLDER, plain, rendered

FRAMES = rendered()


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_a_screen_is_painted_as_its_golden_frame(name: str) -> None:
    golden = FOLDER / f"{name}.pbm"
    assert golden.exists(), "run: make frames"
    assert plain(FRAMES[name]) == golden.read_text("ascii"), "look at it, then: make frames"


def test_no_golden_frame_is_left_over() -> None:
    assert {file.stem for file in FOLDER.glob("*.pbm")} == set(FRAMES)


def test_no_two_modes_look_alike_in_the_wrong_language() -> None:
    differing = [
        n for n in FRAMES if n.endswith(".nl") and FRAMES[n].bits != FRAMES[f"{n[:-2]}en"].bits
    ]
    assert len(differing) > len(FRAMES) // 4
