"""A scripted person at a whole authenticator: real loop, real sockets, real vault; only glass, keys and clock are ours.

Nobody sleeps here: every press is followed by a call that comes back once the loop has taken it, and screens are
waited for by their title.
"""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

from appliance.authenticator.assembly import House, Options, build
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.loop import Stop
from appliance.core.errors import PeerTrouble
from appliance.hardware.ports import Edge, Parts
from appliance.wire.asking import Admitted, Status, StatusReply, TryPin
from appliance.wire.call import Done
from appliance.wire.carrying import Deliver, ErrandList, NextErrand, Taken
from appliance.wire.client import ControlClient
from appliance.wire.framing import Line
from appliance.wire.ipc import CALLS
from appliance.wire.scan import Answer, Failed, Found, Look, Picture
from tests.authenticator.fakes import CalledButtons, ScreenPanel, SetClock, Signals, WordsPainter
from tests.authenticator.portal import CODE, Portal

PATIENCE = 10.0


class Booth:
    """A scanner that answers at once with what a test put before its camera."""

    def __init__(self, path: Path) -> None:
        self.answer: Answer = Failed("nothing-found")
        self.asked: list[Look | Picture] = []
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._door.bind(str(path))
        self._door.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._door.accept()
            except OSError:
                return
            with connection:
                try:
                    line = Line(connection, 12 * 1024 * 1024)
                    asked: Look | Picture | None = line.receive(Look | Picture)
                    if asked is not None:
                        self.asked.append(asked)
                        line.send(self.answer)
                except PeerTrouble:
                    continue

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()


class Person:
    """One device with somebody at it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.portal = Portal()
        self.clock, self.panel = SetClock(), ScreenPanel()
        self.buttons, self.signals = CalledButtons(), Signals()
        self.booth = Booth(folder / "s.sock")
        self.start()

    def start(self) -> None:
        """Switch it on."""
        me = frozenset({os.getuid()})
        options = Options(
            run=self.folder,
            state=self.folder / "state",
            scanner=self.folder / "s.sock",
            page="http://127.0.0.1:1",
            serial="DT-TEST",
            host="token-37wy",
            users=dict.fromkeys(CALLS, me),
            language="en",
        )
        parts = Parts(self.panel, self.buttons, self.signals, self.signals, self.clock)
        provider = PlainFile(options.state)
        self._thread = threading.Thread(target=self._live, args=(options, parts, provider))
        self._ready = threading.Event()
        self._thread.start()
        self._ready.wait(PATIENCE)
        control = self.folder / "control"
        self.courier = ControlClient(control / "courier.sock", "courier")
        self.page = ControlClient(control / "page.sock", "page")
        self.console = ControlClient(control / "console.sock", "console")

    def _live(self, options: Options, parts: Parts, provider: PlainFile) -> None:
        house: House = build(options, parts, WordsPainter(), provider, lambda: None)
        self.house, self.inbox = house, house.inbox
        self._ready.set()
        house.loop.run()
        house.close()

    def stop(self) -> None:
        """Switch it off."""
        for client in (self.courier, self.page, self.console):
            client.close()
        self.inbox.put(Stop())
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def sync(self) -> None:
        """Come back when the loop has taken everything before this, and ended its turn.

        A call is answered within its turn; the answer to a second one says that the turn is over.
        """
        for _ in range(2):
            self.page.call(TryPin("none"), Admitted)

    def wait(self, seconds: float) -> None:
        """Let the time on the clock pass."""
        self.clock.move(seconds)
        self.sync()

    def press(self, seconds: float) -> None:
        """One press of the main key."""
        self.wait(1.0)
        self._edge(down=True)
        self.wait(0.05)
        self.wait(seconds)
        self._edge(down=False)
        self.wait(0.05)

    def tap(self) -> None:
        self.press(0.1)

    def hold(self) -> None:
        self.press(1.2)

    def _edge(self, *, down: bool) -> None:
        self.buttons.on_edge(Edge("ok", down, self.clock.now().monotonic))

    def sees(self, title: str) -> None:
        """Wait until the panel shows a screen with this title."""
        with self.panel.changed:
            shown = self.panel.changed.wait_for(lambda: self.title == title, PATIENCE)
        assert shown, f"{self.title!r} is on the panel, not {title!r}"

    @property
    def title(self) -> str:
        return self.panel.frames[-1].words.title if self.panel.frames else ""

    @property
    def body(self) -> str:
        return self.panel.frames[-1].words.lines[0]

    @property
    def big(self) -> str:
        """The chosen line of a list, or the digits of a code."""
        return self.panel.frames[-1].words.lines[1]

    def scan(self, answer: Answer) -> None:
        """Hold at home, with this before the camera."""
        self.booth.answer = answer
        self.hold()

    def choose(self, item: str) -> None:
        """Open the menu from home and choose this line of it."""
        self.hold()
        self.sees("Menu")
        for _ in range(16):
            if self.big == item:
                return self.hold()
            self.tap()
        raise AssertionError(f"{item!r} is not in the menu")

    def carry(self) -> None:
        """Carry one errand to the portal and back, as the courier does."""
        errands = self.courier.call(NextErrand(PATIENCE), ErrandList, PATIENCE).errands
        assert errands, "there was nothing to carry"
        self.courier.call(self.portal.carry(errands[0]), Done)

    def deliver(self, letter: str) -> Taken:
        """Bring a letter for the first account."""
        return self.courier.call(Deliver(self.status().accounts[0].id, letter), Taken)

    def dial(self, digits: str) -> None:
        """Dial digits with the one button."""
        for digit in digits:
            for _ in range(int(digit)):
                self.tap()
            self.hold()

    def enrol(self) -> None:
        """Link the portal's account, from the scan to home."""
        self.sees("Desk Token")
        self.scan(Found(self.portal.ticket.link))
        self.carry()
        self.sees("Link this account?")
        self.hold()
        self.carry()
        self.sees("Enter the code")
        self.dial(CODE)
        self.carry()
        self.sees("Link complete")
        self.tap()
        self.sees("j.jansen")

    def link(self, uri: str) -> None:
        """Link a code of another service, from the scan to home."""
        self.scan(Found(uri))
        self.sees("Link this account?")
        self.hold()
        self.sees("Link complete")
        self.tap()

    def status(self) -> StatusReply:
        """What page and console see, once the turn is over that put the last screen on the panel."""
        self.sync()
        return self.console.call(Status(), StatusReply)
