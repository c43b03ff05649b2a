"""The table of settings refuses what does not fit its row, and never repairs it."""

from __future__ import annotations

import pytest

from appliance.core.errors import Refused
from appliance.core.settings import ROWS, Settings, change


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("language", "de"),
        ("sound", "yes"),
        ("hold_time", "0.5"),
        ("hold_time", "2.6"),
        ("hold_time", "nan"),
        ("hold_time", "1_0"),
        ("hold_time", " 1.0"),
        ("hold_time", "1e0"),
        ("brightness", "96.5"),
        ("brightness", "９６"),
        ("brightness", "256"),
        ("nothing", "1"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(key: str, value: str) -> None:
    with pytest.raises(Refused):
        change(Settings(), key, value)


def test_a_value_that_fits_changes_that_setting_only() -> None:
    changed = change(Settings(), "hold_time", "1.5")
    assert changed.hold_time == 1.5
    assert change(changed, "hold_time", "1.0") == Settings()


def test_every_row_has_a_setting_and_every_setting_a_row() -> None:
    assert {row.key for row in ROWS} == set(Settings.__dataclass_fields__)
