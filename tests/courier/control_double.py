"""A second authenticator for the tests: a real socket that answers each method with a function of the record."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Condition, Thread

import msgspec

from appliance.core.errors import PeerTrouble, Refused
from appliance.wire.call import CAP, Call, Reply
from appliance.wire.framing import Line
from appliance.wire.ipc import CALLS

Answers = Mapping[str, Callable[[msgspec.Struct], msgspec.Struct]]


class ControlDouble:
    """Listens on `path` for one role. `heard` is every call so far; `wait_for` waits until one is as wanted."""

    def __init__(self, path: Path, role: str, answers: Answers) -> None:
        self._role, self._answers, self.path = role, dict(answers), path
        self.changed = Condition()
        self.heard: list[msgspec.Struct] = []
        self._open: list[socket.socket] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind(str(path))
        self._listening.listen(16)
        self._accepting = Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def wait_for(
        self, wanted: Callable[[msgspec.Struct], bool], seconds: float = 20.0
    ) -> msgspec.Struct:
        with self.changed:
            assert self.changed.wait_for(lambda: any(map(wanted, self.heard)), seconds), self.heard
            return next(record for record in self.heard if wanted(record))

    def teach(self, method: str, answer: Callable[..., msgspec.Struct]) -> None:
        """Answer this method otherwise from now on."""
        self._answers[method] = answer

    def of(self, kind: type) -> list:
        with self.changed:
            return [record for record in self.heard if isinstance(record, kind)]

    def close(self) -> None:
        """Gone, with every connection; the threads end. A second close is harmless."""
        if self._listening.fileno() < 0:
            return
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        with self.changed:
            self.changed.notify_all()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._open.append(connection)
            Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        line = Line(connection, CAP)
        try:
            while (call := line.receive(Call)) is not None:
                line.send(self._answer(call))
        except PeerTrouble:
            pass
        finally:
            line.close()

    def _answer(self, call: Call) -> Reply:
        record = msgspec.json.decode(call.parameters, type=CALLS[self._role][call.method][0])
        with self.changed:
            self.heard.append(record)
            self.changed.notify_all()
        try:
            return Reply(msgspec.Raw(msgspec.json.encode(self._answers[call.method](record))))
        except Refused as refused:
            return Reply(error=str(refused))
