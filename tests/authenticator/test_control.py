"""The control sockets against callers who break every rule, on real sockets."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from appliance.authenticator.control import CAPS, MOST_CONNECTIONS, Control
from appliance.core.errors import PeerTrouble, Refused
from appliance.wire.asking import Identify, Identity, Status, StatusReply
from appliance.wire.call import Call, Done
from appliance.wire.carrying import Assertion, Deliver, Taken
from appliance.wire.client import ControlClient, Declined
from appliance.wire.ipc import CALLS

CANARY = "canary-in-a-call"
ME = frozenset({os.getuid()})


def answer(_role: str, asked: msgspec.Struct) -> msgspec.Struct:
    match asked:
        case Identify():
            return Identity("serial", "1")
        case Deliver(letter="broken"):
            raise RuntimeError(CANARY)
        case Deliver(letter="refused"):
            raise Refused("There is no such account")
        case Deliver():
            return Taken(taken=True)
        case Assertion():
            return Done()
    raise Refused("heard")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    users = {"courier": ME, "console": ME, "page": frozenset({os.getuid() + 1})}
    control = Control(tmp_path, users, answer, time.monotonic, message_seconds=0.5)
    yield tmp_path
    control.close()


def connect(folder: Path, role: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(5)
    connection.connect(str(folder / f"{role}.sock"))
    return connection


def said(folder: Path, role: str, message: bytes) -> bytes:
    """What comes back to these bytes; empty when the line is cut."""
    with connect(folder, role) as connection:
        try:
            connection.sendall(message)
            return connection.recv(65536)
        except (BrokenPipeError, ConnectionResetError):
            return b""


def test_a_call_is_answered_again_and_again_on_one_line(folder: Path) -> None:
    client = ControlClient(folder / "console.sock", "console")
    for _ in range(3):
        assert client.call(Identify(), Identity) == Identity("serial", "1")
    client.close()


def test_the_sockets_are_for_user_and_group_only(folder: Path) -> None:
    for role in CALLS:
        assert (folder / f"{role}.sock").stat().st_mode & 0o777 == 0o660


def test_another_user_is_turned_away_before_a_word(folder: Path) -> None:
    with connect(folder, "page") as connection:
        assert connection.recv(10) == b""


@pytest.mark.parametrize("role", ["courier", "console"])
@pytest.mark.parametrize("method", sorted({name for row in CALLS.values() for name in row}))
def test_a_method_of_another_role_does_not_exist(folder: Path, role: str, method: str) -> None:
    reply = said(folder, role, msgspec.json.encode(Call(method)) + b"\0")
    assert (b"There is no such call" in reply) is (method not in CALLS[role])


@pytest.mark.parametrize(
    "message",
    [
        b"\0",
        b"hello\0",
        b"[]\0",
        b"{}\0",
        b'{"method": 5}\0',
        b'{"method": "Identify"\0',
        b"\xff\xfe\0",
        b"[" * 5000 + b"\0",
    ],
)
def test_what_is_not_a_call_ends_the_line(folder: Path, message: bytes) -> None:
    assert said(folder, "courier", message) == b""


@pytest.mark.parametrize("parameters", ["[]", "{}", '{"link": 1, "letter": "x"}', '{"link": "a"}'])
def test_incomplete_parameters_are_refused_in_words(folder: Path, parameters: str) -> None:
    message = f'{{"method": "Deliver", "parameters": {parameters}}}\0'
    assert b"not complete" in said(folder, "courier", message.encode())


@pytest.mark.parametrize("role", ["courier", "console"])
def test_an_oversized_call_ends_the_line(folder: Path, role: str) -> None:
    call = b'{"method": "Nothing"}\0'
    assert said(folder, role, b" " * (CAPS[role] - 100) + call)
    assert said(folder, role, b" " * (CAPS[role] + 70_000) + call) == b""


def test_half_a_call_is_not_waited_for(folder: Path) -> None:
    assert said(folder, "courier", b'{"method": "Li') == b""


def test_a_line_that_is_cut_in_a_call_harms_nobody(folder: Path) -> None:
    with connect(folder, "courier") as connection:
        connection.sendall(b'{"method": "Deliver", "para')
    client = ControlClient(folder / "courier.sock", "courier")
    assert client.call(Deliver("a", "b"), Taken).taken
    client.close()


def test_no_more_than_eight_lines_a_role(folder: Path) -> None:
    lines = [connect(folder, "courier") for _ in range(MOST_CONNECTIONS)]
    for line in lines:
        line.sendall(b'{"method": "Nothing"}\0')
        assert line.recv(1000)
    with connect(folder, "courier") as ninth:
        assert ninth.recv(10) == b""
    for line in lines:
        line.close()


def test_a_broken_handler_says_internal_and_logs_no_data(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = ControlClient(folder / "courier.sock", "courier")
    with caplog.at_level(logging.DEBUG), pytest.raises(PeerTrouble):
        client.call(Deliver("a", "broken"), Taken)
    assert "RuntimeError" in caplog.text
    assert CANARY not in caplog.text
    client.close()


def test_a_reply_of_another_call_never_leaves(folder: Path) -> None:
    message = b'{"method": "Assertion", "parameters": {"link": "a"}}\0'
    assert said(folder, "courier", message) == b'{"error":"internal"}\0'


def test_a_refusal_comes_back_as_its_sentence(folder: Path) -> None:
    client = ControlClient(folder / "courier.sock", "courier")
    with pytest.raises(Declined, match="There is no such account"):
        client.call(Deliver("a", "refused"), Taken)
    client.close()


def test_no_reply_has_a_place_for_a_secret() -> None:
    fields = {
        name
        for row in CALLS.values()
        for _, reply in row.values()
        for name in reply.__struct_fields__
    }
    assert fields.isdisjoint({"secret", "seed", "key", "code", "digits", "pin", "private", "text"})


def test_status_is_a_call_of_page_and_console() -> None:
    assert CALLS["page"]["Status"] == CALLS["console"]["Status"] == (Status, StatusReply)
