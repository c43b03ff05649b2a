"""`desk-token-tool profiles`: every shipped board is good, and a wrong file is a sentence and an exit of 1."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from firmware_tools.command import main

SHIPPED = Path(__file__).resolve().parents[2] / "config"


def run(*arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["--language", language, "profiles", *arguments])


def test_every_shipped_profile_is_good() -> None:
    result = run("--folder", str(SHIPPED / "profiles"))
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert len(lines) == len(list((SHIPPED / "profiles").glob("*.toml"))) >= 9
    assert all(line.startswith("good") for line in lines)


def test_the_json_lines_carry_the_whole_board() -> None:
    result = run("--folder", str(SHIPPED / "profiles"), "--json")
    boards = {
        Path(row["file"]).stem: row["board"] for row in map(json.loads, result.stdout.splitlines())
    }
    assert boards["waveshare-oled-1in3"]["display"]["driver"] == "sh1106"
    assert boards["waveshare-oled-1in3"]["keys"]["ok"] == 13


@pytest.mark.parametrize("json_flag", [(), ("--json",)], ids=["words", "json"])
def test_a_wrong_configuration_is_a_sentence_and_exit_1(
    tmp_path: Path, json_flag: tuple[str, ...]
) -> None:
    path = tmp_path / "desk-token.toml"
    path.write_text('[hardware]\nprofile = "generic-ssd1306-i2c"\n[hardware.led]\npin = 17\n')
    result = run("--folder", str(SHIPPED / "profiles"), "--config", str(path), *json_flag)
    assert result.exit_code == 1
    assert (
        "desk-token.toml, line 3: hardware.led: GPIO 17 is used twice, also for keys.ok"
        in result.stdout
    )


@pytest.mark.parametrize("json_flag", [(), ("--json",)], ids=["words", "json"])
def test_a_dutch_technician_reads_it_in_dutch(tmp_path: Path, json_flag: tuple[str, ...]) -> None:
    path = tmp_path / "desk-token.toml"
    path.write_text('language = "fr"\n[hardware]\nprofile = "generic-ssd1306-i2c"\n')
    (tmp_path / "mine.toml").write_text('name = "Mine"\n[keys]\nok = 0\n')
    result = run(
        "--folder", str(SHIPPED / "profiles"), "--config", str(path), *json_flag, language="nl"
    )
    assert "desk-token.toml, regel 1: language: kies uit: en, nl" in result.stdout
    result = run("--folder", str(tmp_path), *json_flag, language="nl")
    assert "mine.toml: display: dit ontbreekt" in result.stdout


def test_a_good_configuration_is_said_to_be_good() -> None:
    result = run(
        "--folder", str(SHIPPED / "profiles"), "--config", str(SHIPPED / "desk-token.toml")
    )
    assert result.exit_code == 0
    assert result.stdout.startswith("good")


def test_a_folder_without_profiles_is_an_error(tmp_path: Path) -> None:
    result = run("--folder", str(tmp_path))
    assert result.exit_code == 1
    assert "there are no profiles in this folder" in result.stdout
