"""Pictures made easier to read: thresholds that follow the light, sharper edges, other sizes.

Pure functions from grey to grey in Pillow and numpy. Box means are Pillow's running sums, which cost
the same for every width.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from appliance.scanner.reading import Grey

Floats = NDArray[np.float32]
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
    seen = grey.astype(np.float32) + np.float32(1)
    disc = np.fft.rfft2(_disc(grey.shape, radius))
    guess = seen.copy()
    for _ in range(rounds):
        # in place: each of these arrays is as large as the picture four times over
        blurry = _spread(guess, disc)
        np.maximum(blurry, 1, out=blurry)
        np.divide(seen, blurry, out=blurry)
        guess *= _spread(blurry, disc)
    guess -= 1
    sharp: Grey = np.clip(guess, 0, 255, out=guess).astype(np.uint8)
    return sharp


def _spread(light: Floats, disc: NDArray[np.complexfloating]) -> Floats:
    spectrum = np.fft.rfft2(light)
    spectrum *= disc
    spread: Floats = np.fft.irfft2(spectrum, s=light.shape).astype(np.float32)
    return spread


def _disc(shape: tuple[int, ...], radius: float) -> Floats:
    rows, columns = (np.minimum(np.arange(n), n - np.arange(n)) for n in shape)
    reach = np.hypot(rows[:, None], columns[None, :])
    disc: Floats = np.clip(radius + 0.5 - reach, 0, 1).astype(np.float32)
    disc /= disc.sum()
    return disc
