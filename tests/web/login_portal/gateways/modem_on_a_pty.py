"""A GSM modem on a pseudo-terminal: understands the commands of a real one, keeps what it sent, and fails as told."""

from __future__ import annotations

import os
import pty
import re
import select
import termios
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class SimulatedModem:
    """One modem. `says` replaces the reply to a command that starts with the key; None means silence."""

    port: str
    says: dict[str, str | None] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    noise: bytes = b""

    def reply(self, command: str) -> bytes | None:
        """What the modem answers; the prompt for a message, an echo of rubbish, or nothing."""
        self.commands.append(command)
        known = {
            "AT+CPIN?": "\r\n+CPIN: READY\r\n\r\nOK\r\n",
            "AT+CREG?": "\r\n+CREG: 0,1\r\n\r\nOK\r\n",
            "AT+CMGS=": "\r\n> ",
            "AT": "\r\nOK\r\n",
        }
        for start, said in {**self.says, **known}.items():
            if command.startswith(start):
                told = self.says.get(start, said)
                return None if told is None else self.noise + told.encode()
        return b"\r\nERROR\r\n"

    def taken(self, pdu: str) -> bytes | None:
        """The network's word about a message."""
        self.sent.append(pdu)
        told = self.says.get("PDU", "\r\n+CMGS: 7\r\n\r\nOK\r\n")
        return None if told is None else told.encode()


@contextmanager
def modem() -> Iterator[SimulatedModem]:
    """A modem that listens until the block ends."""
    master, slave = pty.openpty()
    tty.setraw(slave, termios.TCSANOW)
    made, stopping = SimulatedModem(os.ttyname(slave)), threading.Event()
    running = threading.Thread(target=_run, args=[made, master, stopping], daemon=True)
    running.start()
    try:
        yield made
    finally:
        stopping.set()
        running.join(10)
        os.close(master)
        os.close(slave)


def _run(made: SimulatedModem, master: int, stopping: threading.Event) -> None:
    held = b""
    while not stopping.is_set():
        if not select.select([master], [], [], 0.05)[0]:
            continue
        held += os.read(master, 4096)
        held = held.rpartition(b"\x1b")[2]
        while found := re.match(rb"([^\r\x1a]*)([\r\x1a])", held):
            held = held[found.end() :]
            words = found[1].decode("ascii", "replace").strip()
            if words:
                said = made.taken(words) if found[2] == b"\x1a" else made.reply(words)
                os.write(master, said or b"")
