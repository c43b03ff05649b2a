"""The firmware's settings on a FAT partition: one block of ours, whatever else stands there."""

from __future__ import annotations

import subprocess
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[3] / "config" / "debian" / "boot-settings"
THEIRS = "# somebody's own line\ndtparam=audio=on\n"
WORDS = "console=serial0,115200 console=tty1 root=PARTUUID=1 rootwait\n"


def apply(folder: Path) -> str:
    command = ["sh", str(SCRIPT), "apply", str(folder / "config.txt"), str(folder / "cmdline.txt")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def boot(folder: Path) -> Path:
    (folder / "config.txt").write_text(THEIRS)
    (folder / "cmdline.txt").write_text(WORDS)
    return folder


def test_the_panel_gets_its_bus_at_full_pace_and_other_lines_stay(tmp_path: Path) -> None:
    apply(boot(tmp_path))
    text = (tmp_path / "config.txt").read_text()
    assert text.startswith(THEIRS)
    for line in ("dtparam=i2c_arm=on,i2c_arm_baudrate=400000", "dtparam=spi=on"):
        assert f"\n{line}\n" in text


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    said = apply(boot(tmp_path))
    once = (tmp_path / "config.txt").read_bytes()
    assert "count from the next start" in said
    assert apply(tmp_path) == ""
    assert (tmp_path / "config.txt").read_bytes() == once


def test_an_old_block_of_ours_is_replaced_not_repeated(tmp_path: Path) -> None:
    apply(boot(tmp_path))
    text = (tmp_path / "config.txt").read_text()
    (tmp_path / "config.txt").write_text(text.replace("400000", "100000") + "# a later line\n")
    apply(tmp_path)
    settled = (tmp_path / "config.txt").read_text()
    assert settled.count("# >>> desk-token") == 1
    assert "100000" not in settled
    assert "# a later line" in settled


def test_nobody_is_asked_to_log_in_on_the_serial_pins(tmp_path: Path) -> None:
    apply(boot(tmp_path))
    assert (tmp_path / "cmdline.txt").read_text() == "console=tty1 root=PARTUUID=1 rootwait\n"


def test_a_board_without_kernel_words_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "config.txt").write_text(THEIRS)
    apply(tmp_path)
    assert not (tmp_path / "cmdline.txt").exists()
