"""The scanner process: its standard input is the one socket it serves, handed over by systemd or by the bench.

It opens nothing but the camera, writes no file, and whatever goes wrong it says by kind alone, never with data.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import time
from pathlib import Path

from appliance.config import ConfigTrouble, load
from appliance.hardware.camera import Camera
from appliance.hardware.camera_choice import open_camera
from appliance.scanner.session import serve

_CONFIG = Path("/etc/desk-token/desk-token.toml")


def main(words: list[str] | None = None) -> int:
    """Serve one scan; 0 when it ended in order."""
    options = _options().parse_args(words)
    try:
        connection = _handed_over()
    except OSError:
        sys.stderr.write("the scanner is started by its socket, not by hand\n")
        return 2
    try:
        serve(connection, lambda: _camera(options), time.monotonic)
    except Exception as error:
        sys.stderr.write(f"the scan ended early: {type(error).__name__}\n")
        return 1
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="appliance.scanner")
    parser.add_argument("--run", type=Path, default=Path("/run/desk-token"))
    parser.add_argument("--hardware", choices=("board", "simulated"), default="board")
    parser.add_argument("--config", type=Path, default=_CONFIG)
    return parser


def _handed_over() -> socket.socket:
    """The socket on standard input. Descriptors 0 and 1 are pointed elsewhere, so no library can write into it."""
    connection = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return connection


def _camera(options: argparse.Namespace) -> Camera:
    model, size = "auto", (640, 480)
    if options.hardware != "simulated":
        try:
            camera = load(options.config).camera
            model, size = camera.model, camera.size
        except (ConfigTrouble, OSError) as trouble:
            sys.stderr.write(f"the camera's defaults are used: {type(trouble).__name__}\n")
    return open_camera(options.hardware, options.run, model, size)


if __name__ == "__main__":
    sys.exit(main())
