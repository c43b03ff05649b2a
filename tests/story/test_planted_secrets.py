"""Secrets that are planted in the story are looked for in every log, page, reply and file of the device. None is there.

The hunt itself is tested: the same secrets are found where they were put on purpose.
"""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from pathlib import Path

from appliance.wire.ipc import CALLS
from tests.story.house import PASSWORD, House
from tests.story.technician import Technician

SEED = b"PLANTED-SEED-0123456"
TEXT = base64.b32encode(SEED).decode()


def forms(secret: bytes) -> tuple[bytes, ...]:
    """The ways in which a secret may lie about."""
    return (
        secret,
        secret.hex().encode(),
        base64.b32encode(secret),
        base64.b64encode(secret).rstrip(b"="),
        base64.urlsafe_b64encode(secret).rstrip(b"="),
    )


def hunt(places: dict[str, bytes], secrets: tuple[bytes, ...]) -> list[str]:
    """The places in which one of these lies."""
    return [name for name, content in places.items() if any(one in content for one in secrets)]


def written(folder: Path) -> dict[str, bytes]:
    """Every file that was written."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def replies(run: Path) -> Iterator[tuple[str, bytes]]:
    """What every control socket answers to every call of every role, sensible or not."""
    for role in CALLS:
        for method in (name for row in CALLS.values() for name in row):
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(2.0)
                line.connect(str(run / "control" / f"{role}.sock"))
                yield f"{role}.{method}", _answer(line, method)


def _answer(line: socket.socket, method: str) -> bytes:
    try:
        line.sendall(json.dumps({"method": method, "parameters": {}}).encode() + b"\0")
        return line.recv(65536)
    except (
        TimeoutError,
        BrokenPipeError,
        ConnectionResetError,
    ):  # nothing was said, or the line was cut
        return b""


def run_folder(home: House) -> Path:
    """Where this device's sockets are: the folder that its authenticator was started with."""
    words = (
        Path(f"/proc/{each}/cmdline").read_bytes() for each in _children(home.token.process.pid)
    )
    said = next(line.decode().split("\0") for line in words if b"appliance.authenticator" in line)
    return Path(said[said.index("--run") + 1])


def _children(parent: int) -> list[str]:
    lists = Path(f"/proc/{parent}/task").glob("*/children")
    return [child for each in lists for child in each.read_text().split()]


def test_no_planted_secret_is_found_anywhere(home: House) -> None:
    home.is_linked()
    ticket = home.link_seen.rpartition("#")[2].encode()
    home.hands.hold_for("Menu")
    home.hands.sees("Menu")
    home.hands.nudge_to("▸ Scan QR-code")
    home.camera_reads(f"otpauth://totp/Bank:jan?secret={TEXT}&issuer=Bank")
    home.hands.sees("Account koppelen?", "Bank")
    home.hands.settle()
    home.hands.hold()
    home.hands.sees("Koppeling gereed")
    home.asks()
    number = home.visitor.number()
    home.approves(number)
    home.hands.sees("Goedgekeurd")
    home.hands.sees("Koppeling gereed")
    home.hands.settle()
    home.hands.tap()
    home.hands.sees_a_code()
    secrets = (*forms(SEED), ticket, PASSWORD.encode())
    token = written(home.folder / "token")
    assert hunt(token, secrets) == []
    assert hunt({"logs": home.log().encode()}, secrets) == []
    pages = {
        path: home.hands.get(path) for path in ("/", "/api/screen", "/api/light", "/api/events")
    }
    assert hunt(pages, secrets) == []
    technician = Technician(home, linked=True)
    device_pages = technician.every_page()
    assert len(device_pages) >= 5
    assert hunt(device_pages, secrets) == []
    technician.close()
    answers = dict(replies(run_folder(home)))
    assert len(answers) == len(CALLS) * len({name for row in CALLS.values() for name in row})
    assert hunt(answers, secrets) == []
    portal = written(home.folder / "portal")
    assert hunt(portal, (*forms(SEED), PASSWORD.encode())) == []


def test_the_hunt_finds_what_lies_open(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"scanned {TEXT}")
    (tmp_path / "db").write_bytes(b"\0\1" + SEED)
    assert len(hunt(written(tmp_path), forms(SEED))) == 2
