"""The update page: what came in, who vouches for it, how far it is, and that only the token can be asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect
from werkzeug.test import TestResponse

from appliance.core.errors import Refused
from appliance.wire.call import Done
from appliance.wire.updates import (
    AskBack,
    AskUpdate,
    DropUpdate,
    FindUpdate,
    Offer,
    Piece,
    SendUpdate,
    UpdateState,
)
from tests.tour.page import browser
from tests.web.device_page.conftest import ORIGIN, Visitor
from tests.web.device_page.device_double import PIN
from web.device_page.serving import cookie_of, serve

OFFER = Offer("1.2.0", "1.0.0", 1_790_000_000, 41_000_000, 24)
READY = UpdateState(updater=True, version="1.1.0", previous="1.0.3", phase="ready", offer=OFFER)
NL = {"Cookie": "desk_page_language=nl"}


def bring(inside: Visitor, content: bytes) -> TestResponse:
    """The form as a browser without script sends it."""
    part = b'--line\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    token = part % (b"token", b"", inside.token("/update").encode())
    body = token + part % (b"bundle", b'; filename="a.desk-token"', content) + b"--line--\r\n"
    kind = "multipart/form-data; boundary=line"
    return inside.web.post("/update/file", data=body, content_type=kind, headers=ORIGIN)


def test_it_shows_the_version_now_and_before(inside: Visitor) -> None:
    text = inside.web.get("/update").text
    assert "1.1.0" in text
    assert "Go back to 1.0.3" in text


def test_it_shows_what_came_in_and_that_its_signatures_are_good(inside: Visitor) -> None:
    inside.device.update = READY
    text = inside.web.get("/update").text
    for words in (
        "version 1.2.0",
        "this is what the maker signed",
        "2026-09-21",
        "24 packages",
        "39.1 MB",
    ):
        assert words in text


def test_a_file_goes_on_in_pieces_and_whole(inside: Visitor) -> None:
    content = bytes(range(256)) * 6000
    assert bring(inside, content).status_code == 303
    begun, pieces = inside.desk.of(SendUpdate), inside.desk.of(Piece)
    assert [each.size for each in begun] == [len(content)]
    assert {each.number for each in pieces} == {begun[0].number}
    assert b"".join(each.data for each in sorted(pieces, key=lambda each: each.at)) == content


def test_a_file_larger_than_any_picture_is_taken_from_whoever_is_in(inside: Visitor) -> None:
    assert bring(inside, bytes(12_000_000)).status_code == 303
    assert sum(len(each.data) for each in inside.desk.of(Piece)) == 12_000_000


def test_no_file_is_a_sentence(inside: Visitor) -> None:
    assert "Choose the file of the update first" in bring(inside, b"").text
    assert inside.desk.of(SendUpdate) == []


def test_asking_asks_the_token_and_does_nothing_else(inside: Visitor) -> None:
    inside.device.update = READY
    assert inside.send("/update/install", seen_on="/update", version="1.2.0").status_code == 303
    assert inside.send("/update/back", seen_on="/update").status_code == 303
    assert inside.send("/update/forget", seen_on="/update").status_code == 303
    assert inside.send("/update/find", seen_on="/update", where="stick").status_code == 303
    assert [ask.version for ask in inside.desk.of(AskUpdate)] == ["1.2.0"]
    assert len(inside.desk.of(AskBack)) == len(inside.desk.of(DropUpdate)) == 1
    assert [ask.where for ask in inside.desk.of(FindUpdate)] == ["stick"]


@pytest.mark.parametrize(
    ("sentence", "dutch"),
    [
        (
            "The update was changed after it was signed",
            "De update is gewijzigd nadat die was ondertekend",
        ),
        (
            "The update has expired. Ask for a newer file.",
            "De update is verlopen. Vraag om een nieuwer bestand.",
        ),
        ("This update is for other hardware", "Deze update is voor andere hardware"),
        (
            "The clock of this token is wrong. Set it first.",
            "De klok van deze token staat verkeerd. Zet die eerst gelijk.",
        ),
        (
            "The card is too full for this update. Nothing was changed.",
            "De geheugenkaart is te vol voor deze update.",
        ),
    ],
)
def test_what_was_refused_is_said_in_both_languages(
    inside: Visitor, sentence: str, dutch: str
) -> None:
    inside.device.update = replace(inside.device.update, trouble=sentence)
    assert sentence in inside.web.get("/update").text
    inside.device.settings["language"] = "nl"
    assert dutch in inside.web.get("/update").text


def test_a_refusal_of_the_token_is_said_and_a_second_update_refused(inside: Visitor) -> None:
    def refuse(_: SendUpdate) -> Done:
        raise Refused("Another update is under way")

    inside.desk.teach("SendUpdate", refuse)
    answer = bring(inside, b"x" * 1000)
    assert answer.status_code == 409
    assert "Another update is under way" in answer.text


@pytest.mark.parametrize("phase", ["installing", "restarting", "trying"])
def test_both_screens_say_to_leave_it_plugged_in(inside: Visitor, phase: str) -> None:
    inside.device.update = replace(READY, phase=phase, percent=40, offer=None)
    text = inside.web.get("/update").text
    assert "Leave the token plugged in" in text
    assert "40 %" in text


def test_a_token_without_an_updater_says_so(inside: Visitor) -> None:
    inside.device.update = UpdateState()
    text = inside.web.get("/update").text
    assert "Nobody on this token looks after updates" in text
    assert "Send the file" not in text


@pytest.fixture
def served(door: Visitor) -> str:
    """The page on a real server, with its own rule of who may send how much."""

    def admitted(headers: dict[str, str]) -> bool:
        return door.house.doorman.known(cookie_of(headers), 1000.0, touch=False) is not None

    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    serving = threading.Thread(
        target=serve, args=(door.app, listening), kwargs={"admitted": admitted}, daemon=True
    )
    serving.start()
    return f"http://127.0.0.1:{port}"


def head(origin: str, path: str, length: int, cookie: str = "") -> str:
    """The first line of the answer to a request of which only the head was sent."""
    address = origin.removeprefix("http://")
    words = f"POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\n{cookie}\r\n"
    with socket.create_connection(("127.0.0.1", int(address.split(":")[1])), 20) as line:
        line.sendall(words.encode())
        line.settimeout(1.0)
        try:
            return line.recv(100).decode().split("\r\n")[0]
        except TimeoutError:
            return ""


def test_only_whoever_is_in_may_send_more_than_a_picture_and_only_to_that_form(
    served: str, door: Visitor
) -> None:
    cookie = f"Cookie: desk_page={door.house.doorman.admit(1000.0).id}\r\n"
    large = 100 * 1024 * 1024
    assert "413" in head(served, "/update/file", large)
    assert "413" in head(served, "/link/picture", large, cookie)
    assert "413" in head(served, "/update/file", 600 * 1024 * 1024, cookie)
    assert head(served, "/update/file", large, cookie) == ""


@pytest.fixture(scope="module")
def opened() -> Iterator[Page]:
    with browser() as page:
        yield page


def enters(page: Page, origin: str) -> None:
    page.goto(origin + "/enter")
    page.fill("#code", PIN)
    page.click("main button")
    page.wait_for_url("**/status")


def test_a_browser_with_script_sends_pieces_and_sees_them_come_in(
    served: str, door: Visitor, opened: Page, tmp_path: Path
) -> None:
    file = tmp_path / "a.desk-token"
    file.write_bytes(bytes(range(256)) * 6000)
    enters(opened, served)
    opened.goto(served + "/update")
    opened.set_input_files("#bundle", file)
    door.device.update = READY
    opened.click("text=Send the file")
    opened.get_by_text("Ready to install: version 1.2.0").wait_for()
    pieces = door.desk.of(Piece)
    assert b"".join(each.data for each in pieces) == file.read_bytes()
    assert max(len(each.data) for each in pieces) == 524_288


def test_a_refused_piece_is_said_beside_the_button_and_it_can_be_tried_again(
    served: str, door: Visitor, opened: Page, tmp_path: Path
) -> None:
    def refuse(_: Piece) -> Done:
        raise Refused("This update is for other hardware")

    door.desk.teach("Piece", refuse)
    file = tmp_path / "a.desk-token"
    file.write_bytes(b"x" * 1000)
    enters(opened, served)
    opened.goto(served + "/update")
    opened.set_input_files("#bundle", file)
    opened.click("text=Send the file")
    expect(opened.locator("[data-refused]")).to_have_text("This update is for other hardware")
    expect(opened.get_by_role("button", name="Send the file")).to_be_enabled()


def test_the_page_follows_an_update_by_itself(served: str, door: Visitor, opened: Page) -> None:
    enters(opened, served)
    door.device.update = replace(READY, phase="installing", percent=40, offer=None)
    opened.goto(served + "/update")
    opened.get_by_text("40 %").wait_for()
    door.device.update = replace(READY, phase="installing", percent=73, offer=None)
    opened.get_by_text("73 %").wait_for()


def test_without_script_the_same_form_sends_the_file(
    served: str, door: Visitor, opened: Page, tmp_path: Path
) -> None:
    file = tmp_path / "a.desk-token"
    file.write_bytes(b"y" * 3_000_000)
    known: Browser | None = opened.context.browser
    assert known is not None
    context = known.new_context(java_script_enabled=False)
    page = context.new_page()
    enters(page, served)
    page.goto(served + "/update")
    page.set_input_files("#bundle", file)
    page.click("text=Send the file")
    page.wait_for_url("**/update")
    assert sum(len(each.data) for each in door.desk.of(Piece)) == 3_000_000
    context.close()
