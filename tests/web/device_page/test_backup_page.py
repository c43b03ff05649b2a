"""Backup and restore on the pages and in the API: what is asked, what is refused, what is never said again."""

from __future__ import annotations

import base64
import json

import pytest
from werkzeug.test import TestResponse

from appliance.wire.safekeeping import (
    AskCodes,
    AskRestore,
    BackupState,
    MakeBackup,
    ReadBackup,
)
from tests.web.device_page.conftest import ORIGIN, Visitor
from tests.web.device_page.device_double import PASSPHRASE, PIN, PLAN, PLANTED, SEALED
from tests.web.device_page.test_bad_input import bomb


def send_backup(visitor: Visitor, data: bytes, passphrase: str = PASSPHRASE) -> TestResponse:
    """The upload form as a browser writes it (multipart/form-data, RFC 7578)."""
    part = b'--line\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    body = part % (b"token", b"", visitor.token("/backup").encode())
    body += part % (b"passphrase", b"", passphrase.encode())
    body += part % (b"file", b'; filename="a.backup"', data) + b"--line--\r\n"
    kind = "multipart/form-data; boundary=line"
    return visitor.web.post("/backup/plan", data=body, content_type=kind, headers=ORIGIN)


def make(visitor: Visitor, passphrase: str = PASSPHRASE, again: str = PASSPHRASE) -> TestResponse:
    return visitor.send("/backup/file", passphrase=passphrase, again=again)


def test_a_backup_is_a_file_and_never_a_page(inside: Visitor) -> None:
    answer = make(inside)
    assert answer.data == SEALED
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Cache-Control"] == "no-store"
    assert [ask.passphrase for ask in inside.desk.of(MakeBackup)] == [PASSPHRASE]


@pytest.mark.parametrize(
    ("passphrase", "again", "sentence"),
    [
        ("kort", "kort", "12 letters or more"),
        (PLANTED[0], PLANTED[0] + "x", "differ"),
        ("", "", "12 letters or more"),
        ("x" * 5000, "x" * 5000, "12 letters or more"),
    ],
)
def test_a_passphrase_that_does_not_do_is_told_and_never_repeated(
    inside: Visitor, passphrase: str, again: str, sentence: str
) -> None:
    answer = make(inside, passphrase, again)
    assert (answer.status_code, inside.desk.of(MakeBackup)) == (400, [])
    assert sentence in answer.text
    assert not passphrase or f'"{passphrase}"' not in answer.text


def test_codes_of_other_services_are_only_asked_for(inside: Visitor) -> None:
    assert "No: 1 stay here" in inside.web.get("/backup").text
    assert inside.send("/backup/codes").headers["Location"] == "/backup?asked=codes"
    assert len(inside.desk.of(AskCodes)) == 1
    inside.device.backup = BackupState(1, 1, allowed=True, granted=True, seconds_left=200)
    assert "Yes: 1, for 4 more minutes" in inside.web.get("/backup").text
    inside.device.backup = BackupState(1, 1, allowed=False, granted=False)
    assert "kept out by the security settings" in inside.web.get("/backup").text


def test_a_restore_says_first_exactly_what_it_will_do(inside: Visitor) -> None:
    assert send_backup(inside, SEALED).headers["Location"] == "/backup"
    text = inside.web.get("/backup").text
    for words in (
        "Brightness",
        "96 → <strong>42",
        "Club &lt;b&gt;",
        "Loket",
        "linked anew",
        "Proxy",
    ):
        assert words in text
    assert "<b>" not in text
    assert inside.desk.of(AskRestore) == []
    inside.send("/backup/restore", number=PLAN.number)
    assert [ask.number for ask in inside.desk.of(AskRestore)] == [PLAN.number]
    inside.send("/backup/drop")
    assert "See what it would do" in inside.web.get("/backup").text


def test_moving_an_account_is_one_step_from_here(inside: Visitor) -> None:
    text = inside.web.get("/backup").text
    assert "link it anew" in text
    assert '<a href="/link">' in text


@pytest.mark.parametrize(
    ("data", "code", "sentence"),
    [
        (b"", 400, "Choose the backup"),
        (b"PK\x03\x04zip", 400, "no backup of a desk token"),
        (b"\x89PNG\r\n\x1a\nx", 400, "no backup of a desk token"),
        (b"{" * 1024 * 1024 + b"x", 400, "too big"),
        (SEALED + b"damaged", 409, "passphrase or the backup is wrong"),
    ],
)
def test_what_is_no_backup_is_told(inside: Visitor, data: bytes, code: int, sentence: str) -> None:
    answer = send_backup(inside, data)
    assert answer.status_code == code
    assert sentence in answer.text
    assert "what a restore will do" not in answer.text


def test_a_bomb_or_a_hundred_megabytes_is_no_backup(inside: Visitor) -> None:
    assert send_backup(inside, bomb()).status_code == 400
    size = {"CONTENT_LENGTH": str(100 * 1024 * 1024)}
    kind = "multipart/form-data; boundary=line"
    huge = inside.web.post(
        "/backup/plan", headers=ORIGIN, content_type=kind, environ_overrides=size
    )
    assert huge.status_code == 413
    assert inside.desk.of(ReadBackup) == []


def test_a_wrong_passphrase_is_told_and_never_repeated(inside: Visitor) -> None:
    answer = send_backup(inside, SEALED, PLANTED[0])
    assert (answer.status_code, PLANTED[0] in answer.text) == (409, False)
    assert "wrong" in answer.text
    assert send_backup(inside, SEALED, "").status_code == 400


@pytest.fixture
def bearer(door: Visitor) -> dict[str, str]:
    answer = door.web.post("/api/v1/session", json={"code": PIN})
    return {"Authorization": f"Bearer {answer.json['bearer']}"}


def test_a_fleet_tool_backs_up_and_restores_by_the_same_holds(
    door: Visitor, bearer: dict[str, str]
) -> None:
    def call(verb: str, path: str, body: object = None) -> TestResponse:
        return door.web.open("/api/v1" + path, method=verb, headers=bearer, json=body)

    assert call("POST", "/backup", {"passphrase": PASSPHRASE}).data == SEALED
    assert call("POST", "/backup", {"passphrase": "kort"}).status_code == 422
    assert call("POST", "/backup/codes").status_code == 202
    file = base64.b64encode(SEALED).decode()
    assert call("PUT", "/backup/plan", {"file": file, "passphrase": "x" * 12}).status_code == 409
    assert call("PUT", "/backup/plan", {"file": file, "passphrase": PASSPHRASE}).status_code == 204
    told = json.loads(call("GET", "/backup").data)["plan"]
    assert told["come"] == list(PLAN.come)
    assert call("POST", "/backup/restore", {"number": told["number"]}).status_code == 202
    assert call("DELETE", "/backup/plan").status_code == 204
    assert call("POST", "/servers", {"server": "pi.example"}).status_code == 202
    assert call("DELETE", "/servers/pi.example").status_code == 204
    login = {"name": "jan", "password": PLANTED[0]}
    assert call("PUT", "/proxy/login", login).status_code == 204
    big = {"file": base64.b64encode(b"{" * 3_000_000).decode(), "passphrase": PASSPHRASE}
    assert call("PUT", "/backup/plan", big).status_code == 422
