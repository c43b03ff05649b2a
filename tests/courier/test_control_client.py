"""The calling end of the control socket: deadlines, refusals and an authenticator that comes back."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Never

import msgspec
import pytest

from appliance.core.errors import PeerTrouble, Refused
from appliance.wire.asking import AskReset, Identify, Identity, TryPin
from appliance.wire.call import Done
from appliance.wire.client import ControlClient, Declined
from tests.courier.control_double import ControlDouble


def identity(_ask: msgspec.Struct) -> Identity:
    return Identity("dt-1", "0.1")


def test_a_call_gets_its_typed_reply_and_the_connection_is_used_again(tmp_path: Path) -> None:
    desk = ControlDouble(tmp_path / "s", "console", {"Identify": identity})
    client = ControlClient(tmp_path / "s", "console")
    assert client.call(Identify(), Identity) == client.call(Identify(), Identity)
    assert len(desk._open) == 1
    client.close()
    desk.close()


def test_an_authenticator_that_was_started_again_is_found_again(tmp_path: Path) -> None:
    desk = ControlDouble(tmp_path / "s", "console", {"Identify": identity})
    client = ControlClient(tmp_path / "s", "console")
    client.call(Identify(), Identity)
    desk.close()
    with pytest.raises(PeerTrouble):
        client.call(Identify(), Identity)
    again = ControlDouble(tmp_path / "s", "console", {"Identify": identity})
    assert client.call(Identify(), Identity).serial == "dt-1"
    client.close()
    again.close()


def test_a_refusal_carries_its_sentence_and_keeps_the_line(tmp_path: Path) -> None:
    def no(_ask: msgspec.Struct) -> Never:
        raise Refused("Not now")

    desk = ControlDouble(tmp_path / "s", "console", {"AskReset": no, "Identify": identity})
    client = ControlClient(tmp_path / "s", "console")
    with pytest.raises(Declined, match="Not now"):
        client.call(AskReset(), Done)
    assert client.call(Identify(), Identity).serial == "dt-1"
    client.close()
    desk.close()


def test_every_call_has_a_deadline(tmp_path: Path) -> None:
    never = Event()

    def slow(_ask: msgspec.Struct) -> Done:
        never.wait(20)
        return Done()

    desk = ControlDouble(tmp_path / "s", "console", {"AskReset": slow})
    client = ControlClient(tmp_path / "s", "console", deadline=0.1)
    with pytest.raises(PeerTrouble):
        client.call(AskReset(), Done)
    never.set()
    desk.close()


def test_a_role_cannot_ask_what_is_not_in_its_row(tmp_path: Path) -> None:
    client = ControlClient(tmp_path / "s", "console")
    with pytest.raises(PeerTrouble, match="may not ask"):
        client.call(TryPin("12345678"), Done)
