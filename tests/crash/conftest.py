"""The laboratory of power cuts for one test, and nothing of it left behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crash.laboratory import Laboratory


@pytest.fixture
def lab() -> Iterator[Laboratory]:
    laboratory = Laboratory()
    yield laboratory
    laboratory.close()
