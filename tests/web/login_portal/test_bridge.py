"""The way between the network and the pages: whole requests, whole replies, and no thread for who keeps it waiting."""

from __future__ import annotations

import gc
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing

import httpx
import pytest

from appliance.wire.jose import CAP
from appliance.wire.letters import ANSWERS, TOKEN
from tests.hardware.bodies import soon
from tests.web.login_portal.served import Served, served
from web.login_portal.pages.application import BODY_CAP
from web.login_portal.serving import WORKERS


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("bridge")) as running:
        yield running


@pytest.fixture
def http(portal: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=portal.origin, timeout=30) as client:
        yield client


def line(portal: Served, words: str) -> socket.socket:
    """A connection on which this was sent, and nothing more."""
    host, _, port = portal.origin.partition("//")[2].partition(":")
    made = socket.create_connection((host, int(port)), 30)
    made.sendall(words.replace("\n", "\r\n").format(host=f"{host}:{port}").encode())
    return made


def test_a_page_comes_whole_with_its_length_and_its_cookies(http: httpx.Client) -> None:
    reply = http.get("/sign-in")
    assert reply.status_code == 200
    assert int(reply.headers["content-length"]) == len(reply.content)
    assert "</html>" in reply.text
    assert len(reply.headers.get_list("set-cookie")) >= 1


def test_a_head_request_gets_no_body(http: httpx.Client) -> None:
    reply = http.head("/sign-in")
    assert (reply.status_code, reply.content) == (200, b"")


@pytest.mark.parametrize(("path", "size"), [("/sign-in", BODY_CAP), (ANSWERS, CAP)])
def test_a_body_that_is_too_large_is_refused(http: httpx.Client, path: str, size: int) -> None:
    assert http.post(path, content=b"x" * (size * 4)).status_code == 413


def test_who_sends_slowly_holds_no_thread(portal: Served, http: httpx.Client) -> None:
    slow = "POST /sign-in HTTP/1.1\nHost: {host}\nContent-Length: 100\n\nna"
    with ExitStack() as lines:
        for _ in range(WORKERS * 2):
            lines.enter_context(closing(line(portal, slow)))
        assert http.get("/sign-in", timeout=10).status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", ANSWERS])
def test_who_hangs_up_in_the_middle_is_let_go(
    portal: Served, http: httpx.Client, path: str
) -> None:
    half = f"POST {path} HTTP/1.1\nHost: {{host}}\nContent-Length: 100\n\nna"
    for _ in range(20):
        line(portal, half).close()
    assert soon(lambda: not portal.server.server_state.tasks)
    assert http.get("/sign-in").status_code == 200


def test_an_answer_in_strange_signs_is_not_valid(http: httpx.Client) -> None:
    reply = http.post(ANSWERS, content="é.é.é".encode())
    assert (reply.status_code, reply.json()["title"]) == (403, "This token is not linked")


def test_a_foreign_host_reaches_no_answers(http: httpx.Client) -> None:
    assert http.post(ANSWERS, content=b"x", headers={"Host": "evil"}).status_code == 421


def test_answers_are_only_posted(http: httpx.Client) -> None:
    assert http.get(ANSWERS).status_code == 405


def test_what_the_portal_was_built_from_is_passed_by_the_garbage_collector(portal: Served) -> None:
    assert portal.server.started
    assert gc.get_freeze_count() > 10_000


def test_every_reply_to_a_machine_is_plain_and_kept_nowhere(http: httpx.Client) -> None:
    for reply in (http.post(ANSWERS, content=b"x"), http.get("/device/v1/inbox")):
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert int(reply.headers["content-length"]) == len(reply.content)


def test_a_header_cannot_pass_for_another(portal: Served, http: httpx.Client) -> None:
    forged = {"Content_Length": "0", "Host": portal.origin.partition("//")[2], "Ho_st": "evil"}
    assert http.post("/sign-in", content=b"x" * BODY_CAP * 4, headers=forged).status_code == 413


def test_a_body_in_chunks_is_a_body(http: httpx.Client) -> None:
    """RFC 9112 section 7.1: a client that does not know the length beforehand is heard like any other."""
    form = b"grant_type=client_credentials&client_assertion_type=something+else"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    whole = http.post(TOKEN, content=form, headers=kind)
    pieces = http.post(TOKEN, content=iter([form[:20], form[20:]]), headers=kind)
    assert (pieces.status_code, pieces.json()) == (whole.status_code, whole.json())
    assert whole.json()["error"] == "invalid_request"


def test_a_body_in_chunks_that_grows_too_large_is_refused(http: httpx.Client) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert http.post(TOKEN, content=iter([b"a" * BODY_CAP] * 3), headers=kind).status_code == 413
