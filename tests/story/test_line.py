"""Two tokens at the provisioning line: plugged, provided, tested, sealed, labelled; with everything that goes wrong."""

from __future__ import annotations

import json
import queue
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from tests.steward.mock_bus import bus, saved, wifi
from tests.story.cable import Cable
from tests.story.house import qr
from tests.tour.hands import Hands
from tests.tour.servers import BIN, serving

PATIENCE = 90.0
PASSPHRASE = "PLANTED-geheime-trein"
PORTAL = "https://login.example.org"
SECURITY = "802-11-wireless-security"
CODE = re.compile(r"DESK-TOKEN-[0-9A-F]{8}")


@dataclass
class Bench:
    """A technician's table: the tool, and the tokens that lie ready. `said` is all that the tool ever said."""

    folder: Path
    buses: list[str]
    tokens: list[Hands]
    said: list[str] = field(default_factory=list)
    open: ExitStack = field(default_factory=ExitStack)

    @property
    def ports(self) -> Path:
        return self.folder / "ports"

    def plug(self, number: int) -> Cable:
        cable = Cable(self.ports, self.folder / f"run{number}")
        self.open.callback(cable.pull)
        return cable

    def sits_down(self, *more: str, count: int = 2) -> Tool:
        given = ("--ssid", "Stationswifi", "--country", "NL", "--portal", PORTAL, "--speaks", "en")
        where = ("--book", str(self.folder / "book"), "--ports", str(self.ports))
        tool = Tool(("line", *where, "--count", str(count), *given, *more), self.said)
        self.open.callback(tool.process.kill)
        return tool

    def book(self) -> list[dict]:
        lines = (self.folder / "book" / "line.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]


class Tool:
    """`desk-token-tool --language nl …`, with somebody who reads and types."""

    def __init__(self, words: tuple[str, ...], said: list[str]) -> None:
        self.process = subprocess.Popen(
            # whoever runs the tests in the background has Ctrl-C ignored, and children would inherit that
            [
                "env",
                "--default-signal=INT",
                str(BIN / "desk-token-tool"),
                "--language",
                "nl",
                *words,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
            env={"DESK_TOKEN_PASSPHRASE": PASSPHRASE, "PYTHONUNBUFFERED": "1", "PATH": "/usr/bin"},
        )
        self._said, self._words = said, queue.Queue[str]()
        self._heard = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def says(self, words: str) -> str:
        """Wait until it says this; gives what it said up to there."""
        until = time.monotonic() + PATIENCE
        while words not in self._heard:
            left = until - time.monotonic()
            assert left > 0, f"waited for {words!r}; it says:\n{''.join(self._said)}"
            try:
                self._heard += self._words.get(timeout=min(left, 1.0))
            except queue.Empty:
                continue
        before, _, self._heard = self._heard.partition(words)
        return before + words

    def types(self, words: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{words}\n")

    def ends(self) -> int:
        code = self.process.wait(PATIENCE)
        self._reader.join(5)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe
            pipe.close()
        return code

    def interrupted(self) -> int:
        """Ctrl-C."""
        self.process.send_signal(2)
        return self.ends()

    def _read(self) -> None:
        assert self.process.stdout
        while letter := self.process.stdout.read(1):
            self._said.append(letter)
            self._words.put(letter)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Two tokens, each with a network manager of its own."""
    (tmp_path / "ports").mkdir()
    with ExitStack() as running:
        hands, buses = [], []
        for number in (1, 2):
            buses.append(running.enter_context(bus(tmp_path / f"bus{number}", "networkmanager")))
            wifi(buses[-1], ("Stationswifi", 80, True))
            place = (
                "--data",
                str(tmp_path / f"t{number}"),
                "--run",
                str(tmp_path / f"run{number}"),
            )
            words = ("bench", *place, "--port", "0", "--system-bus", buses[-1])
            token = running.enter_context(serving(str(BIN / "desk-token"), *words))
            hands.append(Hands(token.url))
            running.callback(hands[-1].close)
        yield Bench(tmp_path, buses, hands, open=running)


def is_tested(tool: Tool, hands: Hands) -> None:
    """The person's part of the self-test."""
    tool.says("gelijke vakjes in een heel kader?")
    hands.sees("Panel test")
    tool.types("j")
    tool.says("Druk elke toets van het token een keer in: ok")
    hands.sees("Key test")
    hands.press()
    tool.says("goed  toetsen")
    hands.release()
    tool.says("Ging het lampje aan?")
    tool.types("ja")
    tool.says("Hoorde u een geluid?")
    tool.types("j")
    tool.says("Houd deze code voor de camera")
    code = CODE.search(tool.says("\n"))
    assert code
    hands.sees("Camera test")
    hands.camera_sees(qr(code[0]))
    tool.says("camera (juist)")


def seals(tool: Tool, hands: Hands) -> None:
    tool.says("houd de knop drie seconden in")
    hands.sees("Seal this token?")
    hands.settle()
    hands.hold()
    hands.sees("Done")


def test_two_tokens_pass_the_line_and_each_gets_its_label(bench: Bench) -> None:
    tool = bench.sits_down()
    for number, hands in enumerate(bench.tokens, 1):
        tool.says(f"Token {number} van 2: steek het in")
        cable = bench.plug(number)
        is_tested(tool, hands)
        seals(tool, hands)
        tool.says("is klaar in")
        tool.says("plak het label erop")
        cable.pull()
    assert tool.ends() == 0
    entries = bench.book()
    assert [entry["done"] for entry in entries] == [True, True]
    assert all(0 < entry["person"] <= entry["seconds"] < 90 for entry in entries)
    for entry in entries:
        label = bench.folder / "book" / "labels" / f"{entry['serial']}.png"
        with Image.open(label) as drawn:
            assert drawn.size == (732, 342)
        assert label.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    for address in bench.buses:
        (network,) = [row for row in saved(address) if SECURITY in row]
        assert network[SECURITY]["psk"][1] == PASSPHRASE
    everything = "".join(bench.said) + (bench.folder / "book" / "line.jsonl").read_text()
    assert PASSPHRASE not in everything


def test_a_cable_pulled_in_the_middle_is_said_so_and_the_token_is_gone_on_with(
    bench: Bench,
) -> None:
    hands, tool = bench.tokens[0], bench.sits_down(count=1)
    cable = bench.plug(1)
    tool.says("gelijke vakjes")
    cable.pull()
    tool.types("j")
    tool.says("Niet klaar: De kabel is losgetrokken")
    assert tool.interrupted() == 130
    again = bench.sits_down(count=1)
    cable = bench.plug(1)
    steps = again.says("gelijke vakjes")
    assert "was   taal" in steps
    assert "was   portaal" in steps
    cable.pull()
    again.types("n")
    again.says("Niet klaar")
    assert again.interrupted() == 130
    last = bench.sits_down(count=1)
    cable = bench.plug(1)
    is_tested(last, hands)
    seals(last, hands)
    last.says("is klaar in")
    assert last.ends() == 0
    cable.pull()
    assert [entry["done"] for entry in bench.book()][-1] is True
    nothing = bench.sits_down(count=1)
    assert nothing.ends() == 0


def test_the_wrong_device_on_the_port_is_told_and_the_line_goes_on(bench: Bench) -> None:
    tool = bench.sits_down("--alone", count=1)
    stranger = Cable(bench.ports, answer=lambda _words: b"raspberrypi login: ")
    tool.says("Niet klaar: Wat op deze poort antwoordt is geen desk token")
    stranger.pull()
    cable = bench.plug(2)
    seals(tool, bench.tokens[1])
    tool.says("is klaar in")
    assert tool.ends() == 0
    cable.pull()
