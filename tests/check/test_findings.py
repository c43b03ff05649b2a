"""One thing wrong at a time: the check names it, says the cure in both languages, and ends with 1 when it is bad."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.check.__main__ import language_of, report
from appliance.check.finding import Finding, Verdict
from appliance.check.rules import findings
from appliance.check.world import Disk, Token
from appliance.core.clock_trust import Trust
from appliance.core.errors import HardwareMissing
from appliance.core.screen import text
from appliance.hardware.camera import CameraBusy, CameraMissing
from appliance.wire.config_file import ConfigTrouble
from tests.check.device import DEVICES, DRIVERS, GPIO, Device

WHOLE = Device()
NO = text("this is missing")
SPI = Device(board="waveshare-oled-1in3")
PINS, BUS, SPI_BUS = (frozenset({Path(f"/dev/{n}")}) for n in ("gpiochip0", "i2c-1", "spidev0.0"))
WRONG = {
    "a refused configuration": (
        WHOLE.but(refused=ConfigTrouble("desk-token.toml", NO, 12, "keys.ok")),
        "The configuration is refused: desk-token.toml, line 12: keys.ok: this is missing",
    ),
    "a missing group": (
        WHOLE.but(groups=(replace(GPIO, is_member=False),)),
        "The user desk-token is not in the group gpio",
    ),
    "a missing user": (
        WHOLE.but(groups=(replace(GPIO, is_user=False, is_member=False),)),
        "The user desk-token does not exist",
    ),
    "no pins": (WHOLE.but(devices=DEVICES - PINS), "There are no pins"),
    "no driver of pins": (WHOLE.but(drivers=DRIVERS - {"lgpio"}), "The driver of the pins is missing"),
    "no I2C bus": (WHOLE.but(devices=DEVICES - BUS), "There is no bus i2c-1"),
    "a bus that cannot be opened": (
        WHOLE.but(answers=HardwareMissing("no")),
        "There is no bus i2c-1",
    ),
    "a silent panel": (WHOLE.but(answers=None), "No panel answers at 0x3c"),
    "a panel at the other address": (WHOLE.but(answers=0x3D), "answers at 0x3d, not at 0x3c"),
    "no SPI bus": (SPI.but(devices=DEVICES - SPI_BUS), "There is no bus spidev0.0"),
    "no driver of SPI": (SPI.but(drivers=DRIVERS - {"spidev"}), "The driver of the bus is missing"),
    "no camera": (WHOLE.but(camera=CameraMissing()), "No camera gives a picture"),
    "no folder": (WHOLE.but(space=None), "The folder of the records is not there"),
    "a read-only disk": (
        WHOLE.but(space=Disk(1 << 30, read_only=True)),
        "The disk is read-only: /var/lib/desk-token",
    ),
    "a full disk": (WHOLE.but(space=Disk(4096, read_only=False)), "The disk is full"),
    "an unknown clock": (
        WHOLE.but(says=Token({}, Trust.UNKNOWN)),
        "The clock is unknown",
    ),
    "a failed unit": (WHOLE.but(broken=("desk-token-courier.service",)), "courier.service has failed"),
    "a token that is not there": (WHOLE.but(says=None), "The token does not answer"),
    "records that do not open": (
        WHOLE.but(says=Token({"storage": "bad"}, Trust.SYNCED)),
        "The running token cannot open its records",
    ),
}  # fmt: skip
HINTS = {
    "a camera in use": (WHOLE.but(camera=CameraBusy()), "The camera is in use"),
    "a key in a file": (WHOLE.but(level="plain file"), "lies in a plain file"),
    "a panel with a twin": (WHOLE, "SH1106 are sold as SSD1306"),
}


def found(device: Device, verdict: Verdict) -> list[Finding]:
    return [finding for finding in findings(device) if finding.verdict is verdict]


@pytest.mark.parametrize("board", [WHOLE, SPI], ids=["i2c", "spi"])
def test_a_whole_device_has_nothing_bad_and_ends_with_0(
    board: Device, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found(board, Verdict.BAD) == []
    assert report(board, "nl", as_json=False) == 0
    assert "goed " in capsys.readouterr().out


@pytest.mark.parametrize(("device", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_with_its_cure_and_ends_with_1(
    device: Device, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (finding,) = found(device, Verdict.BAD)
    assert said in finding.spoken("en").said
    assert finding.cure
    assert report(device, "en", as_json=False) == 1
    assert finding.spoken("en").cure in capsys.readouterr().out


@pytest.mark.parametrize(("device", "said"), HINTS.values(), ids=HINTS)
def test_what_only_deserves_a_look_is_a_hint_and_ends_with_0(device: Device, said: str) -> None:
    assert any(said in finding.spoken("en").said for finding in found(device, Verdict.HINT))
    assert report(device, "en", as_json=True) == 0


@pytest.mark.parametrize("device", [row[0] for row in (*WRONG.values(), *HINTS.values())])
def test_every_sentence_is_dutch_for_a_dutch_technician(device: Device) -> None:
    for finding in findings(device):
        dutch, english = finding.spoken("nl"), finding.spoken("en")
        assert dutch.said != english.said
        assert "{" not in dutch.said + dutch.cure
        assert bool(dutch.cure) == bool(english.cure)


def test_what_a_configuration_lacks_is_said_in_dutch_to_the_last_word() -> None:
    refused = ConfigTrouble("desk-token.toml", NO, 12, "keys.ok")
    (finding,) = found(WHOLE.but(refused=refused), Verdict.BAD)
    said = "De configuratie is geweigerd: desk-token.toml, regel 12: keys.ok: dit ontbreekt"
    assert finding.spoken("nl").said == said


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ('language = "en"\nzoom = 2\n', "en"),
        ('language = "nl"\nzoom = 2\n', "nl"),
        ('language = "en"\n[camera\n', "en"),
        ('language = "fr"\n', "nl"),
        ("", "nl"),
    ],
)
def test_of_a_refused_configuration_the_language_at_least_is_believed(
    tmp_path: Path, words: str, language: str
) -> None:
    file = tmp_path / "desk-token.toml"
    file.write_text(words)
    assert language_of(file) == language
    assert language_of(tmp_path / "none.toml") == "nl"


def test_scripts_read_one_record_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    report(WHOLE.but(answers=0x3D), "en", as_json=True)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["part"] for row in rows} >= {"configuration", "panel", "storage", "clock"}
    (bad,) = (row for row in rows if row["verdict"] == "bad")
    assert (
        bad["cure"]
        == "Write i2c_address = 0x3d under [hardware.display] in /etc/desk-token/desk-token.toml"
    )


def test_hardware_is_not_judged_by_a_configuration_that_is_refused() -> None:
    device = WHOLE.but(
        refused=ConfigTrouble("desk-token.toml", NO), answers=None, camera=CameraMissing()
    )
    assert {finding.part for finding in findings(device)}.isdisjoint({"panel", "camera"})


def test_without_a_driver_for_the_pis_camera_the_cure_is_to_install_it() -> None:
    device = WHOLE.but(camera=CameraMissing(), drivers=DRIVERS - {"picamera2"})
    (finding,) = found(device, Verdict.BAD)
    assert "python3-picamera2" in finding.spoken("en").cure


def test_the_clock_of_a_token_that_does_not_run_is_judged_as_at_its_start() -> None:
    said = {
        finding.spoken("en").said for finding in findings(WHOLE.but(says=None, clock=Trust.UNKNOWN))
    }
    assert "The clock is unknown, so no code is shown" in said
