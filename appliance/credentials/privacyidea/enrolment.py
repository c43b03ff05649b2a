"""The QR code of a push token, and the exchange that binds it to a key of this device.

The serial in its own field is the token's name in every message; the label is for people. Fields that only newer
servers send may be absent; an unknown `v` is refused, because it announces another cryptography.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from appliance.core.troubles import Trouble
from appliance.credentials import key_uri
from appliance.credentials.addresses import host_of, is_safe_address
from appliance.credentials.candidates import LONGEST_NAME, NotTaken, not_ours
from appliance.credentials.otpauth import SERIAL, must_pin

LONGEST = 2048
SCHEMES = ("otpauth://", "pia://")
KNOWN = frozenset(
    {"url", "ttl", "issuer", "enrollment_credential", "v", "serial", "sslverify", "poll_only"}
    | {"pin", "app_force_unlock"}
)
NEEDED = ("url", "enrollment_credential", "serial")
CREDENTIAL = re.compile(r"[0-9A-Za-z]{16,128}", re.ASCII)
VERSION, USUAL_TTL, LONGEST_TTL = "1", "10", 7 * 24 * 60
NO_GATEWAY = "no_firebase_token"


@dataclass(frozen=True, slots=True)
class PushCandidate:
    """A push token as it was scanned. `credential` proves once that the code was seen; `ttl` is in seconds.

    `checks_tls` is False when the server asks that its certificate be not looked at.
    """

    serial: str
    label: str
    issuer: str
    url: str
    credential: str = field(repr=False)
    ttl: float = 600.0
    checks_tls: bool = True
    poll_only: bool = True
    must_pin: bool = False

    @property
    def host(self) -> str:
        """Where the server lives."""
        return host_of(self.url)

    @property
    def origin(self) -> str:
        """Scheme and host."""
        return self.url[: self.url.index(self.host) + len(self.host)]


def parse(untrusted_text: str) -> PushCandidate:
    """The push token this text offers. Raises NotTaken, whose words carry nothing of the text."""
    if len(untrusted_text) > LONGEST:
        raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    scheme = next((s for s in SCHEMES if untrusted_text[: len(s)].lower() == s), "")
    kind, path, query = key_uri.parts(untrusted_text[len(scheme) :])
    values = key_uri.parameters(query, KNOWN)
    if not scheme or kind != "pipush" or not all(values.get(key) for key in NEEDED):
        raise not_ours("This is not a code for signing in")
    if values.get("v", VERSION) != VERSION:
        raise NotTaken(Trouble.NEWER, "This code is for newer software")
    issuer, label = key_uri.names(path, values.get("issuer", ""))
    minutes = key_uri.number(values.get("ttl", USUAL_TTL))
    return _checked(
        PushCandidate(
            serial=values["serial"],
            label=label or values["serial"],
            issuer=issuer,
            url=values["url"],
            credential=values["enrollment_credential"],
            ttl=60.0 * min(minutes, LONGEST_TTL),
            checks_tls=key_uri.switch(values.get("sslverify") or "1"),
            poll_only=key_uri.switch(values.get("poll_only", "")),
            must_pin=must_pin(values),
        )
    )


def rollout(candidate: PushCandidate, public_key: str, gateway_address: str = "") -> dict[str, str]:
    """The form that binds the token to this key. `gateway_address` is where the server's gateway may ring for us."""
    return {
        "serial": candidate.serial,
        "enrollment_credential": candidate.credential,
        "pubkey": public_key,
        "fbtoken": gateway_address or NO_GATEWAY,
        "capabilities": '["decline_reason"]',
    }


def _checked(candidate: PushCandidate) -> PushCandidate:
    if not SERIAL.fullmatch(candidate.serial) or not CREDENTIAL.fullmatch(candidate.credential):
        raise not_ours()
    if max(len(candidate.label), len(candidate.issuer)) > LONGEST_NAME:
        raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    if not is_safe_address(candidate.url):
        raise NotTaken(Trouble.NOT_HTTPS, "This address is not safe: it must begin with https")
    return candidate
