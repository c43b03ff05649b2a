"""The pictures of the scanner's bench and their texts: a corpus when there is one, else scenes drawn here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from appliance.scanner.images import picture_at
from appliance.scanner.reading import Grey
from tests.scanner.scenes import SCENES, empty

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "qr-corpus"
CORPUS = "DESK_TOKEN_CORPUS"
PHOTOS, DRAWN, NO_CODE = "real", "synthetic", "none"


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture and the texts that count; none known means that any text does."""

    kind: str
    grey: Grey = field(repr=False)
    texts: tuple[str, ...] | None
    empty: bool = False

    def hit(self, texts: Iterable[str]) -> bool:
        found = {_plain(text) for text in texts}
        return bool(found) if self.texts is None else bool(found & set(self.texts))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def samples() -> list[Sample]:
    """The corpus when there is one, else scenes drawn here."""
    folder = Path(os.environ.get(CORPUS, BESIDE))
    kinds = [kind for kind in (PHOTOS, DRAWN) if (folder / kind / "manifest.json").is_file()]
    if kinds:
        return [sample for kind in kinds for sample in _of(folder / kind, kind)]
    drawn = [
        Sample(DRAWN, scene.frame(seed), (scene.text,)) for scene in SCENES for seed in range(6)
    ]
    return drawn + [Sample(NO_CODE, empty(np.random.default_rng(n)), None, True) for n in range(8)]


def _of(folder: Path, kind: str) -> Iterator[Sample]:
    for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        grey = picture_at(folder / entry["file"])
        if entry["category"] == NO_CODE:
            yield Sample(NO_CODE, grey, None, empty=True)
            continue
        known = entry.get("expected_any", [entry["expected"]] if "expected" in entry else None)
        yield Sample(kind, grey, tuple(_plain(text) for text in known) if known else None)
