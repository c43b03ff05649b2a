"""The bench as it is started by hand: the device's real processes, from the first frame to the last breath."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.hardware.bodies import soon


@contextmanager
def running(data: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running bench and its address."""
    command = [sys.executable, "-m", "appliance.command", "bench", "--data", str(data), *words]
    bench = subprocess.Popen([*command, "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert bench.stdout is not None
        said = bench.stdout.readline().split()
        assert said[:2] == ["bench", "ready"], (data / "bench.log").read_text()
        yield bench, said[2]
    finally:
        bench.terminate()
        bench.wait(20)
        bench.stdout.close()


def children(pid: int) -> set[int]:
    """The processes whose parent this is."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[1]) == pid and words[0] != "Z":
            found.add(int(folder.name))
    return found


def alive(pids: set[int]) -> bool:
    return any((Path("/proc") / str(pid)).exists() for pid in pids)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("bench"), "--language", "en") as (_, where):
        yield where


@pytest.fixture
def browser(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
        yield client


def lit(browser: httpx.Client) -> bool:
    return bool(browser.get("/api/screen").json()["lit"])


def shows(browser: httpx.Client, words: str) -> bool:
    return words in " ".join(browser.get("/api/screen").json()["lines"])


def test_ready_means_that_the_panel_shows_something(browser: httpx.Client) -> None:
    assert soon(lambda: lit(browser))
    assert browser.get("/api/screen").json()["language"] == "en"


def test_a_power_cut_darkens_the_panel_and_power_brings_the_device_back(
    browser: httpx.Client,
) -> None:
    browser.post("/api/power", json={"state": "cut"})
    told = browser.get("/api/events?since=-1").json()
    assert set(told["processes"].values()) == {"off"}
    assert not lit(browser)
    browser.post("/api/power", json={"state": "on"})
    assert soon(lambda: lit(browser), 30)


def test_a_hold_turns_the_camera_on_and_it_reads_a_pasted_code(browser: httpx.Client) -> None:
    text = "otpauth://totp/Example:kim?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example"
    browser.post("/api/camera/text", json={"text": text})
    # lit is not ready: "Starting…" is lit too, and a press then only wakes
    assert soon(lambda: shows(browser, "Not linked"), 30)
    browser.post("/api/keys/ok/press")
    assert soon(lambda: shows(browser, "Example"), 30)
    browser.post("/api/keys/ok/release")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_bench(tmp_path: Path, how: signal.Signals) -> None:
    with running(tmp_path) as (bench, _):
        device = children(bench.pid)
        assert len(device) == 4
        os.kill(bench.pid, how)
        bench.wait(20)
        assert soon(lambda: not alive(device))


def test_a_taken_port_is_a_sentence(tmp_path: Path, address: str) -> None:
    port = address.rpartition(":")[2]
    refused = subprocess.run(
        [sys.executable, "-m", "web.bench", "--data", str(tmp_path), "--port", port],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert refused.returncode == 1
    assert f"Port {port} is in use by another program" in refused.stderr
    assert "Traceback" not in refused.stderr
