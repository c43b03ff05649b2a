"""Codes drawn here and looked at through a small camera model: tilt, bend, blur, noise, glare, moiré, dark mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import segno
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Grey = NDArray[np.uint8]
LINK = "otpauth://totp/Example:jan?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example"
LONG = LINK + "&image=https%3A%2F%2Fcdn.example.com%2F" + "0123456789abcdef" * 9


def modules(text: str, level: str = "m") -> NDArray[np.bool_]:
    """The symbol of this text in UTF-8, True is dark."""
    symbol = segno.make(text.encode(), error=level, mode="byte", micro=False)
    return np.asarray([list(row) for row in symbol.matrix], dtype=np.bool_)


def paper(dark: NDArray[np.bool_], side: int = 330, shape: tuple[int, int] = (480, 640)) -> Grey:
    """The symbol printed on grey-white paper in the middle of a frame."""
    code = Image.fromarray(np.where(np.pad(dark, 3), 40, 225).astype(np.uint8))
    code = code.resize((side, side), Image.Resampling.NEAREST)
    frame = Image.new("L", (shape[1], shape[0]), 225)
    frame.paste(code, ((shape[1] - side) // 2, (shape[0] - side) // 2))
    return np.asarray(frame)


def tilted(grey: Grey, amount: float) -> Grey:
    """Seen from a low corner: the far side is shorter and slants."""
    height, width = grey.shape
    near, far = width * (1 + amount), height * (1 - amount / 2)
    quad = (0, 0, -amount * width, height * (1 + amount), near, far, width, amount * height * 0.8)
    frame = Image.fromarray(grey).transform(
        (width, height), Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=225
    )
    return np.asarray(frame)


def bent(grey: Grey, depth: float) -> Grey:
    """Paper bowed about its vertical middle: columns sink, most at the middle."""
    height, width = grey.shape
    sunk = depth * np.cos((np.arange(width) / width - 0.5) * np.pi * 1.6)
    rows = np.arange(height)[:, None] + sunk[None, :]
    low = np.clip(np.floor(rows), 0, height - 2).astype(np.intp)
    part = np.clip(rows - low, 0, 1)
    columns = np.arange(width)[None, :]
    mixed = grey[low, columns] * (1 - part) + grey[low + 1, columns] * part
    sunken: Grey = mixed.astype(np.uint8)
    return sunken


def blurred(grey: Grey, sigma: float) -> Grey:
    return np.asarray(Image.fromarray(grey).filter(ImageFilter.GaussianBlur(sigma)))


def noisy(grey: Grey, chance: np.random.Generator, amount: float) -> Grey:
    return np.clip(grey + chance.normal(0, amount, grey.shape), 0, 255).astype(np.uint8)


def dim(grey: Grey, light: float) -> Grey:
    return (grey * light + 6).astype(np.uint8)


def _bytes(light: NDArray[np.floating]) -> Grey:
    cut: Grey = np.clip(light, 0, 255).astype(np.uint8)
    return cut


def glaring(grey: Grey, reach: float) -> Grey:
    """A lamp's reflection: part of the code is white."""
    y, x = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]]
    spot = np.exp(-((x - 330) ** 2 + (y - 260) ** 2) / (2 * reach**2))
    return _bytes(grey + 240 * spot)


def inverted(grey: Grey) -> Grey:
    return (255 - grey).astype(np.uint8)


def moire(grey: Grey, depth: float) -> Grey:
    """The beat between a screen's pixels and the sensor's."""
    y, x = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]]
    wave = depth * np.sin(x * 1.9 + y * 0.35) + 0.7 * depth * np.sin(y * 2.2)
    return _bytes(grey + wave)


def smeared(grey: Grey, length: int) -> Grey:
    """A hand that moves sideways while the shutter is open."""
    total = np.zeros(grey.shape, dtype=np.float32)
    for step in range(length):
        total += np.roll(grey, step, axis=1)
    return (total / length).astype(np.uint8)


def empty(chance: np.random.Generator) -> Grey:
    """A desk with no code on it: soft shapes, edges, and noise."""
    small = chance.integers(0, 255, (12, 16), dtype=np.uint8)
    cloth = Image.fromarray(small).resize((640, 480), Image.Resampling.BICUBIC)
    return noisy(np.asarray(cloth), chance, 6)


@dataclass(frozen=True, slots=True)
class Scene:
    """One way in which a code is hard to see; `hand` (about 1) says how hard, and no two frames are alike."""

    name: str
    text: str
    spoil: Callable[[Grey, float], Grey]
    grain: float = 3.0

    def frame(self, seed: int = 0) -> Grey:
        """Frame 0 is the scene as named; later ones differ by an unsteady hand."""
        chance = np.random.default_rng(seed)
        hand = 1.0 if seed == 0 else float(chance.uniform(0.94, 1.12))
        return noisy(self.spoil(paper(modules(self.text)), hand), chance, self.grain)


EASY = (
    Scene("clean", LINK, lambda grey, _: grey),
    Scene("dark mode", LINK, lambda grey, _: inverted(grey)),
    Scene("moiré of a screen", LINK, lambda grey, hand: moire(grey, 55 * hand)),
    Scene("much noise", LINK, lambda grey, _: grey, 55.0),
    Scene("low light", LINK, lambda grey, hand: dim(grey, 0.09 * hand), 2.0),
    Scene("a moving hand", LINK, lambda grey, hand: smeared(grey, round(11 * hand))),
)
HARD = (
    Scene("tilted", LONG, lambda grey, hand: tilted(grey, 0.1 * hand)),
    Scene("bent paper", LONG, lambda grey, hand: bent(grey, 26 * hand)),
    Scene("glare", LINK, lambda grey, hand: glaring(grey, 80 * hand)),
    Scene("out of focus", LINK, lambda grey, hand: blurred(grey, 4 * hand), 0.5),
)
SCENES = EASY + HARD
