"""What the pages refuse of a browser: foreign hosts and origins, forged forms, stolen cookies, other sites."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from web.login_portal.rules.addresses import local_path, origin, own_post

OURS = origin("http://127.0.0.1:8443")
DESK = [
    *(
        f"/desk/people/p1/{act}"
        for act in ("unlock", "block", "let-in", "contact", "role", "issue", "revoke")
    ),
    *("/desk/enrolments/t1/code", "/desk/enrolments/t1/vouch", "/desk/boxes/DT-1/revoke"),
    *("/desk/reports/7", "/desk/import", "/desk/import/apply", "/desk/applications/new"),
    *(f"/desk/applications/a1/{act}" for act in ("secret", "disable", "enable", "remove")),
]
PAGES = ["/sign-in", "/link", "/waiting", "/account", "/outbox", "/e", "/nowhere", "/authorize",
         "/end-session", "/account/passkeys", "/openid/keys", "/go-on/x",
         "/desk", "/desk/audit.csv"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_headers_errors_too(world: World, path: str) -> None:
    headers = world.browser().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/device/v1/answers", "/static/live.js", "/authorize", "/openid/token",
     "/.well-known/openid-configuration"],
)  # fmt: skip
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "127.0.0.1:8443.evil.example"])
def test_a_foreign_host_reaches_no_handler(world: World, path: str, host: str) -> None:
    assert world.browser().get(path, Host=host).status_code == 421


@pytest.mark.usefixtures("token")
def test_pages_hold_no_inline_script_or_style(jan: Person) -> None:
    for path in ("/sign-in", "/waiting", "/waiting/code", "/outbox", "/nowhere"):
        if path == "/waiting":
            jan.sign_in()
        jan.get(path)
        for forbidden in ("<style", " style=", " onclick", "javascript:", "//cdn"):
            assert forbidden not in jan.text
        assert jan.text.count("<script src=") == jan.text.count("<script")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8443", "Sec_Fetch_Site": "cross-site"},
        {"Origin": "null", "Sec_Fetch_Site": "same-site"},
    ],
)
def test_a_post_from_another_site_is_refused(jan: Person, headers: dict[str, str]) -> None:
    jan.get("/sign-in")
    reply = jan.post("/sign-in", {"name": "jan", "password": PASSWORD}, **headers)
    assert reply.status_code == 403


def test_a_post_without_referrer_is_ours_when_the_browser_says_so() -> None:
    assert own_post(OURS, "null", "same-origin")
    assert not own_post(OURS, None, None)


@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/sign-in/for/abc", "/sign-out", "/sign-out/all", "/link/new",
     "/link/finish", "/waiting/cancel", "/waiting/finish", "/waiting/code", "/locked/again",
     "/passkeys/options", "/passkeys/sign-in", "/account/passkeys", "/account/passkeys/remove",
     "/account/password", "/language", "/link/again", "/link/vouch", *DESK],
)  # fmt: skip
def test_every_form_needs_this_browsers_word(world: World, path: str) -> None:
    person = world.browser()
    person.get("/sign-in")
    other = world.browser()
    other.get("/sign-in")
    assert person.post(path, {"csrf": ""}).status_code == 403
    assert person.post(path, {"csrf": other.word}).status_code == 403


def test_of_two_tabs_that_go_on_at_once_the_second_follows_and_does_nothing(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    token.answer(world.letters(token)[-1], "approve", jan.element("match-number"))
    jan.get("/waiting")
    older = jan.word
    jan.post("/waiting/finish")
    cookie = jan.client.get_cookie("portal-session", domain="127.0.0.1")
    assert jan.post("/waiting/finish", {"csrf": older}).headers["Location"] == "/sign-in"
    assert jan.get("/sign-in").headers["Location"] == "/account"
    assert jan.client.get_cookie("portal-session", domain="127.0.0.1") == cookie
    evil = jan.post("/waiting/finish", {"csrf": older}, Origin="https://evil.example")
    assert evil.status_code == 403
    assert jan.post("/sign-out", {"csrf": older}).status_code == 403


def test_every_post_route_is_in_that_list_or_a_machines_call(world: World) -> None:
    """The two that an application's own form may call only turn it into an address."""
    posts = {str(rule) for rule in world.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    pages = {path for path in posts if not path.startswith(("/device/", "/openid/", "/desk/"))}
    assert pages - {"/authorize", "/end-session"} == {
                     "/sign-in", "/sign-in/for/<wish>", "/sign-out", "/sign-out/all", "/link/new",
                     "/passkeys/options", "/passkeys/sign-in", "/account/passkeys",
                     "/account/passkeys/remove", "/link/finish", "/waiting/cancel",
                     "/waiting/finish", "/waiting/code", "/locked/again", "/account/password",
                     "/language", "/link/again", "/link/vouch"}  # fmt: skip
    at_desk = {re.sub("<[^>]*>", "<>", path) for path in posts if path.startswith("/desk/")}
    assert at_desk == {re.sub(r"/(p1|t1|a1|DT-1|7)(?=/|$)", "/<>", path) for path in DESK}


@pytest.mark.usefixtures("token")
def test_a_planted_cookie_does_not_survive_the_password(world: World) -> None:
    jan = world.browser()
    jan.client.set_cookie("portal-session", "planted", domain="127.0.0.1")
    jan.sign_in()
    cookie = jan.client.get_cookie("portal-session", domain="127.0.0.1")
    assert cookie is not None
    assert cookie.value != "planted"
    thief = world.browser()
    thief.client.set_cookie("portal-session", "planted", domain="127.0.0.1")
    assert thief.get("/waiting").headers["Location"] == "/sign-in"


def test_the_cookie_changes_when_both_factors_are_shown(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    before = jan.client.get_cookie("portal-session", domain="127.0.0.1")
    jan.post("/waiting/code", {"code": token.code(world.clock())})
    after = jan.client.get_cookie("portal-session", domain="127.0.0.1")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert after.http_only
    assert after.same_site == "Strict"


def test_over_https_the_cookie_is_bound_to_the_host(make_world: object) -> None:
    world = make_world("tls", "https://sign-in.example.org")  # type: ignore[operator]
    reply = world.browser().get("/sign-in")
    cookie = reply.headers["Set-Cookie"]
    assert cookie.startswith("__Host-portal-session=")
    assert "Secure" in cookie
    assert "Strict-Transport-Security" in reply.headers
    assert world.browser().get("/outbox").status_code == 404


def test_a_session_ends_when_idle_and_when_old(world: World, jan: Person, token: Device) -> None:
    jan.sign_in()
    jan.post("/waiting/code", {"code": token.code(world.clock())})
    for _ in range(3):
        world.clock.now += 590
        assert jan.get("/account").status_code == 200
    world.clock.now += 60
    assert jan.get("/account").status_code == 303
    idle = world.browser()
    idle.sign_in()
    world.clock.now += 601
    assert idle.get("/waiting").headers["Location"] == "/sign-in"


@pytest.mark.parametrize(
    "untrusted",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/sign-in?x=//e", "javascript:x",
     "/a//evil.example", "/\t/evil.example", "", "/" + "a" * 200],
)  # fmt: skip
def test_no_redirect_leads_to_another_site(jan: Person, untrusted: str) -> None:
    jan.get("/sign-in")
    reply = jan.post("/language", {"language": "nl", "back": untrusted})
    assert reply.headers["Location"] == "/"


@given(st.text(max_size=60))
def test_a_local_path_never_names_a_host(untrusted: str) -> None:
    path = local_path(untrusted)
    assert path.startswith("/")
    assert not path.startswith("//")
    assert ":" not in path
    assert "\\" not in path


def test_the_language_follows_the_browser_and_then_the_choice(jan: Person) -> None:
    assert 'lang="en"' in jan.get("/sign-in", Accept_Language="fr, en;q=0.8").text
    assert '<html lang="nl"' in jan.get("/sign-in", Accept_Language="fr").text
    jan.post("/language", {"language": "nl", "back": "/sign-in"})
    assert "Inloggen" in jan.text


def test_markup_in_a_name_stays_text(world: World) -> None:
    world.portal.add_person("odd", PASSWORD, display="<img src=x>", phone="0612345678")
    odd = world.browser()
    odd.sign_in("odd")
    device = world.link(odd, world.device("<b>serial</b>"))
    assert device.grant is not None
    odd.get("/link")
    odd.post("/link/finish")
    assert "&lt;img src=x&gt;" in odd.text
    assert "<b>serial" not in odd.text
