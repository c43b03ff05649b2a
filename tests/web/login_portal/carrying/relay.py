"""A network line that the test can cut: a TCP relay that drops its connections, and takes none while it is down."""

from __future__ import annotations

import socket
import threading


class Relay:
    """Listens on `port` and passes everything to `target`, which may be set later."""

    def __init__(self) -> None:
        self.target: tuple[str, int] = ("127.0.0.1", 1)
        self._open: set[socket.socket] = set()
        self._down = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Every connection ends without a goodbye, and no new one comes through."""
        self._down.set()
        for end in tuple(self._open):
            _end(end)

    def mend(self) -> None:
        self._down.clear()

    def close(self) -> None:
        self.cut()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        with near:
            if self._down.is_set():
                return
            try:
                far = socket.create_connection(self.target, 5)
            except OSError:
                return
            with far:
                for end in (near, far):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    end.settimeout(None)
                self._open |= {near, far}
                back = threading.Thread(target=_pump, args=(far, near), daemon=True)
                back.start()
                _pump(near, far)
                back.join()
                self._open -= {near, far}


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
    except OSError:
        pass
    _end(sink)
    _end(source)


def _end(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
