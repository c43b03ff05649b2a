"""A person at the authenticator, whose folder is this test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.authenticator.scripted import Person


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    """Somebody with a new token; a file that needs one who has done something already overrides this."""
    person = Person(tmp_path)
    yield person
    person.stop()
    person.booth.close()
