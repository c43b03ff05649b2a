"""Push and container codes that must not be taken, each with its reason; and the two-step secret."""

from __future__ import annotations

import base64
import hashlib

import pytest

from appliance.core.troubles import Trouble
from appliance.credentials.candidates import NotTaken, TwoStep
from appliance.credentials.scanned import understand
from appliance.credentials.two_step import derived, typed
from tests.credentials.privacyidea.recorded import SAID

PUSH, TIED = SAID["url"], SAID["container"]
SAFE = PUSH.replace("http%3A//127.0.0.1", "https%3A//mfa.example.org")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (PUSH.replace("&v=1", "&v=2"), Trouble.NEWER),
        (PUSH.replace("127.0.0.1", "mfa.example.org"), Trouble.NOT_HTTPS),
        (SAFE.replace("enrollment_credential", "x"), Trouble.NOT_LOGIN_QR),
        (SAFE.replace("&serial=", "&serial=%00"), Trouble.NOT_LOGIN_QR),
        (SAFE + "&serial=PIPU1234", Trouble.NOT_LOGIN_QR),
        (SAFE.replace("sslverify=1", "sslverify=maybe"), Trouble.NOT_LOGIN_QR),
        (SAFE + "&app_force_unlock=retina", Trouble.NOT_LOGIN_QR),
        (SAFE.replace("issuer=", "issuer=" + "x" * 200), Trouble.TOO_LONG),
        (SAFE + "&x=" + "y" * 2000, Trouble.TOO_LONG),
        (TIED.replace("secp384r1", "ed448"), Trouble.NEWER),
        (TIED.replace("passphrase=&", "passphrase=" + "x" * 201 + "&"), Trouble.TOO_LONG),
        (TIED.replace("127.0.0.1", "mfa.example.org"), Trouble.NOT_HTTPS),
        (TIED.replace("&nonce=", "&nonce=%2B"), Trouble.NOT_LOGIN_QR),
        (TIED.replace("&time=", "&time=x"), Trouble.NOT_LOGIN_QR),
        (TIED + "&x=" + "y" * 2000, Trouble.TOO_LONG),
    ],
)
def test_a_code_that_must_not_be_taken_has_its_reason(text: str, why: Trouble) -> None:
    with pytest.raises(NotTaken) as refused:
        understand(text)
    assert refused.value.why is why
    assert "example" not in str(refused.value)


def test_fields_that_only_newer_servers_send_may_be_absent() -> None:
    bare = SAFE.split("&ttl")[0] + "&enrollment_credential=" + "a1" * 20 + "&serial=PIPU0001"
    found = understand(bare)
    assert (found.checks_tls, found.ttl, found.must_pin) == (True, 600.0, False)


def test_a_server_may_ask_that_its_certificate_is_not_looked_at() -> None:
    assert not understand(SAFE.replace("sslverify=1", "sslverify=0")).checks_tls


@pytest.mark.parametrize("more", ["&2step_salt=8", "&2step_salt=8&2step_output=20"])
def test_the_parts_of_two_steps_go_together(more: str) -> None:
    secret = base64.b32encode(b"0" * 20).decode()
    with pytest.raises(NotTaken):
        understand(f"otpauth://totp/a?secret={secret}{more}")
    tall = "&2step_salt=8&2step_output=20&2step_difficulty=999999999"
    with pytest.raises(NotTaken):
        understand(f"otpauth://totp/a?secret={secret}{tall}")


def test_two_steps_by_their_definition() -> None:
    secret, salt = bytes(range(20)), b"saltsalt"
    password = secret.hex().encode()
    assert derived(secret, salt, TwoStep(8, 32, 10_000)) == hashlib.pbkdf2_hmac(
        "sha1", password, salt, 10_000, 32
    )
    assert base64.b32decode(typed(salt) + "====")[4:] == salt
    assert len(typed(salt)) == 20
