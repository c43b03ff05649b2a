"""Our own strict reader of `otpauth://totp` and `otpauth://hotp` texts. Refuses, never repairs, never repeats the text.

Percent signs are decoded exactly once; a doubled or missing value is refused; parameters we do not know are ignored.
Source: the Key URI Format that the authenticator apps share; limits from checklist rows 1 and 38.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from appliance.core.accounts import Kind
from appliance.core.troubles import Trouble
from appliance.credentials.candidates import (
    Algorithm,
    NotTaken,
    OtpCandidate,
    checked,
    not_ours,
    secret_of,
)

LONGEST = 2048
SCHEME = "otpauth://"
KNOWN = frozenset({"secret", "issuer", "algorithm", "digits", "period", "counter"})
KINDS = {"totp": Kind.TOTP, "hotp": Kind.HOTP}
NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)
BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")


def parse(untrusted_text: str) -> OtpCandidate:
    """The code generator this text describes. Raises NotTaken, whose words carry nothing of the text."""
    if len(untrusted_text) > LONGEST:
        raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    if untrusted_text[: len(SCHEME)].lower() != SCHEME:
        raise not_ours("This is not a code for signing in")
    kind, path, query = _parts(untrusted_text[len(SCHEME) :])
    values = _parameters(query)
    if "secret" not in values:
        raise not_ours("This code has no secret")
    issuer, label = _names(path, values.get("issuer", ""))
    return checked(
        OtpCandidate(
            kind=kind,
            label=label,
            issuer=issuer,
            secret=secret_of(values["secret"]),
            algorithm=_algorithm(values.get("algorithm", "SHA1")),
            digits=_number(values.get("digits", "6")),
            period=_number(values.get("period", "30")),
            counter=_counter(kind, values),
        )
    )


def _parts(untrusted_rest: str) -> tuple[Kind, str, str]:
    before, _, query = untrusted_rest.partition("?")
    kind, slash, path = before.partition("/")
    if kind.lower() not in KINDS or not slash or not query:
        raise not_ours("This is not a code for signing in")
    return KINDS[kind.lower()], path, query.partition("#")[0]


def _parameters(untrusted_query: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in untrusted_query.split("&"):
        key, _, value = pair.partition("=")
        key = key.lower()
        if key not in KNOWN:
            continue
        if key in values:
            raise not_ours("This code says something twice")
        values[key] = _decoded(value.replace("+", "%20"))
    return values


def _decoded(untrusted: str) -> str:
    if BROKEN.search(untrusted):
        raise not_ours()
    try:
        return unquote(untrusted, errors="strict")
    except UnicodeDecodeError as wrong:
        raise not_ours() from wrong


def _names(untrusted_path: str, issuer: str) -> tuple[str, str]:
    """Issuer and label; a literal or an encoded colon splits them, and the parameter's issuer wins."""
    before, colon, after = _decoded(untrusted_path).partition(":")
    label = (after if colon else before).strip()
    return issuer.strip() or (before.strip() if colon else ""), label


def _algorithm(untrusted: str) -> Algorithm:
    try:
        return Algorithm(untrusted.upper().replace("-", "").removeprefix("HMAC"))
    except ValueError as wrong:
        raise not_ours("This code uses a method that we do not know") from wrong


def _number(untrusted: str) -> int:
    if not NUMBER.fullmatch(untrusted):
        raise not_ours()
    return int(untrusted)


def _counter(kind: Kind, values: dict[str, str]) -> int:
    if kind is Kind.TOTP:
        return 0
    if "counter" not in values:
        raise not_ours("This code has no counter")
    return _number(values["counter"])
