"""A security key as a browser shows it to a page: an ES256 key, a counter, and true or false words about its person."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SecurityKey:
    """One credential; every claim about the world can be changed by the test."""

    origin: str
    party: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    name: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    person: str = ""

    def make(self, options: dict[str, Any]) -> str:
        """What a browser sends after navigator.credentials.create()."""
        self.person = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        held = bytes(16) + len(self.name).to_bytes(2) + self.name + cbor2.dumps(public)
        data = self._data(self.flags | WITH_KEY) + held
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options)
        return self._sent({"clientDataJSON": client, "attestationObject": attestation})

    def show(self, options: dict[str, Any]) -> str:
        """What a browser sends after navigator.credentials.get()."""
        self.count += 1
        data, client = self._data(self.flags), self._client("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        shown = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._sent({**shown, "userHandle": raw(self.person)})

    def _data(self, flags: int) -> bytes:
        return (
            hashlib.sha256(self.party.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)
        )

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps({**said, "crossOrigin": False}).encode()

    def _sent(self, response: dict[str, bytes]) -> str:
        words = {name: text(part) for name, part in response.items()}
        name = text(self.name)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": words})
