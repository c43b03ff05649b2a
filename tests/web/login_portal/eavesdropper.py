"""Somebody between the portal and its directory: hears what the portal sends, and may change what comes back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Meddling = Callable[[bytes], bytes]
_TLS_RECORD = 0x16


@dataclass
class Ear:
    """What was heard of the portal. `meddle` is given each piece of the directory and says what to pass on."""

    port: int
    target: int
    meddle: Meddling
    connections: int = 0
    heard: bytearray = field(default_factory=bytearray)

    @property
    def in_the_clear(self) -> bytes:
        """Everything that the portal said before its first TLS record."""
        return bytes(self.heard).split(bytes((_TLS_RECORD, 3)))[0]

    def pass_on(self, near: socket.socket) -> None:
        """Join a caller to the directory until one of them hangs up."""
        self.connections += 1
        with near, socket.create_connection(("127.0.0.1", self.target), 5) as far:
            far.settimeout(None)
            back = threading.Thread(target=_pump, args=(far, near, self.meddle), daemon=True)
            back.start()
            _pump(near, far, self._listen)
            back.join()

    def _listen(self, piece: bytes) -> bytes:
        self.heard += piece
        return piece


def unchanged(piece: bytes) -> bytes:
    """No meddling."""
    return piece


@contextmanager
def listening_in(target: int, meddle: Meddling = unchanged) -> Iterator[Ear]:
    """An ear on the line to this port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        ear = Ear(door.getsockname()[1], target, meddle)
        threading.Thread(target=_serve, args=(door, ear), daemon=True).start()
        yield ear
        door.shutdown(socket.SHUT_RDWR)


def _serve(door: socket.socket, ear: Ear) -> None:
    while True:
        try:
            near, _ = door.accept()
        except OSError:
            return
        threading.Thread(target=ear.pass_on, args=(near,), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket, change: Meddling) -> None:
    try:
        while piece := source.recv(65536):
            if changed := change(piece):
                sink.sendall(changed)
    except OSError:
        pass
    for end in (sink, source):
        _hang_up(end)


def _hang_up(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
