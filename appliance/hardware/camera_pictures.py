"""A camera that shows pictures from files, one after another, as if each were a frame. For tests and trials."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Self

import numpy as np
from PIL import Image, UnidentifiedImageError

from appliance.hardware.camera import CameraMissing, Frame

_KINDS = {".png", ".jpg", ".jpeg", ".webp"}


class PictureCamera:
    """The pictures of a folder in the order of their names, or of a list as it stands."""

    def __init__(self, pictures: Path | Iterable[Path], now: Callable[[], float]) -> None:
        self._pictures = pictures
        self._now = now
        self._open = False

    def __enter__(self) -> Self:
        if isinstance(self._pictures, Path) and not self._pictures.is_dir():
            raise CameraMissing
        self._open = True
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False

    def frames(self) -> Iterator[Frame]:
        """Each picture once. Raises CameraMissing for a file that is none, or when it is closed."""
        for path in self._paths():
            if not self._open:
                raise CameraMissing
            try:
                with Image.open(path) as picture:
                    grey = np.asarray(picture.convert("L"), dtype=np.uint8)
            except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as broken:
                raise CameraMissing from broken
            yield Frame(grey, self._now())

    def _paths(self) -> Iterable[Path]:
        if not isinstance(self._pictures, Path):
            return self._pictures
        return sorted(path for path in self._pictures.iterdir() if path.suffix.lower() in _KINDS)
