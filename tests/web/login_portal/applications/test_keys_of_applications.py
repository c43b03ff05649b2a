"""An application that proves itself with its own key instead of a secret (RFC 7523, private_key_jwt)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from appliance.core.errors import Refused
from tests.web.login_portal.applications.relying import Relying, register, signed_in
from tests.web.login_portal.applications.signing import KIND, assertion, key_pair, push_proven
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import Person
from web.login_portal.rules.application_keys import public_key


@pytest.fixture
def keyed(world: World) -> tuple[Relying, dict[str, Any]]:
    """An application with a key, and its private half."""
    private, public = key_pair()
    return register(world, "Rooster", public_key=public), private


def pem(key: Any) -> str:  # noqa: ANN401
    """The public half of this key."""
    text: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return text.decode()


def test_an_application_with_a_key_needs_no_secret(
    world: World, jan: Person, token: Device, keyed: tuple[Relying, dict[str, Any]]
) -> None:
    rooster, private = keyed
    assert rooster.key == ""
    code = signed_in(world, jan, token, rooster)["code"]
    refused = rooster.change(code, client_id=rooster.id)
    assert refused.status_code in (400, 401)
    proof = {"client_assertion_type": KIND, "client_assertion": assertion(rooster, private)}
    assert rooster.change(code, **proof).status_code == 200


def test_an_assertion_works_once(keyed: tuple[Relying, dict[str, Any]]) -> None:
    rooster, private = keyed
    given = assertion(rooster, private)
    assert push_proven(rooster, given).status_code == 201
    again = push_proven(rooster, given)
    assert again.status_code == 400
    assert again.json["error"] == "invalid_client"  # type: ignore[index]


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://elsewhere.example"},
        {"aud": ["https://elsewhere.example"]},
        {"aud": {"a": 1}},
        {"aud": ""},
        {"iss": "app-0000000000000000"},
        {"sub": "app-0000000000000000"},
        {"sub": 7},
        {"jti": ""},
        {"jti": "j" * 200},
        {"jti": 7},
        {"exp": ""},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 1.0},
        {"exp": 9e9},
    ],
    ids=str,
)
def test_a_wrong_assertion_proves_nothing(
    keyed: tuple[Relying, dict[str, Any]], changed: dict[str, object]
) -> None:
    rooster, private = keyed
    refused = push_proven(rooster, assertion(rooster, private, **changed))
    assert refused.status_code == 400
    assert refused.json["error"] == "invalid_client"  # type: ignore[index]


def test_another_key_proves_nothing(keyed: tuple[Relying, dict[str, Any]]) -> None:
    rooster, _ = keyed
    assert push_proven(rooster, assertion(rooster, key_pair()[0])).status_code == 400


@pytest.mark.parametrize("text", ["", "x", "x.y.z", "é", "e30.e30.", "a" * 5000])
def test_rubbish_for_an_assertion_breaks_nothing(
    keyed: tuple[Relying, dict[str, Any]], text: str
) -> None:
    assert push_proven(keyed[0], text).status_code in (400, 401)


def test_an_application_without_a_key_cannot_use_one(world: World) -> None:
    assert (
        push_proven(register(world), assertion(register(world, "B"), key_pair()[0])).status_code
        == 400
    )


GOOD: dict[str, Callable[[], Any]] = {
    "p-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "rsa 2048": lambda: rsa.generate_private_key(65537, 2048),
}
WEAK: dict[str, Callable[[], Any]] = {
    "p-192": lambda: ec.generate_private_key(ec.SECP192R1()),
    "rsa 1024": lambda: rsa.generate_private_key(65537, 1024),  # noqa: S505
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_key_is_taken_and_written_anew(kind: str) -> None:
    text = pem(GOOD[kind]())
    assert public_key(f"\n {text} \n") == text


@pytest.mark.parametrize("kind", WEAK)
def test_a_weak_or_unknown_key_is_not_taken(kind: str) -> None:
    with pytest.raises(Refused, match="RSA of 2048"):
        public_key(pem(WEAK[kind]()))


@pytest.mark.parametrize(
    "text", ["", "x", "é", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"]
)
def test_rubbish_is_no_key(text: str) -> None:
    with pytest.raises(Refused, match="RSA of 2048"):
        public_key(text)


def test_a_private_key_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="This is a private key"):
        public_key("-----BEGIN PRIVATE KEY-----")
