"""The checklist for the device page, row by row."""

from __future__ import annotations

import re

import pytest

from appliance.wire.asking import Change, Show, TryPin
from appliance.wire.ipc import CALLS
from tests.web.device_page.conftest import ORIGIN, Visitor
from tests.web.device_page.device_double import PIN, PLANTED

PAGES = (
    *("/status", "/link", "/accounts", "/settings", "/reset", "/network", "/time", "/panel"),
    *("/security", "/backup"),
    *("/panel/picture.png", "/waiting", "/log", "/log/diagnosis.zip", "/log/audit.jsonl"),
)
READS = {
    *("AuditLog", "Backups", "Status", "Condition", "Network", "Panel", "Journal", "Waiting"),
    "Update",
}
POSTS = (
    "/link/paste",
    "/link/picture",
    "/link/camera",
    "/link/confirm",
    "/accounts/a1/label",
    "/accounts/a1/place",
    "/accounts/a1/remove",
    "/settings",
    "/reset",
    "/update/find",
    "/update/forget",
    "/update/install",
    "/update/back",
    "/reset/power",
    "/network",
    "/network/search",
    "/time",
    "/panel/try",
    "/log/test",
    "/security",
    "/security/servers",
    "/security/servers/drop",
    "/network/proxy",
    "/backup/file",
    "/backup/codes",
    "/backup/plan",
    "/backup/drop",
    "/backup/restore",
    "/open",
    "/leave",
)


@pytest.mark.parametrize("path", PAGES)
def test_row_22_nothing_is_seen_without_the_code_from_the_panel(door: Visitor, path: str) -> None:
    answer = door.web.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/enter")
    assert "DT-7F3A-0042" not in door.web.get("/enter").text


def test_row_22_the_right_code_lets_a_browser_in(door: Visitor) -> None:
    assert door.enter("4815 0627").headers["Location"] == "/status"
    assert "DT-7F3A-0042" in door.web.get("/status").text


@pytest.mark.parametrize("code", ["", "1234567", "123456789", "abcdefgh", "١٢٣٤٥٦٧٨", "1" * 5000])
def test_row_23_what_is_not_eight_digits_costs_no_try(door: Visitor, code: str) -> None:
    assert door.enter(code).status_code == 400
    assert door.desk.of(TryPin) == []


def test_row_23_after_five_wrong_codes_the_page_is_closed(door: Visitor) -> None:
    told = [door.enter("00000000").text for _ in range(5)]
    assert "4 tries left" in told[0]
    assert "One try left" in told[3]
    assert "for a new one" in told[4]
    assert door.web.get("/enter").status_code == 403


def test_row_24_the_cookie_is_long_random_and_out_of_reach_of_scripts(door: Visitor) -> None:
    cookie = door.enter().headers["Set-Cookie"]
    assert len(cookie.partition("=")[2].partition(";")[0]) >= 43
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Max-Age" not in cookie
    assert "Expires" not in cookie


def test_row_24_with_tls_the_cookie_is_bound_to_this_very_host(door: Visitor) -> None:
    base = {"base_url": "https://localhost"}
    token = re.search(r'name="token" value="([^"]+)"', door.web.get("/enter", **base).text)
    assert token
    data = {"code": PIN, "token": token[1]}
    headers = {"Origin": "https://localhost", "Sec-Fetch-Site": "same-origin"}
    cookie = door.web.post("/enter", data=data, headers=headers, **base).headers["Set-Cookie"]
    assert cookie.startswith("__Host-desk=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_row_24_a_session_id_that_was_brought_along_is_not_taken_over(door: Visitor) -> None:
    door.web.set_cookie("desk_page", "A" * 43)
    assert door.web.get("/status").status_code == 303
    door.enter()
    known = door.web.get_cookie("desk_page")
    assert known is not None
    assert known.value != "A" * 43


def test_row_24_five_idle_minutes_end_a_session_and_live_polls_are_no_use(inside: Visitor) -> None:
    inside.time[0] += 299
    assert inside.web.get("/status").status_code == 200
    inside.time[0] += 299
    assert inside.web.get("/status", headers={"X-Live": "1"}).status_code == 200
    inside.time[0] += 2
    assert inside.web.get("/status").status_code == 303


def test_row_24_half_an_hour_ends_a_session_however_busy(inside: Visitor) -> None:
    for _ in range(29):
        inside.time[0] += 60
        assert inside.web.get("/status").status_code == 200
    inside.time[0] += 60
    assert inside.web.get("/status").status_code == 303


def test_row_24_one_browser_at_a_time(inside: Visitor) -> None:
    second = inside.another()
    second.enter()
    assert second.web.get("/status").status_code == 200
    assert inside.web.get("/status").status_code == 303


def test_row_24_leaving_ends_the_session_for_good(inside: Visitor) -> None:
    cookie = inside.web.get_cookie("desk_page")
    assert cookie is not None
    inside.send("/leave")
    inside.web.set_cookie("desk_page", cookie.value)
    assert inside.web.get("/status").status_code == 303


@pytest.mark.parametrize("path", POSTS)
def test_row_25_a_form_without_its_token_does_nothing(inside: Visitor, path: str) -> None:
    heard = len(inside.desk.heard)
    fields = {"text": "x", "code": "123456", "label": "x", "serial": "DT-7F3A-0042"}
    for token in (
        {},
        {"token": "wrong"},
        {"token": "é"},
        {"token": inside.house.doorman.door_token},
    ):
        answer = inside.web.post(path, data={**fields, **token}, headers=ORIGIN)
        assert answer.status_code == 403
    assert {type(call).__name__ for call in inside.desk.heard[heard:]} == {"Status"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:99"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_row_25_a_form_from_another_page_does_nothing(
    inside: Visitor, headers: dict[str, str]
) -> None:
    data = {"token": inside.token("/settings"), "language": "nl"}
    assert inside.web.post("/settings", data=data, headers=headers).status_code == 403
    assert inside.desk.of(Change) == []


def test_row_25_no_get_changes_anything(inside: Visitor) -> None:
    rules = [rule for rule in inside.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    before = len(inside.desk.heard)
    for rule in rules:
        if "<" not in rule.rule:
            inside.web.get(rule.rule + "?saved=1&asked=1&language=nl&code=" + PIN)
    assert {type(call).__name__ for call in inside.desk.heard[before:]} <= READS
    assert inside.web.get("/status").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "localhost.evil", "dt-other.local", ""]
)
def test_row_26_another_host_name_is_misdirected_before_any_page(
    inside: Visitor, host: str
) -> None:
    for path in ("/status", "/static/page.css", "/nowhere", "/enter"):
        assert inside.web.get(path, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8081", "127.0.0.1", "token-37wy.local", "[::1]:8081"])
def test_row_26_its_own_names_are_served(door: Visitor, host: str) -> None:
    assert door.web.get("/enter", headers={"Host": host}).status_code == 200


def test_row_27_every_answer_carries_the_headers_errors_too(inside: Visitor) -> None:
    inside.device.page_open = True
    answers = [
        inside.web.get("/status"),
        inside.web.get("/nowhere"),
        inside.web.get("/status", headers={"Host": "evil.example"}),
        inside.web.get("/link/paste"),
        inside.web.post("/settings"),
        inside.web.get("/static/page.css"),
        inside.web.get("/"),
    ]
    inside.device.page_open = False
    answers.append(inside.web.get("/status"))
    assert sorted({a.status_code for a in answers}) == [200, 303, 403, 404, 405, 421]
    for answer in answers:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Server" not in answer.headers
        answer.close()


def test_row_28_no_reply_the_page_can_get_has_a_place_for_a_secret() -> None:
    fields = {name for _, reply in CALLS["page"].values() for name in reply.__struct_fields__}
    assert not fields & {"secret", "code", "digits", "seed", "key", "pin", "jwt", "token"}


def test_row_28_no_page_repeats_a_code_or_link_that_was_typed(inside: Visitor) -> None:
    inside.device.stage = "dialling"
    link = "https://portal.example/e#" + PLANTED[0]
    for sent in (
        inside.send("/link/paste", text=link + "x" * 5000),
        inside.send("/link/confirm", code=PLANTED[2]),
        inside.send("/reset", serial=PLANTED[0]),
    ):
        assert sent.status_code == 400
        assert not any(planted in sent.text for planted in PLANTED)


def test_row_29_the_page_is_closed_unless_the_button_opened_it(door: Visitor) -> None:
    door.device.page_open = False
    for path in (*PAGES, "/enter", "/", "/nowhere"):
        answer = door.web.get(path)
        assert answer.status_code == 403
        assert "hold the button for 3 seconds to open this page" in answer.text
    assert door.web.post("/enter", headers=ORIGIN, data={"code": PIN}).status_code == 403
    assert door.desk.of(TryPin) == []


def test_row_29_a_session_does_not_outlive_the_open_page(inside: Visitor) -> None:
    inside.device.page_open = False
    assert inside.web.get("/status").status_code == 403
    inside.device.page_open = True
    assert inside.web.get("/status").status_code == 303


def test_an_upload_above_the_cap_is_refused_with_a_sentence(inside: Visitor) -> None:
    answer = inside.send_picture(b"x" * 9 * 1024 * 1024)
    assert answer.status_code == 413
    assert "at most 8 MB" in answer.text
    assert inside.desk.of(Show) == []
