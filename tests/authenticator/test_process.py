"""The real process, started as the service manager starts it: it lives without a panel, and stops in order."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance.wire.asking import Identify, Identity, Status, StatusReply
from appliance.wire.client import ControlClient
from tests.authenticator.test_bad_input import HARMS, left
from tests.hardware.bodies import soon


@contextmanager
def authenticator(
    folder: Path, *words: str, prefix: tuple[str, ...] = ()
) -> Iterator[subprocess.Popen[str]]:
    """The process, once it has said that it is ready; `prefix` is a command that starts it in another way."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.settimeout(30)
        manager.bind(str(folder / "n.sock"))
        arguments = ["--run", str(folder), "--state", str(folder / "state"), *words]
        process = subprocess.Popen(
            [
                *prefix,
                sys.executable,
                "-m",
                "appliance.authenticator",
                "--hardware",
                "simulated",
                *arguments,
            ],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"NOTIFY_SOCKET": str(folder / "n.sock")},
        )
        try:
            assert manager.recv(100) == b"READY=1"
            yield process
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        finally:
            with process:
                process.wait(10)
            (folder / "n.sock").unlink()


def status(folder: Path) -> StatusReply:
    client = ControlClient(folder / "control" / "console.sock", "console")
    try:
        return client.call(Status(), StatusReply)
    finally:
        client.close()


def test_it_starts_answers_and_stops_in_order(tmp_path: Path) -> None:
    with authenticator(tmp_path, "--language", "en", "--keys", "three") as process:
        now = status(tmp_path)
        client = ControlClient(tmp_path / "control" / "console.sock", "console")
        assert client.call(Identify(), Identity).serial == now.serial
        client.close()
        assert (now.settings["language"], now.settings["keys"]) == ("en", "three")
        assert now.storage == "plain file"
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=10)
        assert process.returncode == 0
        assert "stopped" in said


def test_what_was_set_stays_and_the_command_line_wins(tmp_path: Path) -> None:
    with authenticator(tmp_path, "--language", "en"):
        first = status(tmp_path)
    with authenticator(tmp_path):
        again = status(tmp_path)
    with authenticator(tmp_path, "--language", "nl"):
        last = status(tmp_path)
    languages = [now.settings["language"] for now in (first, again, last)]
    assert languages == ["en", "en", "nl"]
    assert first.serial == again.serial == last.serial


def test_it_starts_again_after_a_kill(tmp_path: Path) -> None:
    with authenticator(tmp_path) as process:
        process.kill()
        process.wait(10)
    with authenticator(tmp_path):
        assert status(tmp_path).parts["storage"] == "good"


def test_a_damaged_vault_is_told_and_ends_no_process(tmp_path: Path) -> None:
    with authenticator(tmp_path):
        pass
    vault = tmp_path / "state" / "vault.db"
    vault.write_bytes(b"not a database" * 300)
    with authenticator(tmp_path) as process:
        assert status(tmp_path).parts["storage"] == "bad"
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=10)
    assert "storage not opened" in said
    assert vault.read_bytes() == b"not a database" * 300


def ended_in_order(process: subprocess.Popen[str]) -> str:
    """End it as the service manager does; what it has said."""
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_the_process_lives_on_a_harmed_card_and_leaves_it_for_repair(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    with authenticator(tmp_path):
        pass
    state = tmp_path / "state"
    harm(state)
    before = left(state)
    with authenticator(tmp_path) as process:
        assert status(tmp_path).parts["storage"] == "bad"
        assert "storage not opened" in ended_in_order(process)
    assert left(state) == before


@pytest.mark.parametrize("used", [False, True], ids=["new device", "used device"])
def test_the_process_lives_on_a_disk_that_is_full(tmp_path: Path, *, used: bool) -> None:
    """The kernel lets no file grow by a byte. Records that can be read are read; nothing new is pretended."""
    if used:
        with authenticator(tmp_path, "--language", "en"):
            pass
    with authenticator(tmp_path, prefix=("prlimit", "--fsize=0:0")) as process:
        now = status(tmp_path)
        assert now.parts["storage"] == ("good" if used else "bad")
        assert now.settings["language"] == ("en" if used else "nl")
        ended_in_order(process)


def test_the_process_lives_where_it_may_not_make_its_folder(tmp_path: Path) -> None:
    with authenticator(tmp_path, "--state", "/proc/desk-token") as process:
        assert status(tmp_path).parts["storage"] == "bad"
        ended_in_order(process)


def test_a_process_that_dies_leaves_no_core_image(tmp_path: Path) -> None:
    """What lies in its memory, secrets too, is written nowhere, however generous the machine is with core images."""
    begin = ("prlimit", "--core=unlimited", sys.executable, "-m", "appliance.authenticator")
    words = (*begin, "--hardware", "simulated", "--run", str(tmp_path), "--state", str(tmp_path))
    quiet = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)
    child = os.posix_spawnp(words[0], words, os.environ, file_actions=[quiet])
    assert soon((tmp_path / "control" / "console.sock").exists)
    assert status(tmp_path).parts["storage"] == "good"
    limits = Path(f"/proc/{child}/limits").read_text().splitlines()
    core = next(line.split() for line in limits if line.startswith("Max core file size"))
    assert core[4:6] == ["0", "0"]
    os.kill(child, signal.SIGSEGV)
    _, ended = os.waitpid(child, 0)
    assert os.WTERMSIG(ended) == signal.SIGSEGV
    assert not os.WCOREDUMP(ended)


def test_what_nobody_foresaw_ends_the_process_with_one_line_and_no_data(tmp_path: Path) -> None:
    taken = tmp_path / "control"
    taken.write_text("PLANTED")
    ended = subprocess.run(
        [
            sys.executable, "-m", "appliance.authenticator", "--hardware", "simulated",
            "--run", str(tmp_path), "--state", str(tmp_path / "state"),
        ],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "broke kind=FileExistsError at=" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "PLANTED" not in ended.stderr


def test_a_configuration_that_is_refused_stays_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "desk-token.toml"
    wrong.write_text("nonsense = true\n")
    ended = subprocess.run(
        [sys.executable, "-m", "appliance.authenticator", "--config", str(wrong)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ended.returncode == 78
    assert "desk-token.toml" in ended.stderr
