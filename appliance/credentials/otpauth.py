"""Our own strict reader of `otpauth://totp`, `hotp` and `daypassword` texts. Refuses, never repairs, never repeats.

A day password is a timed code with a long period. `pin` and `app_force_unlock` ask for a PIN before the code is
shown; the three `2step_` values go together. Source: the Key URI Format that the authenticator apps share, and
privacyIDEA's additions to it; limits from checklist rows 1 and 38.
"""

from __future__ import annotations

import re

from appliance.core.accounts import Kind
from appliance.core.troubles import Trouble
from appliance.credentials import key_uri
from appliance.credentials.candidates import (
    Algorithm,
    NotTaken,
    OtpCandidate,
    TwoStep,
    checked,
    not_ours,
    secret_of,
)

LONGEST = 2048
SERIAL = re.compile(r"[A-Za-z0-9_\-]{4,40}", re.ASCII)
SCHEME = "otpauth://"
TWO_STEP = ("2step_salt", "2step_output", "2step_difficulty")
KNOWN = frozenset(
    {
        "secret",
        "issuer",
        "algorithm",
        "digits",
        "period",
        "counter",
        "pin",
        "app_force_unlock",
        "serial",
    }
    | set(TWO_STEP)
)
KINDS = {"totp": Kind.TOTP, "hotp": Kind.HOTP, "daypassword": Kind.TOTP}
DAY = "86400"
UNLOCKS = ("", "any", "biometric", "pin")


def parse(untrusted_text: str) -> OtpCandidate:
    """The code generator this text describes. Raises NotTaken, whose words carry nothing of the text."""
    if len(untrusted_text) > LONGEST:
        raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    if untrusted_text[: len(SCHEME)].lower() != SCHEME:
        raise not_ours("This is not a code for signing in")
    name, path, query = key_uri.parts(untrusted_text[len(SCHEME) :])
    if name not in KINDS:
        raise not_ours("This is not a code for signing in")
    values = key_uri.parameters(query, KNOWN)
    if "secret" not in values:
        raise not_ours("This code has no secret")
    issuer, label = key_uri.names(path, values.get("issuer", ""))
    usual = DAY if name == "daypassword" else "30"
    return checked(
        OtpCandidate(
            kind=KINDS[name],
            label=label,
            issuer=issuer,
            secret=secret_of(values["secret"]),
            algorithm=_algorithm(values.get("algorithm", "SHA1")),
            digits=key_uri.number(values.get("digits", "6")),
            period=key_uri.number(values.get("period", usual)),
            counter=_counter(KINDS[name], values),
            must_pin=must_pin(values),
            two_step=_two_step(values),
            serial=_serial(values.get("serial", "")),
        )
    )


def must_pin(values: dict[str, str]) -> bool:
    """Whether the service asks for a PIN first, in the older or the newer spelling. Raises NotTaken."""
    unlock = values.get("app_force_unlock", "").lower()
    if unlock not in UNLOCKS:
        raise not_ours("This code asks for a lock that we do not have")
    return bool(unlock) or key_uri.switch(values.get("pin", ""))


def _algorithm(untrusted: str) -> Algorithm:
    try:
        return Algorithm(untrusted.upper().replace("-", "").removeprefix("HMAC"))
    except ValueError as wrong:
        raise not_ours("This code uses a method that we do not know") from wrong


def _counter(kind: Kind, values: dict[str, str]) -> int:
    if kind is Kind.TOTP:
        return 0
    if "counter" not in values:
        raise not_ours("This code has no counter")
    return key_uri.number(values["counter"])


def _serial(untrusted: str) -> str:
    """The name by which privacyIDEA knows this token; of another form it is none."""
    return untrusted if SERIAL.fullmatch(untrusted) else ""


def _two_step(values: dict[str, str]) -> TwoStep | None:
    given = [values[key] for key in TWO_STEP if key in values]
    if not given:
        return None
    if len(given) != len(TWO_STEP):
        raise not_ours()
    salt, output, rounds = map(key_uri.number, given)
    return TwoStep(salt, output, rounds)
