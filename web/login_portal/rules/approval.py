"""What a login was worth, in the words of OpenID Connect: `acr` names the way of approving, `amr` its parts.

Sources: OpenID Connect Core 1.0 section 2; RFC 8176; OpenID EAP ACR values (`phr`: phishing-resistant).
"""

from __future__ import annotations

PASSKEY = "passkey"
BY_TOKEN = ("press", "number", "scan")
_ACR = {way: f"urn:desk-token:{way}" for way in (*BY_TOKEN, "code", "linked")} | {PASSKEY: "phr"}
ACR_VALUES = tuple(sorted(_ACR.values()))
_HARD = ("TPM 2", "Pi firmware key")
_STRENGTH = {"press": 0, "number": 1, "scan": 2}


def acr(how: str) -> str:
    """The name of this way of approving; of one that we do not know, the weakest."""
    return _ACR.get(how, _ACR["press"])


def amr(how: str, key: str, *, password: bool) -> list[str]:
    """What was shown for it; `key` is hwk or swk, where the answering key is kept."""
    shown = ["pwd"] if password else []
    match how:
        case "code":
            return [*shown, "otp", "mfa"]
        case "passkey":
            return [key, "user", "mfa"]
        case _:
            return [*shown, key, "user", *(["mfa"] if password else [])]


def kept_in(storage_levels: list[str]) -> str:
    """hwk when hardware guards the keys of every token that might have answered, else swk: the weakest counts."""
    hard = bool(storage_levels) and all(level in _HARD for level in storage_levels)
    return "hwk" if hard else "swk"


def stronger(one: str, other: str) -> str:
    """The stronger of two ways to match an approval to the page."""
    return max(one, other, key=lambda way: _STRENGTH[way])
