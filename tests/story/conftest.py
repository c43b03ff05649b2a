"""One house a story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.house import House, house


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """Portal and token, just unpacked. No log may show a traceback when the story is over."""
    with house(tmp_path) as lived_in:
        yield lived_in
        assert "Traceback" not in lived_in.log()
