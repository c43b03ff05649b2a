"""A second camera model, apart from the corpus and from `tests/scanner/scenes`: what it draws nobody tuned on.

A sheet or a screen is drawn in its own plane, looked at through bend, pose, lens, light, sensor and JPEG. Everything
follows from a seed, so that a set can be drawn again.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import numpy as np
import segno
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from appliance.scanner.reading import Grey

Floats = NDArray[np.float32]
KINDS = (
    "plain", "pose", "bent", "defocus", "motion", "dim", "moire", "glare", "shadow",
    "faint", "dark mode", "damaged", "dense",
)  # fmt: skip
SHAPE = (480, 640)
SHEET = 1100  # pixels of the sheet's side
_NAMES = ("Rail", "Müller", "Кириллица", "漢字", "Café", "Example Works", "Depot 7")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture and the text that is on it."""

    kind: str
    text: str
    grey: Grey = field(repr=False)


def shot(kind: str, seed: int, frame: int = 0) -> Shot:
    """One scene of this kind; frames of one seed differ as a hand and a sensor make them differ."""
    chance = np.random.default_rng([seed, KINDS.index(kind)])
    text = _text(chance, 190 if kind == "dense" else 40)
    sheet = _sheet(chance, text, kind)
    shaken = np.random.default_rng([seed, KINDS.index(kind), frame])
    seen = _seen(sheet, chance, shaken, kind)
    return Shot(kind, text, _sensed(_lit(seen, chance, kind), chance, shaken, kind))


def _text(chance: np.random.Generator, most: int) -> str:
    secret = "".join(chance.choice(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), 32))
    name = _NAMES[int(chance.integers(len(_NAMES)))]
    more = "".join(chance.choice(list("abcdefghij0123456789"), int(chance.integers(0, most))))
    return f"otpauth://totp/{name}:{more}?secret={secret}&issuer={name}"


def _sheet(chance: np.random.Generator, text: str, kind: str) -> Floats:
    """The code in its plane with something printed around it; 0 is black ink, 1 is paper."""
    level = str(chance.choice(["l", "m", "m", "q"]))
    code = segno.make(text.encode(), error=level, mode="byte", micro=False)
    dark = np.asarray([list(row) for row in code.matrix], dtype=np.bool_)
    ink, paper = (0.32, 0.5) if kind == "faint" else (0.06, 0.92)
    pitch = int(SHEET * 0.62) // len(dark)
    drawn = np.where(np.kron(dark, np.ones((pitch, pitch))) > 0, ink, paper).astype(np.float32)
    sheet = np.full((SHEET, SHEET), paper, dtype=np.float32)
    _print_words(sheet, chance, ink)
    edge = (SHEET - len(drawn)) // 2
    quiet = int(pitch * chance.uniform(2, 4))
    sheet[edge - quiet : edge + len(drawn) + quiet, edge - quiet : edge + len(drawn) + quiet] = (
        paper
    )
    sheet[edge : edge + len(drawn), edge : edge + len(drawn)] = drawn
    if kind == "damaged":
        _damage(sheet, chance, edge, len(drawn), paper)
    return 1 - sheet if kind == "dark mode" else sheet


def _print_words(sheet: Floats, chance: np.random.Generator, ink: float) -> None:
    for top in range(30, SHEET - 40, 34):
        left = 40
        while left < SHEET - 120:
            width = int(chance.integers(20, 110))
            marks = chance.random((16, width // 4)) < 0.5
            blot = np.kron(marks, np.ones((1, 4)))[:, :width] > 0
            sheet[top : top + 16, left : left + blot.shape[1]][blot] = ink
            left += width + 18


def _damage(sheet: Floats, chance: np.random.Generator, edge: int, side: int, paper: float) -> None:
    """Scratches across the code and a stain within it, never on a finder pattern."""
    for _ in range(int(chance.integers(1, 4))):
        at, wide = (
            int(edge + side * chance.uniform(0.35, 0.95)),
            int(side * chance.uniform(0.01, 0.025)),
        )
        sheet[edge + side // 3 : edge + side, at : at + wide] = paper
    y, x = np.mgrid[0:SHEET, 0:SHEET]
    middle = edge + side * chance.uniform(0.5, 0.8, 2)
    stain = np.hypot(y - middle[0], x - middle[1]) < side * chance.uniform(0.05, 0.12)
    sheet[stain] = chance.uniform(0.05, 0.9)


def _seen(
    sheet: Floats, chance: np.random.Generator, shaken: np.random.Generator, kind: str
) -> Floats:
    """The sheet through pose and bend, sampled on twice as many rows and columns as the sensor has."""
    height, width = SHAPE[0] * 2, SHAPE[1] * 2
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = (x - width / 2) / height, (y - height / 2) / height
    steep = 0.75 if kind == "pose" else 0.25
    lean, tip = chance.uniform(-steep, steep, 2) + shaken.normal(0, 0.01, 2)
    turn = chance.uniform(-0.5, 0.5) + shaken.normal(0, 0.01)
    far = chance.uniform(1.1, 1.5) if kind == "dense" else chance.uniform(1.15, 2.2)
    centre = chance.uniform(-0.08, 0.08, 2) + shaken.normal(0, 0.006, 2)
    lens = 1 + chance.uniform(-0.08, 0.08) * (u * u + v * v)
    u, v = (u - centre[0]) * lens, (v - centre[1]) * lens
    depth = far / (1 + lean * u + tip * v)
    a, b = np.cos(turn), np.sin(turn)
    s, t = depth * (a * u - b * v), depth * (b * u + a * v)
    if kind == "bent":
        bow = chance.uniform(0.1, 0.4)
        t = t + bow * s * s * chance.choice([-1.0, 1.0])
    rows, columns = (t * 0.8 + 0.5) * SHEET, (s * 0.8 + 0.5) * SHEET
    there = (rows >= 0) & (rows < SHEET) & (columns >= 0) & (columns < SHEET)
    taken = sheet[
        np.clip(rows, 0, SHEET - 1).astype(np.intp), np.clip(columns, 0, SHEET - 1).astype(np.intp)
    ]
    if kind == "moire":
        pitch = chance.uniform(2.2, 5.0)
        taken = taken * (
            0.55 + 0.45 * np.sin(rows * 6.283 / pitch) * np.sin(columns * 6.283 / pitch)
        )
    seen = np.where(there, taken, 0.35).astype(np.float32)
    return seen.reshape(SHAPE[0], 2, SHAPE[1], 2).mean(axis=(1, 3))


def _lit(seen: Floats, chance: np.random.Generator, kind: str) -> Floats:
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]].astype(np.float32) / SHAPE[0]
    light = 1 + chance.uniform(-0.35, 0.35) * (x - 0.66) + chance.uniform(-0.35, 0.35) * (y - 0.5)
    if kind == "shadow":
        across = (x - 0.66) * chance.uniform(-1, 1) + (y - 0.5) * chance.uniform(-1, 1)
        light = light * np.where(
            across > chance.uniform(-0.1, 0.1), 1.0, chance.uniform(0.15, 0.35)
        )
    lit: Floats = (seen * light).astype(np.float32)
    if kind == "glare":
        place = chance.uniform((0.3, 0.45), (0.7, 0.85))
        reach = chance.uniform(0.04, 0.15)
        lit = lit + 1.5 * np.exp(-((y - place[0]) ** 2 + (x - place[1]) ** 2) / (2 * reach**2))
    return lit.astype(np.float32)


def _sensed(
    lit: Floats, chance: np.random.Generator, shaken: np.random.Generator, kind: str
) -> Grey:
    """Lens out of focus, a moving hand, the sensor's grain, and a JPEG of it."""
    grey = Image.fromarray(np.clip(lit * 235, 0, 255).astype(np.uint8))
    blur = chance.uniform(2.2, 4.5) if kind == "defocus" else chance.uniform(0.3, 0.9)
    grey = grey.filter(ImageFilter.GaussianBlur(max(blur + shaken.normal(0, 0.1), 0.1)))
    values = np.asarray(grey).astype(np.float32)
    if kind == "motion":
        far = int(chance.integers(5, 14))
        axis = int(chance.integers(2))
        values = (
            sum((np.roll(values, step, axis=axis) for step in range(far)), np.zeros_like(values))
            / far
        )
    gain, grain = (
        (chance.uniform(0.04, 0.12), 2.2) if kind == "dim" else (1.0, chance.uniform(1.5, 5))
    )
    values = values * gain + shaken.normal(0, 1, SHAPE) * (grain + 0.12 * np.sqrt(values * gain))
    whole = Image.fromarray(np.clip(values + 4, 0, 255).astype(np.uint8))
    file = io.BytesIO()
    whole.save(file, "JPEG", quality=int(chance.integers(60, 93)))
    return np.asarray(Image.open(file).convert("L"))
