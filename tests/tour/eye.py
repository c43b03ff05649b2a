"""What a camera makes of a screen: smaller, tilted a little, soft, uneven and noisy."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFilter

FRAME = (1280, 960)


def photograph(screenshot: bytes, seed: int = 7) -> bytes:
    """The screenshot as the token's camera would see it: a greyscale JPEG of 1280 by 960."""
    page = Image.open(io.BytesIO(screenshot)).convert("L")
    page.thumbnail((FRAME[0] * 0.96, FRAME[1] * 0.96))
    scene = Image.new("L", FRAME, 70)
    scene.paste(page, ((FRAME[0] - page.width) // 2, (FRAME[1] - page.height) // 2))
    tilted = scene.transform(
        FRAME, Image.Transform.PERSPECTIVE, _tilt(), Image.Resampling.BICUBIC, fillcolor=70
    )
    turned = tilted.rotate(3.0, Image.Resampling.BICUBIC, fillcolor=70)
    soft = turned.filter(ImageFilter.GaussianBlur(0.7))
    return _jpeg(_lit(np.asarray(soft, dtype=np.float32), seed))


def _tilt() -> tuple[float, ...]:
    """A camera that looks from a little above and a little to the left."""
    return (1.02, 0.015, -18.0, 0.01, 1.03, -16.0, 0.00001, 0.00002)


def _lit(pixels: np.ndarray, seed: int) -> np.ndarray:
    """Uneven light and the noise of a small sensor."""
    noise = np.random.default_rng(seed).normal(0.0, 6.0, pixels.shape)
    falloff = np.linspace(0.82, 1.0, pixels.shape[1])
    return np.clip(pixels * falloff + noise, 0, 255).astype(np.uint8)


def _jpeg(pixels: np.ndarray) -> bytes:
    held = io.BytesIO()
    Image.fromarray(pixels).save(held, "JPEG", quality=85)
    return held.getvalue()
