"""One house a story, and no more than two at a time: a person's hands need a machine that is not too busy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.house import House, house


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the stories on two workers, every other file on the same one."""
    here = Path(__file__).parent
    files = sorted(path.name for path in here.glob("test_*.py"))
    for item in items:
        if item.path.is_relative_to(here):
            group = f"house {files.index(item.path.name) % 2}"
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """Portal and token, just unpacked. No log may show a traceback when the story is over."""
    with house(tmp_path) as lived_in:
        yield lived_in
        assert "Traceback" not in lived_in.log()
