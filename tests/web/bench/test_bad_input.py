"""What the bench is sent is outside input: each refusal is a sentence and a 4xx, and nothing has moved."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from appliance.core.errors import Refused
from tests.web.bench.bench import Bench, bench
from tests.web.bench.test_hands import picture
from web.bench.pictures import MOST_BYTES, grey_from_picture, grey_from_text


def gif() -> bytes:
    data = io.BytesIO()
    Image.new("L", (9, 9)).save(data, "GIF")
    return data.getvalue()


REFUSED = {
    "no such key": ("POST", "/api/keys/self-destruct/press", b""),
    "no such move": ("POST", "/api/keys/ok/caress", b""),
    "an empty picture": ("POST", "/api/camera", b""),
    "no picture": ("POST", "/api/camera", b"not a picture"),
    "half a picture": ("POST", "/api/camera", picture()[:80]),
    "another kind of picture": ("POST", "/api/camera", gif()),
    "a picture of many pixels": ("POST", "/api/camera", picture(size=(6000, 6000))),
    "a picture of many bytes": ("POST", "/api/camera", bytes(MOST_BYTES + 1)),
    "a clock that is no JSON": ("POST", "/api/clock", b"later"),
    "a clock of words": ("POST", "/api/clock", b'{"offset": "an hour"}'),
    "a clock without end": ("POST", "/api/clock", b'{"offset": 1e300}'),
    "a clock that is no number": ("POST", "/api/clock", b'{"offset": NaN}'),
    "a clock and more": ("POST", "/api/clock", b'{"offset": 1, "colour": "red"}'),
    "half a power": ("POST", "/api/power", b'{"state": "half"}'),
    "no power": ("POST", "/api/power", b"{}"),
    "a text of 5,000 characters": ("POST", "/api/camera/text", b'{"text": "%s"}' % (b"x" * 5000)),
    "no text": ("POST", "/api/camera/text", b'{"text": ""}'),
    "a scale of nothing": ("GET", "/api/panel.png?scale=0", b""),
    "a scale of words": ("GET", "/api/panel.png?scale=big", b""),
    "a version of words": ("GET", "/api/events?since=yesterday", b""),
    "no such address": ("GET", "/api/vault", b""),
    "the wrong method": ("GET", "/api/power", b""),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_with_a_sentence(desk: Bench, what: str) -> None:
    method, path, body = REFUSED[what]
    before = desk.world.now
    reply = desk.browser.request(method, path, content=body)
    assert 400 <= reply.status_code < 500
    assert set(reply.json()) == {"error"}
    assert len(reply.json()["error"]) > 10
    assert desk.world.now == before


def test_a_name_from_elsewhere_is_refused(desk: Bench) -> None:
    reply = desk.browser.get("/api/screen", headers={"Host": "bench.example.com"})
    assert reply.status_code == 400


def test_another_site_in_the_same_browser_cannot_press_the_button(desk: Bench) -> None:
    origin = {"Origin": "https://evil.example.com"}
    assert desk.browser.post("/api/keys/ok/press", headers=origin).status_code == 400
    assert desk.world.now.down == frozenset()


def test_its_own_page_can_press_the_button(desk: Bench) -> None:
    origin = {"Origin": str(desk.browser.base_url).rstrip("/")}
    assert desk.browser.post("/api/keys/ok/press", headers=origin).status_code == 200


def test_a_refusal_speaks_the_language_that_is_asked_for(desk: Bench) -> None:
    told = desk.browser.post("/api/keys/x/press", headers={"Accept-Language": "nl"}).json()
    assert told != desk.browser.post("/api/keys/x/press").json()


@given(
    data=st.binary(max_size=400), kind=st.sampled_from(["PNG", "JPEG", "WEBP"]), at=st.floats(0, 1)
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_picture_is_a_picture_or_refused(data: bytes, kind: str, at: float) -> None:
    whole = picture(kind, (40, 30))
    place = int(at * len(whole))
    try:
        seen = grey_from_picture(whole[:place] + data + whole[place + len(data) :])
    except Refused:
        return
    assert len(seen.rows) == seen.width * seen.height


@given(text=st.text(max_size=3000))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_a_code_or_refused(text: str) -> None:
    try:
        seen = grey_from_text(text)
    except Refused:
        return
    assert len(seen.rows) == seen.width * seen.height


def test_the_page_is_served_in_both_languages_without_a_script_inside(run) -> None:  # noqa: ANN001
    with bench(run, language="nl", keys="joystick") as desk:
        dutch, english = (desk.browser.get(f"/?lang={one}") for one in ("nl", "en"))
        assert 'lang="nl"' in dutch.text
        assert 'lang="en"' in english.text
        assert dutch.text.count("data-role=") == 7
        assert "script-src 'self'" in dutch.headers["content-security-policy"]
        assert "<script>" not in dutch.text
