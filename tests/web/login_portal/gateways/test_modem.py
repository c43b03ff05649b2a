"""The GSM modem: what goes over the line, each way in which it fails, and that nothing is ever sent twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from appliance.core.errors import DeskTokenError
from tests.web.login_portal.gateways.modem_on_a_pty import SimulatedModem, modem
from tests.web.login_portal.gateways.pdu_reader import decoded
from web.login_portal.gateways.modem import Modem, checked
from web.login_portal.gateways.sender import NotSent, Unsure
from web.login_portal.outbox import Message

TEXT = "Uw code om uw Desk Token te koppelen is 123456. Geef hem nooit aan iemand."
MESSAGE = Message(1.0, "+31612345678", TEXT)


@pytest.fixture
def simulated() -> Iterator[SimulatedModem]:
    with modem() as made:
        yield made


def sender(simulated: SimulatedModem) -> Modem:
    return Modem(simulated.port, patience=1.0, network_patience=1.0)


def test_a_message_goes_out_once_and_says_what_it_should(simulated: SimulatedModem) -> None:
    sender(simulated).send(MESSAGE)
    assert decoded(simulated.sent) == ("+31612345678", TEXT)
    assert len(simulated.sent) == 1


@pytest.mark.parametrize(
    "text",
    ["Één ë", "prijs: €5 {[~]}", "x" * 160, "x" * 161, "€" * 100, "ж" * 70, "ж" * 71, "😀" * 80],
    ids=["ucs-2", "extension", "160", "161", "200 septets", "70 ucs-2", "71 ucs-2", "surrogates"],
)
def test_every_sign_arrives(simulated: SimulatedModem, text: str) -> None:
    sender(simulated).send(Message(1.0, "0612345678", text))
    assert decoded(simulated.sent) == ("0612345678", text)


@pytest.mark.parametrize(
    ("command", "said", "reason"),
    [
        ("AT+CPIN?", "\r\n+CME ERROR: 10\r\n", "no SIM card"),
        ("AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", "its PIN"),
        ("AT+CPIN?", "\r\n+CME ERROR: 13\r\n", "does not work"),
        ("AT+CREG?", "\r\n+CREG: 0,2\r\n\r\nOK\r\n", "no network"),
        ("AT+CMGF", "\r\nERROR\r\n", "refused a command"),
        ("AT+CMGS=", "\r\n+CMS ERROR: 331\r\n", "no network"),
        ("AT+CREG?", None, "does not answer"),
        ("PDU", "\r\n+CMS ERROR: 38\r\n", "did not take"),
        ("AT+CPIN?", "\x00\xff garbage \r\n+CPIN: ?", "does not answer"),
    ],
    ids=[
        "no sim",
        "pin",
        "bad sim",
        "searching",
        "refused",
        "no network",
        "silent",
        "cms",
        "garbage",
    ],
)
def test_a_failure_is_named_and_sends_nothing(
    simulated: SimulatedModem, command: str, said: str | None, reason: str
) -> None:
    simulated.says[command] = said
    with pytest.raises(NotSent, match=reason):
        sender(simulated).send(MESSAGE)
    assert len(simulated.sent) == (1 if command == "PDU" else 0)


def test_silence_after_the_message_means_nobody_knows(simulated: SimulatedModem) -> None:
    simulated.says["PDU"] = None
    with pytest.raises(Unsure):
        sender(simulated).send(MESSAGE)
    assert len(simulated.sent) == 1


def test_noise_before_an_answer_does_no_harm(simulated: SimulatedModem) -> None:
    simulated.noise = b"\r\n+CREG: 1\r\nRING\r\n\x00\xfe"
    sender(simulated).send(MESSAGE)
    assert decoded(simulated.sent)[1] == TEXT


def test_a_modem_that_is_not_there_is_said() -> None:
    with pytest.raises(NotSent, match="not there"):
        Modem("/dev/no-such-modem").send(MESSAGE)


@pytest.mark.parametrize("number", ["", "112a", "+", "06-1234;AT", "1" * 16, "+31\r6"])
def test_a_number_that_is_none_reaches_no_modem(simulated: SimulatedModem, number: str) -> None:
    with pytest.raises(NotSent, match="telephone number"):
        sender(simulated).send(Message(1.0, number, TEXT))
    assert simulated.commands == []


def test_a_port_is_a_device() -> None:
    with pytest.raises(DeskTokenError):
        checked(Modem("/etc/passwd"))
