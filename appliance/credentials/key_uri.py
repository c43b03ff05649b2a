"""The Key URI Format that authenticator apps share, `scheme://kind/label?parameters`, taken apart and nothing more.

Percent signs are decoded exactly once; a doubled value is refused, and parameters that nobody asked for are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import unquote

from appliance.credentials.candidates import not_ours

NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)
BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")
ON, OFF = frozenset({"1", "true"}), frozenset({"0", "false", ""})


def parts(untrusted_rest: str) -> tuple[str, str, str]:
    """Kind (lower case), path and query of what stands behind the scheme. Raises NotTaken."""
    before, _, query = untrusted_rest.partition("?")
    kind, slash, path = before.partition("/")
    if not slash or not query:
        raise not_ours("This is not a code for signing in")
    return kind.lower(), path, query.partition("#")[0]


def parameters(untrusted_query: str, known: Collection[str]) -> dict[str, str]:
    """The known parameters, decoded. Raises NotTaken."""
    values: dict[str, str] = {}
    for pair in untrusted_query.split("&"):
        key, _, value = pair.partition("=")
        key = key.lower()
        if key not in known:
            continue
        if key in values:
            raise not_ours("This code says something twice")
        values[key] = decoded(value.replace("+", "%20"))
    return values


def decoded(untrusted: str) -> str:
    """Percent signs resolved, once. Raises NotTaken."""
    if BROKEN.search(untrusted):
        raise not_ours()
    try:
        return unquote(untrusted, errors="strict")
    except UnicodeDecodeError as wrong:
        raise not_ours() from wrong


def names(untrusted_path: str, issuer: str) -> tuple[str, str]:
    """Issuer and label; a literal or an encoded colon splits them, and the parameter's issuer wins."""
    before, colon, after = decoded(untrusted_path).partition(":")
    label = (after if colon else before).strip()
    return issuer.strip() or (before.strip() if colon else ""), label


def number(untrusted: str) -> int:
    """A whole number. Raises NotTaken."""
    if not NUMBER.fullmatch(untrusted):
        raise not_ours()
    return int(untrusted)


def switch(untrusted: str) -> bool:
    """Yes or no, in the spellings of privacyIDEA's several versions. Raises NotTaken."""
    if untrusted.lower() in ON:
        return True
    if untrusted.lower() in OFF:
        return False
    raise not_ours()
