"""What strangers, careless people and broken machines send: each gets a sentence, and nothing is done."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest

from appliance.wire.asking import Change, Rename, Show, Status, TryPin
from appliance.wire.upkeep import AskClock, AskNetwork, AskPower, AskRemove, NetworkState, Reorder
from tests.web.device_page.conftest import ORIGIN, Visitor
from tests.web.device_page.device_double import PIN, PLANTED
from web.device_page.diagnosis import cleaned
from web.device_page.pictures import png
from web.device_page.places import comes_from

HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "a\x00b",
    "\u202edrow",
    "a\r\nSet-Cookie: x=y",
    "x" * 5000,
    "{{7*7}}",
)
GOOD = {"ssid": "Stationswifi", "country": "NL", "passphrase": "een-lang-wachtwoord"}


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_network_name_is_refused_or_only_shown(inside: Visitor, words: str) -> None:
    answer = inside.send("/network", **{**GOOD, "ssid": words})
    asked = [ask.wireless.ssid for ask in inside.desk.of(AskNetwork)]
    assert answer.status_code in (303, 400)
    assert all(len(ssid.encode()) <= 32 and ssid.isprintable() for ssid in asked)
    assert "<script>" not in answer.text.replace("<script src=", "")
    assert "<img src=x" not in answer.text


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_network_name_from_the_air_is_only_text(inside: Visitor, words: str) -> None:
    inside.device.network = NetworkState(steward=True, ssid=words[:100], kind=words[:9])
    for path in ("/network", "/status"):
        text = inside.web.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "49" not in text or "{{7*7}}" not in words


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_account_name_is_refused_or_only_shown(inside: Visitor, words: str) -> None:
    inside.send("/accounts/a1/label", label=words)
    for path in ("/accounts", "/status", "/reset", "/waiting", "/log"):
        text = inside.web.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert all(len(ask.label) <= 64 and ask.label.isprintable() for ask in inside.desk.of(Rename))


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": ""},
        {"country": "nl"},
        {"country": "NLD"},
        {"passphrase": "short"},
        {"passphrase": "x" * 64},
        {"address": "300.0.0.1/24"},
        {"address": "10.0.0.1/24", "gateway": "; reboot"},
        {"address": "10.0.0.1/24", "resolver": "::1"},
    ],
)
def test_what_cannot_be_a_network_is_refused_here(inside: Visitor, wrong: dict[str, str]) -> None:
    assert inside.send("/network", **{**GOOD, **wrong}).status_code == 400
    assert inside.desk.of(AskNetwork) == []


def test_a_password_of_a_network_is_never_said_again(inside: Visitor) -> None:
    answer = inside.send("/network", **{**GOOD, "country": "", "passphrase": PLANTED[0]})
    assert answer.status_code == 400
    assert PLANTED[0] not in answer.text
    inside.send("/network", **{**GOOD, "passphrase": PLANTED[0]})
    asked = inside.desk.of(AskNetwork)
    assert [ask.wireless.passphrase for ask in asked] == [PLANTED[0]]
    assert PLANTED[0] not in repr(asked)


def test_a_removal_is_only_asked_and_only_of_an_account_that_is_there(inside: Visitor) -> None:
    assert inside.send("/accounts/nobody/remove").status_code == 404
    assert inside.desk.of(AskRemove) == []
    sent = inside.send("/accounts/a1/remove")
    assert sent.headers["Location"] == "/accounts?asked=1"
    assert [ask.account for ask in inside.desk.of(AskRemove)] == ["a1"]
    assert "J. de Vries" in inside.web.get("/accounts").text


def test_accounts_change_places(inside: Visitor) -> None:
    inside.send("/accounts/a2/place", by="up")
    inside.send("/accounts/a2/place", by="down")
    assert [ask.accounts for ask in inside.desk.of(Reorder)] == [
        ("a2", "a1", "a3"),
        ("a1", "a3", "a2"),
    ]


@pytest.mark.parametrize("time", ["", "yesterday", "1970-01-01T00:00", "9999-12-31T23:59", "2026"])
def test_a_time_that_is_none_is_refused(inside: Visitor, time: str) -> None:
    assert inside.send("/time", time=time).status_code == 400
    assert inside.desk.of(AskClock) == []


def test_a_time_is_asked_in_universal_time(inside: Visitor) -> None:
    inside.send("/time", time="2026-11-23T05:00:00")
    assert [ask.wall for ask in inside.desk.of(AskClock)] == [1_795_410_000.0]


def test_only_the_two_things_of_the_power_can_be_asked(inside: Visitor) -> None:
    assert inside.send("/reset/power", what="explode").status_code == 400
    inside.send("/reset/power", what="off")
    assert [ask.what for ask in inside.desk.of(AskPower)] == ["off"]


def bomb() -> bytes:
    """A PNG of 40,000 x 40,000 pixels in a few kilobytes: 200 MB when somebody opens it."""
    row = b"\0" * 5001
    packed = zlib.compressobj()
    body = b"".join(packed.compress(row) for _ in range(400)) + packed.flush()
    small = png(8, 8, b"\0" * 8)
    return small[:16] + (40_000).to_bytes(4) * 2 + small[24:33] + body


def test_a_picture_that_is_a_bomb_is_opened_by_nobody_here(inside: Visitor) -> None:
    """The page hands it on unopened; the scanner, which has a memory limit, refuses it by its size."""
    data = bomb()
    assert inside.send_picture(data).status_code == 303
    assert [len(ask.data) for ask in inside.desk.of(Show)] == [len(data)]


def test_a_zip_is_not_a_picture(inside: Visitor) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("zeros", b"\0" * 10_000_000)
    assert inside.send_picture(packed.getvalue()).status_code == 400
    assert inside.desk.of(Show) == []


def test_an_upload_of_100_mb_is_refused_before_it_is_read(inside: Visitor) -> None:
    size = {"CONTENT_LENGTH": str(100 * 1024 * 1024)}
    kind = "multipart/form-data; boundary=line"
    answer = inside.web.post(
        "/link/picture", headers=ORIGIN, content_type=kind, environ_overrides=size
    )
    assert answer.status_code == 413
    assert inside.desk.of(Show) == []


def test_two_technicians_the_second_takes_over_and_the_first_is_told_to_enter(
    inside: Visitor,
) -> None:
    second = inside.another()
    second.enter()
    late = inside.send("/settings", seen_on="/enter", brightness="20")
    assert (late.headers["Location"], inside.desk.of(Change)) == ("/enter", [])
    assert inside.web.get("/settings").headers["Location"] == "/enter"
    assert second.send("/log/test").status_code == 303


def test_a_device_that_restarts_in_the_middle_changes_nothing_and_says_so(inside: Visitor) -> None:
    token = inside.token("/settings")
    inside.desk.close()
    data = {**inside.device.settings, "token": token, "brightness": "20"}
    answer = inside.web.post("/settings", data=data, headers=ORIGIN)
    assert (answer.status_code, inside.desk.of(Change)) == (503, [])
    assert "antwoordt niet" in answer.text


def test_a_hold_that_never_comes_leaves_everything(inside: Visitor) -> None:
    inside.device.stage = "asked"
    assert "Hold its button for 3 seconds" in inside.web.get("/network?asked=1").text
    inside.device.stage = "home"
    assert "says how it ended" in inside.web.get("/network?asked=1").text


def test_guessing_the_code_ends_after_five(door: Visitor) -> None:
    for guess in range(20):
        door.enter_now(f"{guess:08d}")
    assert len(door.desk.of(TryPin)) == 5
    assert door.enter_now(PIN).status_code == 403


@pytest.mark.parametrize(
    ("address", "allowed", "may"),
    [
        ("192.168.1.20", "local", True),
        ("fe80::1%eth0", "local", True),
        ("::ffff:10.0.0.9", "local", True),
        ("8.8.8.8", "local", False),
        ("2001:4860::8888", "local", False),
        ("192.168.1.20", "cable", False),
        ("169.254.3.4", "cable", True),
        ("127.0.0.1", "cable", True),
        ("", "local", False),
        ("nonsense", "local", False),
    ],
)
def test_from_where_the_page_may_be_used(address: str, allowed: str, may: bool) -> None:
    assert comes_from(address, allowed) is may


def test_somebody_from_elsewhere_sees_nothing(inside: Visitor) -> None:
    far = {"REMOTE_ADDR": "8.8.8.8"}
    assert inside.web.get("/status", environ_base=far).status_code == 403
    inside.device.settings["page_from"] = "all"
    assert inside.web.get("/status", environ_base=far).status_code == 200


def test_the_diagnosis_names_nobody_and_no_network(inside: Visitor) -> None:
    packed = zipfile.ZipFile(io.BytesIO(inside.web.get("/log/diagnosis.zip").data))
    told = "".join(packed.read(name).decode() for name in packed.namelist())
    assert "panel lost" in told
    for word in ("J. de Vries", "Foreign Codes", "Stationswifi", "192.0.2.10", "portal.example"):
        assert word not in told
    for secret in PLANTED:
        assert secret not in told


def test_a_line_of_the_log_without_names_stays_as_it_is(inside: Visitor) -> None:
    now = inside.device.status(Status())
    assert cleaned("panel state=good", now) == "panel state=good"
