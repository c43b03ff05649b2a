"""Text messages through a GSM modem on a serial port, by AT commands in PDU mode (3GPP TS 27.005 and TS 27.007).

The port is opened for each message and closed after it. What is said before the PDU is complete was surely not sent;
after that, silence means that nobody knows.
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass

import serial

from appliance.core.errors import DeskTokenError, Refused
from web.login_portal.gateways.sender import NotSent, Unsure, say
from web.login_portal.outbox import Message
from web.login_portal.rules.sms_pdu import Pdu, parts

_ESCAPE, _END = b"\x1b", b"\x1a"
_MOST_READ = 8192
_TROUBLES = {
    "10": say("There is no SIM card in the modem"),
    "11": say("The modem's SIM card asks for its PIN"),
    "12": say("The modem's SIM card asks for its PUK"),
    "13": say("The modem's SIM card does not work"),
    "30": say("The modem has no network"),
    "331": say("The modem has no network"),
}
_ERROR = re.compile(rb"\+CM[ES] ERROR: *(\d{1,4})|^ERROR\r?$", re.MULTILINE)
_OK = re.compile(rb"^OK\r?$", re.MULTILINE)
_SENT = re.compile(rb"\+CMGS: *\d+")
_REGISTERED = re.compile(rb"\+CREG: *\d,(1|5)\b")


@dataclass(frozen=True, slots=True)
class Modem:
    """The port and how long to wait, in seconds: for an answer, and for the network to take a message."""

    port: str
    speed: int = 115200
    patience: float = 5.0
    network_patience: float = 60.0

    def send(self, message: Message) -> None:
        """All parts of one message. Raises NotSent or Unsure."""
        try:
            pieces = parts(message.recipient, message.text, secrets.randbelow(256))
        except Refused as refusal:
            raise NotSent(str(refusal)) from refusal
        try:
            with serial.Serial(
                self.port, self.speed, timeout=0.1, write_timeout=self.patience, exclusive=True
            ) as port:
                line = _Line(port, self.patience)
                self._make_ready(line)
                for place, piece in enumerate(pieces):
                    self._hand_over(line, piece, already=place > 0)
        except (OSError, serial.SerialException) as wrong:
            raise NotSent("The modem is not there, or somebody else uses it") from wrong

    def _make_ready(self, line: _Line) -> None:
        """An awake modem, a SIM card that works, a network, PDU mode. Raises NotSent."""
        line.wake()
        line.ask("ATE0")
        line.ask("AT+CMEE=1")
        if b"READY" not in line.ask("AT+CPIN?"):
            raise NotSent("The modem's SIM card asks for its PIN")
        if _REGISTERED.search(line.ask("AT+CREG?")) is None:
            raise NotSent("The modem has no network")
        line.ask("AT+CMGF=0")

    def _hand_over(self, line: _Line, piece: Pdu, *, already: bool) -> None:
        """One part. Raises NotSent; Unsure from the moment on that something may have gone out."""
        try:
            line.prompt(f"AT+CMGS={piece.length}")
        except NotSent as wrong:
            if already:
                raise Unsure("The modem stopped in the middle of a message") from wrong
            raise
        try:
            said = line.reply(piece.text.encode() + _END, self.network_patience)
        except (OSError, serial.SerialException) as wrong:
            raise Unsure("The modem was pulled out while it sent") from wrong
        if said is None or (_SENT.search(said) is None and _ERROR.search(said) is None):
            raise Unsure("The modem does not say whether the message went out")
        if _SENT.search(said) is None:
            if already:
                raise Unsure("The modem stopped in the middle of a message")
            raise NotSent(_trouble(said, say("The network did not take the message")))


@dataclass(frozen=True, slots=True)
class _Line:
    """Commands and replies on an open port."""

    port: serial.Serial
    patience: float

    def wake(self) -> None:
        """Leave whatever the modem was doing. Raises NotSent when it is silent."""
        self.port.write(_ESCAPE + b"\r")
        for _ in range(3):
            self.port.reset_input_buffer()
            if (said := self.reply(b"AT\r", self.patience / 3)) and _OK.search(said):
                return
        raise NotSent("The modem does not answer")

    def ask(self, command: str) -> bytes:
        """The reply to a command that went well. Raises NotSent."""
        said = self.reply(command.encode() + b"\r", self.patience)
        if said is None:
            raise NotSent("The modem does not answer")
        if _OK.search(said) is None:
            raise NotSent(_trouble(said, say("The modem refused a command")))
        return said

    def prompt(self, command: str) -> None:
        """Wait for the sign that the modem takes a PDU. Raises NotSent."""
        said = self._read(command.encode() + b"\r", self.patience, re.compile(rb"> ?$"))
        if said is None or not said.rstrip().endswith(b">"):
            self.port.write(_ESCAPE)
            raise NotSent(_trouble(said or b"", say("The modem does not take a message")))

    def reply(self, sent: bytes, patience: float) -> bytes | None:
        """What came until OK or an error; None when neither came in time."""
        return self._read(sent, patience, _OK)

    def _read(self, sent: bytes, patience: float, end: re.Pattern[bytes]) -> bytes | None:
        self.port.write(sent)
        read, until = b"", time.monotonic() + patience
        while time.monotonic() < until and len(read) < _MOST_READ:
            read += self.port.read(max(1, self.port.in_waiting))
            if end.search(read) or _ERROR.search(read):
                return read
        return None


def _trouble(said: bytes, otherwise: str) -> str:
    found = _ERROR.search(said)
    number = found[1].decode() if found and found[1] else ""
    return _TROUBLES.get(number, otherwise)


def checked(about: Modem) -> Modem:
    """The same, if it can work. Raises DeskTokenError."""
    if not about.port.startswith("/dev/"):
        raise DeskTokenError("[modem] port is a device, as /dev/serial/by-id/…")
    return about
