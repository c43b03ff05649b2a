"""Pictures made easier to read: thresholds that follow the light, sharper edges, other sizes.

Pure functions from grey to grey in Pillow and numpy. Box means are Pillow's running sums, which cost
the same for every width.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from appliance.scanner.reading import Grey

_SPARING = ((4, 20), (2, 4), (1, 0))  # one pixel of so many each way, from this reach on


def _grey(image: Image.Image) -> Grey:
    return np.ascontiguousarray(np.asarray(image, dtype=np.uint8))


def box_mean(grey: Grey, reach: int) -> Grey:
    """The mean over the square that reaches about so many pixels to each side."""
    return _grey(_mean(Image.fromarray(grey), reach))


def _mean(whole: Image.Image, reach: int) -> Image.Image:
    """A wide mean hardly differs from pixel to pixel: it is taken of every second or fourth one."""
    by = next(by for by, least in _SPARING if reach >= least)
    if by == 1:
        return whole.filter(ImageFilter.BoxBlur(reach))
    mean = whole.reduce(by).filter(ImageFilter.BoxBlur(reach / by))
    return mean.resize(whole.size, Image.Resampling.NEAREST)


def local_threshold(grey: Grey, reach: int, below: int) -> Grey:
    """Black where a pixel is more than `below` darker than the mean around it (a negative one may be lighter)."""
    mean = box_mean(grey, reach)
    if below >= 0:
        limit = np.maximum(mean, below) - np.uint8(below)
    else:
        limit = np.minimum(mean, 255 + below) + np.uint8(-below)
    # a bool counts 1, so dark becomes 0 and light wraps to 255
    flat: Grey = (grey < limit).view(np.uint8) - np.uint8(1)
    return flat


def sharpened(grey: Grey, reach: int, amount: int) -> Grey:
    """The picture plus `amount` times what a mean over the square around each pixel takes away."""
    whole = Image.fromarray(grey)
    # a blend beyond its second picture goes on along the line from the first
    return _grey(Image.blend(_mean(whole, reach), whole, amount + 1.0))


def halved(grey: Grey, by: int = 2) -> Grey:
    """Each square of pixels as its mean."""
    return _grey(Image.fromarray(grey).reduce(by))


def resized(grey: Grey, scale: float) -> Grey:
    """Another size: cubic when larger, area means when smaller."""
    height, width = grey.shape
    wanted = max(round(width * scale), 1), max(round(height * scale), 1)
    way = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
    return _grey(Image.fromarray(grey).resize(wanted, way))


def refocused(grey: Grey, radius: float, rounds: int) -> Grey:
    """Richardson and Lucy's deconvolution with the disc that a lens out of focus makes of a point."""
    seen = grey.astype(np.float32) + 1.0
    disc = _disc_spectrum(grey.shape, radius)
    guess = seen
    for _ in range(rounds):
        blurry = np.fft.irfft2(np.fft.rfft2(guess) * disc, s=grey.shape)
        ratio = seen / np.maximum(blurry, 1.0).astype(np.float32)
        guess = guess * np.fft.irfft2(np.fft.rfft2(ratio) * disc, s=grey.shape)
    sharp: Grey = np.clip(guess - 1.0, 0, 255).astype(np.uint8)
    return sharp


def _disc_spectrum(shape: tuple[int, ...], radius: float) -> NDArray[np.complexfloating]:
    rows = np.minimum(np.arange(shape[0]), shape[0] - np.arange(shape[0]))[:, None]
    columns = np.minimum(np.arange(shape[1]), shape[1] - np.arange(shape[1]))[None, :]
    disc = np.clip(radius + 0.5 - np.hypot(rows, columns), 0, 1).astype(np.float32)
    return np.fft.rfft2(disc / disc.sum())
