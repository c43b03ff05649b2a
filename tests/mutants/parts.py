"""What is broken on purpose, and which tests must notice: the parts that issue and README name.

The few long random lives are left out: they would notice more, and make every single mutant take half a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LONG = "(random_life or however_long or digits_of_the_time_are_shown or word_fits)"
VAULT = (
    "test_vault or test_key or (test_power_cuts and (reset or start) and not control)"
    " or (test_faults and reset and EIO)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """Source files, and what pytest is asked to run for each of their mutants."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


def _all_of(folder: str, form: str) -> tuple[str, ...]:
    return tuple(str(path) for path in sorted(Path(folder).glob(form)))


PARTS = {
    "step": Part(
        ("appliance/core/desk.py", *_all_of("appliance/core/flows", "*.py")),
        ("tests/core", "tests/frames/test_views.py", "-k", f"not {LONG}"),
    ),
    "vault": Part(
        _all_of("appliance/authenticator", "vault*.py"),
        (
            *_all_of("tests/authenticator", "test_vault*.py"),
            "tests/crash/test_power_cuts.py",
            "tests/crash/test_faults.py",
            "-k",
            VAULT,
        ),
    ),
    "clock_trust": Part(
        ("appliance/core/clock_trust.py",),
        (
            "tests/core/test_clock_trust.py",
            "tests/hardware/test_clock_trust.py",
            "-k",
            f"not {LONG}",
        ),
    ),
    "one_time_codes": Part(
        ("appliance/credentials/one_time_codes.py",),
        ("tests/credentials/test_one_time_codes.py",),
    ),
}
