"""A served bench for each test."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.bench.bench import Bench, bench


@pytest.fixture
def run() -> Iterator[Path]:
    """A run directory with a name short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="dt-") as folder:
        yield Path(folder)


@pytest.fixture
def desk(run: Path) -> Iterator[Bench]:
    """A bench with one button, in English."""
    with bench(run) as made:
        yield made
