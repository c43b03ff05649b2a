"""The small parts: glass with its back-off, link states, the board, the scanner's numbers, the serial number."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from appliance.authenticator.board import Board, listed
from appliance.authenticator.glass import Glass
from appliance.authenticator.link_states import LinkStates
from appliance.authenticator.scanning import Aim, ScanNews, Scanning, frame_of, trouble_of
from appliance.authenticator.serial_number import serial_number
from appliance.authenticator.whole_files import destroy, write
from appliance.core.events import Health, PartChanged, ScanHint
from appliance.core.screen import Lines, Screen, text
from appliance.core.settings import Settings
from appliance.core.troubles import Trouble
from appliance.wire.asking import StatusReply
from appliance.wire.carrying import Link
from appliance.wire.framing import Line
from appliance.wire.scan import Failed, Seen
from tests.authenticator.fakes import ScreenPanel, WordsPainter

SCREEN = Screen(text("Menu"), Lines(()))
STATUS = StatusReply("s", "1", "synced", "plain file", {}, (), 0, "home", {}, False, 0)


def test_an_equal_screen_is_painted_once() -> None:
    panel = ScreenPanel()
    glass = Glass(panel, WordsPainter())
    assert glass.show(SCREEN, Settings(), 0.0) == (PartChanged("panel", Health.GOOD),)
    assert glass.show(SCREEN, Settings(), 0.1) == ()
    glass.show(SCREEN, Settings(language="en"), 0.2)
    assert len(panel.frames) == 2


def test_a_lost_panel_is_tried_with_growing_pauses_and_painted_anew() -> None:
    panel = ScreenPanel()
    glass = Glass(panel, WordsPainter())
    glass.show(SCREEN, Settings(), 0.0)
    panel.missing = True
    other = Screen(text("Home"), Lines(()))
    assert glass.show(other, Settings(), 1.0) == (PartChanged("panel", Health.BAD),)
    tries, now = [], 1.0
    while now < 100:
        now = round(now + 0.1, 1)
        before = panel.tries
        assert glass.show(other, Settings(), now) == ()
        tries += [now] * (panel.tries - before)
    assert tries == [2.0, 4.0, 8.0, 16.0, 32.0, 62.0, 92.0]
    panel.missing = False
    assert glass.show(other, Settings(), 130.0) == (PartChanged("panel", Health.GOOD),)
    assert panel.frames[-1].words.title == "Home"


def test_the_glass_is_dark_at_the_end() -> None:
    panel = ScreenPanel()
    Glass(panel, WordsPainter()).close()
    assert not panel.frames[-1].lit


def test_lines_are_boiled_down_to_network_and_portal() -> None:
    states = LinkStates()
    good, bad = Health.GOOD, Health.BAD
    assert states.heard("a", "connected") == (
        PartChanged("network", good),
        PartChanged("portal", good),
    )
    assert states.heard("a", "connected") == ()
    assert states.heard("b", "portal-down") == (PartChanged("portal", bad),)
    assert states.heard("b", "no-network") == ()
    assert states.heard("a", "no-network") == (PartChanged("network", bad),)
    assert states.heard("a", "whatever else") == (PartChanged("network", good),)


def test_the_board_counts_changes_and_wakes_who_waits() -> None:
    board = Board(STATUS, ())
    first = board.status(-1, 0).version
    board.publish(STATUS)
    assert board.status(-1, 0).version == first
    seen: list[int] = []
    waiter = threading.Thread(target=lambda: seen.append(board.status(first, 20).version))
    waiter.start()
    board.publish(StatusReply("s", "1", "synced", "plain file", {}, (), 1, "home", {}, False, 0))
    waiter.join(10)
    assert seen == [first + 1]


def test_the_list_of_lines_has_a_mark_that_follows_it() -> None:
    board = Board(STATUS, ())
    empty = board.links("", 0).mark
    board.publish_links((Link("a", "https://x", "d"),))
    assert board.links(empty, 5) == listed((Link("a", "https://x", "d"),))


def test_a_stopped_scan_is_deaf(tmp_path: Path) -> None:
    heard: list[ScanNews] = []
    done = threading.Event()

    def post(news: ScanNews) -> None:
        heard.append(news)
        done.set()

    scanning = Scanning(tmp_path / "nobody.sock", post)
    scanning.look(5, Aim.LINK)
    assert done.wait(10)
    scanning.stop()
    assert scanning.hear(heard[0]) is None


def test_a_scanner_that_is_not_there_is_no_camera(tmp_path: Path) -> None:
    heard: list[ScanNews] = []
    done = threading.Event()
    scanning = Scanning(tmp_path / "nobody.sock", lambda news: (heard.append(news), done.set())[1])
    scanning.look(5, Aim.LINK)
    assert done.wait(10)
    assert scanning.hear(heard[0]) == Failed("no-camera")


def test_a_scanner_that_dies_before_it_has_heard_anything_is_no_camera(tmp_path: Path) -> None:
    heard: SimpleQueue[ScanNews] = SimpleQueue()
    scanning = Scanning(tmp_path / "scanner.sock", heard.put)
    with socket.socket(socket.AF_UNIX) as manager:
        manager.bind(str(tmp_path / "scanner.sock"))
        manager.listen()
        scanning.look(5, Aim.LINK)
        scanner, _ = manager.accept()
        scanner.recv(1, socket.MSG_PEEK)  # the question has come, and nobody reads it
        scanner.close()
        assert scanning.hear(heard.get(timeout=30)) == Failed("no-camera")


def test_a_scanner_may_take_long_to_its_first_word_and_not_to_the_next(tmp_path: Path) -> None:
    heard: SimpleQueue[ScanNews] = SimpleQueue()
    scanning = Scanning(tmp_path / "scanner.sock", heard.put, first_word=30.0, silence=0.02)
    with socket.socket(socket.AF_UNIX) as manager:
        manager.bind(str(tmp_path / "scanner.sock"))
        manager.listen()
        scanning.look(5, Aim.LINK)
        scanner, _ = manager.accept()
        with scanner:
            with pytest.raises(Empty):
                heard.get(timeout=0.2)
            Line(scanner).send(Seen("none", 8, 1, b"a"))
            said = [scanning.hear(heard.get(timeout=30)) for _ in range(2)]
    assert said == [Seen("none", 8, 1, b"a"), Failed("timeout")]


@pytest.mark.parametrize(
    ("width", "height", "size"), [(8, 2, 1), (8, 2, 3), (-8, 1, 1), (257, 1, 33), (9, 1, 1)]
)
def test_a_glance_whose_sizes_do_not_fit_is_dropped(width: int, height: int, size: int) -> None:
    assert frame_of(Seen("none", width, height, bytes(size))) is None


def test_an_unknown_hint_or_trouble_is_harmless() -> None:
    frame = frame_of(Seen("dance", 9, 1, b"ab"))
    assert frame is not None
    assert frame.hint is ScanHint.NONE
    assert trouble_of(Failed("dance")) is Trouble.NO_CAMERA


def test_the_serial_number_is_the_boards_or_drawn_once(tmp_path: Path) -> None:
    board = tmp_path / "board"
    drawn = serial_number(tmp_path, board)
    assert serial_number(tmp_path, board) == drawn
    assert drawn.startswith("DT-")
    board.write_bytes(b"10000000abcdef01\0")
    assert serial_number(tmp_path, board) == "10000000abcdef01"


def test_a_file_is_written_whole_and_destroyed_twice_without_harm(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write(path, b"one")
    write(path, b"two")
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x"]
    destroy(path)
    destroy(path)
    assert not path.exists()
