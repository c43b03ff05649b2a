"""The real processes: the scanner on its socket, and the command on pictures."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from appliance.core.troubles import Trouble
from appliance.hardware.simulated.server import WorldServer
from appliance.hardware.simulated.world import World
from appliance.wire.framing import Line
from appliance.wire.scan import Answer, Failed, Found, Look, Seen
from tests.hardware.bodies import soon
from tests.scanner.scenes import LINK, modules, paper

CODE = paper(modules(LINK))


def scanner(theirs: socket.socket, run: Path) -> subprocess.Popen[bytes]:
    words = ("-m", "appliance.scanner", "--run", str(run), "--hardware", "simulated")
    with theirs:
        return subprocess.Popen(
            (sys.executable, *words), stdin=theirs, stdout=theirs, stderr=subprocess.PIPE
        )


def ended(process: subprocess.Popen[bytes]) -> tuple[int, bytes]:
    _, said = process.communicate(timeout=20)
    return process.returncode, said


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "appliance.scanner.command", *words),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_without_a_world_the_camera_is_missing(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    process = scanner(theirs, tmp_path)
    line = Line(ours)
    line.send(Look(10))
    assert line.receive(Answer) == Failed(Trouble.NO_CAMERA.value)
    assert ended(process) == (0, b"")
    ours.close()


def test_started_by_hand_it_says_so_and_ends() -> None:
    words = (sys.executable, "-m", "appliance.scanner")
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"socket" in done.stderr
    assert done.stdout == b""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world with a code before its camera."""
    there = World(time.monotonic)
    server = WorldServer(tmp_path, there)
    there.hold_before_camera(640, 480, CODE.tobytes())
    yield there
    server.close()


def test_what_is_held_before_the_camera_is_read(world: World, tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    process = scanner(theirs, tmp_path)
    line = Line(ours)
    line.send(Look(20))
    while isinstance(answer := line.receive(Answer), Seen):
        continue
    assert answer == Found(LINK)
    assert ended(process) == (0, b"")
    assert soon(lambda: world.now.cameras == 0)
    ours.close()


def test_a_scanner_whose_peer_hangs_up_is_gone_at_once(world: World, tmp_path: Path) -> None:
    world.darken_camera()
    ours, theirs = socket.socketpair()
    process = scanner(theirs, tmp_path)
    line = Line(ours)
    line.send(Look(60))
    assert isinstance(line.receive(Answer), Seen)
    ours.shutdown(socket.SHUT_RDWR)
    began = time.monotonic()
    assert ended(process) == (0, b"")
    # a tenth of it on an idle machine, with the interpreter's end
    assert time.monotonic() - began < 1.0
    ours.close()


def test_a_picture_is_one_json_line(tmp_path: Path) -> None:
    Image.fromarray(CODE).save(tmp_path / "code.png")
    Image.fromarray(paper(modules("Müller 漢字"))).save(tmp_path / "label.webp")
    names = [str(tmp_path / "code.png"), str(tmp_path / "label.webp")]
    done = command("--json", *names)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in lines] == names
    assert [line["text"] for line in lines] == [LINK, "Müller 漢字"]
    assert all(line.keys() == {"file", "text", "ms"} and line["ms"] > 0 for line in lines)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_broken_or_missing_picture_is_a_null_line_and_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnot really")
    Image.fromarray(np.full((50, 50), 200, dtype=np.uint8)).save(tmp_path / "empty.png")
    names = [str(tmp_path / name) for name in ("broken.png", "absent.jpg", "empty.png")]
    done = command("--json", *names)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["file"], line["text"]) for line in lines] == [(name, None) for name in names]
    assert done.stderr.count("This is not a PNG, JPEG or WebP picture") == 2
    assert "Traceback" not in done.stderr
    assert done.returncode == 0
