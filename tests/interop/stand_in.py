"""A second privacyIDEA, small and older, that errs on command: no abilities, one token, and any fault one asks for.

It stands where the network would, behind the courier's own client, and checks every signature as the real one does.
"""

from __future__ import annotations

import base64
import json
import ssl
import time
from collections import deque
from urllib.parse import parse_qs

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from appliance.credentials.privacyidea import keys

URL = "https://mfa.example.org/ttype/push"
SERIAL = "PIPU0000ABCD"
CODE = (
    f"otpauth://pipush/{SERIAL}?url=https%3A//mfa.example.org/ttype/push&ttl=10&issuer=Oud"
    f"&enrollment_credential={'ab' * 20}&v=1&serial={SERIAL}&sslverify=1&poll_only=True"
)


class StandIn(httpx.BaseTransport):
    """The server. `faults` are taken one a request, before anything else; `open` are the nonces that it lists."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(65537, 2048)
        self.faults: deque[str] = deque()
        self.open: list[str] = []
        self.heard: list[dict[str, str]] = []
        self.device: rsa.RSAPublicKey | None = None
        self.texts = {"question": "Inloggen?", "title": "Oud"}
        self.extra: dict[str, object] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange."""
        form = {
            k: v[0] for k, v in parse_qs(request.read().decode(), keep_blank_values=True).items()
        }
        query = dict(request.url.params)
        self.heard.append(form or query)
        fault = self.faults.popleft() if self.faults else ""
        if fault:
            return _broken(fault)
        if "pubkey" in form:
            return self._rolled_out(form)
        return self._answered(form) if form else self._polled(query)

    def _rolled_out(self, form: dict[str, str]) -> httpx.Response:
        found = serialization.load_der_public_key(base64.b64decode(form["pubkey"]))
        assert isinstance(found, rsa.RSAPublicKey)
        self.device = found
        public = self._key.public_key().public_bytes(keys.DER, serialization.PublicFormat.PKCS1)
        detail = {"public_key": base64.encodebytes(public).decode(), "rollout_state": "enrolled"}
        return _said(True, detail | {"serial": SERIAL})

    def _polled(self, query: dict[str, str]) -> httpx.Response:
        if not self._is_signed(f"{query['serial']}|{query['timestamp']}", query["signature"]):
            return refused(10)
        return _said([self._challenge(nonce) for nonce in self.open])

    def _challenge(self, nonce: str) -> dict[str, object]:
        about = {"nonce": nonce, "url": URL, "serial": SERIAL, **self.texts, "sslverify": "1"}
        made = self._key.sign(
            "|".join(about.values()).encode(), padding.PKCS1v15(), hashes.SHA256()
        )
        return {**about, "signature": base64.b32encode(made).decode(), **self.extra}

    def _answered(self, form: dict[str, str]) -> httpx.Response:
        tail = "|decline" if form.get("decline") == "1" else ""
        for nonce in self.open:
            if self._is_signed(f"{nonce}|{SERIAL}{tail}", form["signature"]):
                self.open.remove(nonce)
                return _said(True)
        return _said(False)

    def _is_signed(self, words: str, signature: str) -> bool:
        assert self.device is not None
        try:
            raw = base64.b32decode(signature)
            self.device.verify(raw, words.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True


def _sent(status: int, body: str) -> httpx.Response:
    return httpx.Response(status, stream=httpx.ByteStream(body.encode()))


def _said(value: object, detail: object = None) -> httpx.Response:
    body = {"result": {"status": True, "value": value}, "detail": detail, "time": time.time()}
    return _sent(200, json.dumps(body))


def refused(code: int, status: int = 400) -> httpx.Response:
    """An error in the server's own form."""
    error = {"status": False, "error": {"code": code, "message": "ERR"}}
    body = {"result": error, "detail": None, "time": time.time()}
    return _sent(status, json.dumps(body))


def _broken(fault: str) -> httpx.Response:
    match fault:
        case "500":
            return refused(-500, 500)
        case "404":
            return refused(601, 404)
        case "403":
            return refused(303, 403)
        case "redirect":
            return httpx.Response(302, headers={"Location": "https://elders.example/"})
        case "tls":
            raise httpx.ConnectError("failed") from ssl.SSLCertVerificationError("unknown issuer")
        case "no network":
            raise httpx.ConnectError("failed") from OSError("unreachable")
        case "slow":
            raise httpx.ReadTimeout("too slow")
        case "nonsense":
            return _sent(200, "<html>")
    raise AssertionError(fault)
