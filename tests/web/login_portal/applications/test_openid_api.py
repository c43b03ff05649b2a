"""What applications ask without a browser: discovery, keys and their turn, and calls that make no sense."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from appliance.core.errors import Refused
from tests.web.login_portal.applications.relying import (
    BACK,
    Relying,
    register,
    signed_in,
    walk,
)
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import Person
from web.login_portal.applications.metadata import metadata
from web.login_portal.applications.signing_keys import ANNOUNCED, GOOD_FOR, KEPT
from web.login_portal.command import main
from web.login_portal.rules.application_words import address
from web.login_portal.rules.roles import COMMAND

WORDS = st.dictionaries(
    st.sampled_from(["grant_type", "code", "client_id", "auth_req_id", "scope", "login_hint"]),
    st.text(max_size=30) | st.sampled_from(["authorization_code", "openid"]),
)


def call(world: World, verb: str, path: str, **more: object) -> TestResponse:
    base = world.portal.config.origin.url
    return world.app.test_client().open(path, method=verb, base_url=base, **more)  # type: ignore[arg-type]


def test_discovery_names_what_is_there(world: World) -> None:
    said = call(world, "GET", "/.well-known/openid-configuration").json
    assert said == metadata(world.portal.config.origin.url)
    paths = {str(rule) for rule in world.app.url_map.iter_rules()}
    for name, where in said.items():
        if name.endswith(("_endpoint", "_uri")):
            assert where.removeprefix(said["issuer"]) in paths


def test_every_prompt_that_discovery_names_is_understood_and_no_other(
    world: World, jan: Person, token: Device
) -> None:
    rooster = register(world)
    signed_in(world, jan, token, rooster)
    named = call(world, "GET", "/.well-known/openid-configuration").json["prompt_values_supported"]  # type: ignore[index]
    assert sorted(named) == ["login", "none", "select_account"]
    for prompt in (*named, "create", "consent"):
        reply = walk(jan, rooster.wish(prompt=prompt))
        assert ("error=" in reply.headers.get("Location", "")) == (prompt not in named)


def test_a_coming_key_is_published_a_day_before_it_signs(world: World) -> None:
    signing, clock = world.portal.applications.signing, world.clock

    def published() -> list[str]:
        return [key["kid"] for key in signing.published(clock())]

    def signs_with() -> str:
        header = signing.sign({"sub": "x"}, clock()).partition(".")[0]
        return base64.urlsafe_b64decode(header + "==").decode()

    first = published()
    clock.now += GOOD_FOR - ANNOUNCED + 1
    signing.turn(clock())
    signing.turn(clock())
    both = published()
    assert (len(both), both[-1]) == (2, first[0])
    assert first[0] in signs_with()
    clock.now += ANNOUNCED + 1
    signing.turn(clock())
    assert both[0] in signs_with()
    assert published() == both
    clock.now += KEPT
    signing.turn(clock())
    assert published() == both[:1]


def test_no_private_key_leaves_or_lies_open(world: World, tmp_path: Path) -> None:
    told = call(world, "GET", "/openid/keys").json
    assert [set(key) for key in told["keys"]] == [{"kty", "n", "e", "kid", "use", "alg"}]
    stored = b"".join(path.read_bytes() for path in (tmp_path / "portal").glob("portal.db*"))
    assert b'"d"' not in stored
    assert b'"p"' not in stored


@pytest.mark.parametrize("path", ["/openid/token", "/openid/backchannel"])
@settings(suppress_health_check=list(HealthCheck), max_examples=60, deadline=None)
@given(sent=WORDS, credentials=st.binary(max_size=30), twice=st.booleans())
def test_no_call_breaks_it(
    world: World, path: str, sent: dict[str, str], credentials: bytes, twice: bool
) -> None:
    basic = {"Authorization": f"Basic {base64.b64encode(credentials).decode()}"}
    data = [*sent.items(), *(sent.items() if twice else [])]
    form = {name: [value for key, value in data if key == name] for name, _ in data}
    reply = call(world, "POST", path, data=form, headers=basic)
    assert reply.status_code in (400, 401)
    assert "error" in reply.json  # type: ignore[operator]


@settings(suppress_health_check=list(HealthCheck), max_examples=100, deadline=None)
@given(
    sent=st.dictionaries(
        st.sampled_from(["response_type", "scope", "state", "nonce", "prompt", "max_age",
                         "code_challenge", "code_challenge_method", "login_hint", "ui_locales"]),
        st.text(max_size=30),
    )
)  # fmt: skip
def test_no_wish_breaks_it(world: World, sent: dict[str, str]) -> None:
    known = world.portal.applications.registrations.listed(COMMAND)
    rooster = Relying(world, known[0].id, "") if known else register(world)
    query = {"client_id": rooster.id, "redirect_uri": BACK, **sent}
    reply = call(world, "GET", "/authorize", query_string=query)
    assert reply.status_code in (302, 303, 400)
    assert reply.headers["Location"].startswith((BACK, "/sign-in/for/"))


@pytest.mark.parametrize(
    "bearer", ["", "Bearer", "Bearer x", "Bearer é", "Basic eDp5", "Bearer \x01"]
)
def test_a_strange_access_token_opens_nothing(world: World, bearer: str) -> None:
    headers = {"Authorization": bearer.encode("latin-1").decode("latin-1")}
    reply = call(world, "GET", "/openid/userinfo", headers=headers)
    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_other_verbs_get_a_problem(world: World) -> None:
    assert call(world, "DELETE", "/openid/token").mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "wrong",
    ["http://rooster.example.org/", "https://", "https://a@b.example/", "javascript:alert(1)",
     "https://a.example/#x", "https://a.example/ x", "//a.example", "https://[x", "", "https://a\\b.example/",
     f"https://a.example/{'x' * 600}"],
)  # fmt: skip
def test_an_address_that_browsers_must_not_be_sent_to_is_not_registered(wrong: str) -> None:
    with pytest.raises(Refused):
        address(wrong)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_an_application_is_added_listed_and_removed(tmp_path: Path) -> None:
    data, key = str(tmp_path / "portal"), tmp_path / "rooster.secret"
    added = run(
        "app", "add", "Rooster", "--redirect", BACK, "--secret-file", str(key), "--data", data
    )
    assert added.exit_code == 0, added.output
    name = added.stdout.strip()
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_text().strip() not in added.output
    assert (
        run("app", "list", "--data", data).stdout
        == f"{name}\tRooster\tconfidential\tbrowser\t{BACK}\n"
    )
    assert run("app", "new-key", "--data", data).exit_code == 0
    assert run("app", "remove", name, "--data", data).stdout == f"{name} removed\n"
    assert run("app", "list", "--data", data).stdout == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["--redirect", BACK],
            "Say where the secret goes with --secret-file, or give a --public-key, or --public",
        ),
        (["--public"], "An application needs an address to send people back to"),
        (["--public", "--kiosk", "press"], "A kiosk needs a secret"),
        (["--public", "--redirect", "http://x.example"], "An address must be https"),
    ],
)
def test_a_wrong_application_is_refused_in_one_sentence(
    tmp_path: Path, words: list[str], sentence: str
) -> None:
    refused = run("app", "add", "Rooster", *words, "--data", str(tmp_path / "portal"))
    assert refused.exit_code == 1
    assert refused.output.startswith(f"Error: {sentence}")


def test_a_secret_that_cannot_be_handed_over_makes_no_application(tmp_path: Path) -> None:
    data, key = str(tmp_path / "portal"), tmp_path / "there"
    key.write_text("mine")
    words = ["--redirect", BACK, "--secret-file", str(key), "--data", data]
    assert run("app", "add", "Rooster", *words).exit_code == 1
    assert key.read_text() == "mine"
    assert run("app", "list", "--data", data).stdout == ""
