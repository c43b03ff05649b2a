"""What a decoder says of a picture: a text, or the place of a code it could not read. Records only."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Corners = tuple[tuple[float, float], ...]  # top left of the symbol first, then clockwise; pixels


@dataclass(frozen=True, slots=True)
class Reading:
    """One text, and the rung that read it. The text is untrusted and never printed."""

    text: str = field(repr=False)
    rung: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A code whose place and version are known and whose text is not."""

    version: int
    corners: Corners

    def moved(self, scale: float, left: float, top: float) -> Suspect:
        """The same suspect in the picture from which this part was cut and scaled."""
        corners = tuple((x / scale + left, y / scale + top) for x, y in self.corners)
        return Suspect(self.version, corners)

    def near(self, other: Suspect) -> bool:
        """Whether both name the same symbol, to within a small part of its size."""
        slack = 0.05 * size(self.corners)
        return self.version == other.version and all(
            abs(a - c) <= slack and abs(b - d) <= slack
            for (a, b), (c, d) in zip(self.corners, other.corners, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Look:
    """One pass of a decoder over one picture."""

    texts: tuple[str, ...] = field(repr=False, default=())
    suspects: tuple[Suspect, ...] = ()


def size(corners: Corners) -> float:
    """The longer side of the box around these corners, in pixels."""
    across = [x for x, _ in corners]
    down = [y for _, y in corners]
    return max(max(across) - min(across), max(down) - min(down))
