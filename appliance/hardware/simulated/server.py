"""The world's side of `world.sock`: one thread a connection, each one a device or a camera.

A peer that is gone, slow or says nonsense loses its connection and nothing else.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path

import msgspec

from appliance.core.errors import PeerTrouble
from appliance.hardware.simulated.protocol import (
    CAP,
    SOCKET,
    Attach,
    Blink,
    FromDevice,
    Glance,
    Say,
    Show,
)
from appliance.hardware.simulated.world import World
from appliance.wire.framing import Line


class WorldServer:
    """Serves a world on `world.sock` in a run directory, until it is closed."""

    def __init__(self, run: Path, world: World) -> None:
        self._world = world
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._open: set[socket.socket] = set()
        self._closed = False
        (run / SOCKET).unlink(missing_ok=True)
        self._listening.bind(str(run / SOCKET))
        self._listening.listen(8)
        threading.Thread(target=self._accept, name="world-door", daemon=True).start()

    def close(self) -> None:
        """Hang up on everybody."""
        self._closed = True
        for connection in (self._listening, *tuple(self._open)):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while not self._closed:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        guest = _Guest(self._world, Line(connection, CAP))
        try:
            guest.stay()
        except PeerTrouble:
            pass
        finally:
            guest.leave()
            self._open.discard(connection)
            connection.close()


class _Guest:
    """One connection: a device that attaches, or a camera that glances."""

    def __init__(self, world: World, line: Line) -> None:
        self._world = world
        self._line = line
        self._sending = threading.Lock()
        self._attached = False
        self._looking = False

    def stay(self) -> None:
        """Answer until the peer hangs up. Raises PeerTrouble for a bad peer."""
        while True:
            message: Attach | Show | Blink | Say | Glance | None = self._line.receive(FromDevice)
            if message is None:
                return
            self._take(message)

    def leave(self) -> None:
        """Forget this peer."""
        if self._attached:
            self._world.detach(self.tell)
        if self._looking:
            self._world.camera_closed()

    def tell(self, message: msgspec.Struct) -> None:
        """Send to this peer; one that is gone is noticed by its own reading thread."""
        with self._sending, contextlib.suppress(PeerTrouble):
            self._line.send(message)

    def _take(self, message: Attach | Show | Blink | Say | Glance) -> None:
        match message:
            case Attach():
                self._attached = True
                self._world.attach(self.tell)
            case Show():
                self._world.show(_whole(message))
            case Blink(pattern):
                self._world.blink(pattern)
            case Say(sound):
                self._world.say(sound)
            case Glance(known):
                self._glance(known)

    def _glance(self, known: int) -> None:
        if not self._looking:
            self._looking = True
            self._world.camera_opened()
        now = self._world.now
        grey = b"" if now.sight.mark == known else now.sight.grey
        plugged = now.parts.camera
        self.tell(msgspec.structs.replace(now.sight, grey=grey, plugged=plugged))


def _whole(untrusted_glass: Show) -> Show:
    """A picture with as many rows and columns as it says. Raises PeerTrouble."""
    stride = -(-untrusted_glass.width // 8)
    sizes = untrusted_glass.width > 0 and untrusted_glass.height > 0
    if not sizes or len(untrusted_glass.bits) != stride * untrusted_glass.height:
        raise PeerTrouble("The other side sent something that is not a message")
    return untrusted_glass
