"""A software TPM, and a stand-in for the Pi's firmware that computes as the board would."""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from appliance.authenticator.guards.guard import SILENT, Run
from appliance.core.errors import StorageTrouble


class SoftwareTpm:
    """Debian's swtpm on a pair of sockets, and tpm2-tools pointed at it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "memory").mkdir(exist_ok=True)
        self.start()

    def start(self) -> None:
        line = self.folder / "t"
        self._chip = subprocess.Popen(
            [
                "swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self.folder / 'memory'}",
                "--server", f"type=unixio,path={line}", "--ctrl", f"type=unixio,path={line}.ctrl",
                "--flags", "not-need-init,startup-clear",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def run(self, command: Sequence[str], given: bytes) -> bytes:
        """The tools, with this chip; a chip that has just started may not listen yet."""
        line = self.folder / "t"
        tools = os.environ | {"TPM2TOOLS_TCTI": f"swtpm:path={line}", "TSS2_LOG": "all+none"}
        while self._chip.poll() is None and not (self.folder / "t.ctrl").exists():
            os.sched_yield()
        done = subprocess.run(command, input=given, capture_output=True, env=tools, check=False)
        if done.returncode:
            raise StorageTrouble(SILENT)
        return done.stdout

    def stop(self) -> None:
        self._chip.terminate()
        self._chip.wait(10)
        for name in ("t", "t.ctrl"):
            (self.folder / name).unlink(missing_ok=True)


@pytest.fixture
def tpm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftwareTpm]:
    if shutil.which("swtpm") is None or shutil.which("tpm2_nvdefine") is None:
        pytest.fail("swtpm and tpm2-tools are missing; config/setup installs them")
    chip = SoftwareTpm(tmp_path_factory.mktemp("tpm"))
    yield chip
    chip.stop()


def board(key: bytes) -> Run:
    """`rpi-fw-crypto` of a board with this one-time-programmable key."""

    def run(command: Sequence[str], _: bytes) -> bytes:
        match command:
            case ("rpi-fw-crypto", "get-key-status", "1"):
                return b"DEVICE LOCKED\n" if key else b"\n"
            case ("rpi-fw-crypto", "hmac", "--in", asked, "--key-id", "1", "--out", told) if key:
                Path(told).write_bytes(hmac.digest(key, Path(asked).read_bytes(), hashlib.sha256))
                return b""
        raise StorageTrouble(SILENT)

    return run


def machine(key: bytes) -> Run:
    """`systemd-creds` of a machine with this host key, as root sees it: sealed by name, opened by that name alone."""

    def run(command: Sequence[str], given: bytes) -> bytes:
        match command:
            case ("systemd-creds", "encrypt", name, "-", "-"):
                nonce = os.urandom(12)
                return nonce + AESGCM(key).encrypt(nonce, given, name.encode())
            case ("systemd-creds", "decrypt", name, "-", "-"):
                with suppress(InvalidTag):
                    return AESGCM(key).decrypt(given[:12], given[12:], name.encode())
        raise StorageTrouble(SILENT)

    return run


@pytest.fixture
def boards() -> Callable[[bytes], Run]:
    return board
