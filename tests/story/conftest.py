"""One house a story, and one house at a time: a person's hands need a machine that is not busy with another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.house import House, house


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep every story on one worker."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.xdist_group("house"))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """Portal and token, just unpacked. No log may show a traceback when the story is over."""
    with house(tmp_path) as lived_in:
        yield lived_in
        assert "Traceback" not in lived_in.log()
