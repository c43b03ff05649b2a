"""A fuzzer that finds nothing may be blind: here it must find defects that were planted for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import engine, mutation, plants, runs
from tests.fuzz.replay import origin
from tests.fuzz.target import Plant, Target
from tests.fuzz.targets import BY_NAME, TARGETS

# these are found in at most so many executions, always in the same order
QUICK = (
    "otpauth",
    "scanned",
    "link",
    "signed",
    "enrolment",
    "grant",
    "framing",
    "name",
    "setting",
    "wifi",
    "export",
    "directory-entry",
)
MOST, ENOUGH = 150_000, 40_000  # a busy machine does enough of them within its patience, too
PATIENCE = 60.0


def found_by_us(
    target: Target, folder: Path, parser: Path | None, most: int = MOST
) -> mutation.Found:
    copy = plants.planted(target, folder) if parser is None else None
    place = str(parser or folder / f"planted_{target.name.replace('-', '_')}.py")
    seeds = [path.read_bytes() for path in sorted(target.seeds.glob("plain*"))]
    words = mutation.words_of(Path(origin(target.parser)).read_text(encoding="utf-8"))
    words += [*mutation.NUMBERS, *mutation.SIGNS]
    return mutation.search(target.load(copy), seeds, words, place, PATIENCE, most)


@pytest.mark.parametrize("name", QUICK)
def test_a_planted_defect_is_found_from_plain_seeds(name: str, tmp_path: Path) -> None:
    assert found_by_us(BY_NAME[name], tmp_path, parser=None).broken is not None


def test_nothing_is_found_where_nothing_was_planted(tmp_path: Path) -> None:
    target = BY_NAME["scanned"]
    found = found_by_us(target, tmp_path, parser=Path(origin(target.parser)), most=ENOUGH)
    assert found.broken is None
    assert found.executions == ENOUGH


def test_the_engine_of_this_machine_finds_a_planted_defect() -> None:
    row = runs.searched(BY_NAME["link"], 15.0, planted=True, engine=engine.available())
    assert row.broken, row.said
    assert row.said == "LawBroken: what was taken does not look like a link"
    assert row.executions > 0


@pytest.mark.parametrize("target", [t for t in TARGETS if t.plant], ids=lambda target: target.name)
def test_every_defect_still_has_its_place_in_the_parser(target: Target, tmp_path: Path) -> None:
    name = plants.copied(target, tmp_path)
    spoiled = (tmp_path / f"{name}.py").read_text(encoding="utf-8")
    assert spoiled != Path(origin(target.parser)).read_text(encoding="utf-8")


def test_a_defect_without_its_one_place_is_said() -> None:
    with pytest.raises(ValueError, match="no single place"):
        plants.spoiled("a a", Plant("a", "b"))
    with pytest.raises(ValueError, match="no single place"):
        plants.spoiled("c", Plant("a", "b"))
