"""The device page's API (web/device_page/openapi.json) of one device, trusted by the mark of its certificate alone.

The certificate is looked at before a code or a session goes over the line; another one is refused.
"""

from __future__ import annotations

import base64
import hashlib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import httpx

from appliance.core.errors import DeskTokenError, Refused
from firmware_tools.fleet.inventory import Token
from firmware_tools.words import _

SECONDS = 10.0
BROKEN = (httpx.HTTPError, OSError, ValueError, KeyError, TypeError)


@contextmanager
def session(token: Token) -> Iterator[httpx.Client]:
    """A session at this device, ended afterwards. Raises DeskTokenError with what to do."""
    try:
        client = httpx.Client(
            base_url=f"{token.address}/api/v1",
            verify=_pinned(token),
            timeout=SECONDS,
            trust_env=False,
        )
    except OSError as lost:
        raise DeskTokenError(_("The token does not answer; is its page open?")) from lost
    with client:
        entered = ask(client, "POST", "/session", json={"code": token.code})
        client.headers["Authorization"] = f"Bearer {entered['bearer']}"
        try:
            yield client
        finally:
            # what was done stays done; a session that could not be ended ends by itself
            with suppress(DeskTokenError):
                ask(client, "DELETE", "/session")


def ask(client: httpx.Client, method: str, path: str, json: object = None) -> dict[str, object]:
    """One operation of the API. Raises DeskTokenError; a refusal comes in the device's own words."""
    try:
        reply = client.request(method, path, json=json)
        body: dict[str, object] = reply.json() if reply.content else {}
    except BROKEN as lost:
        raise DeskTokenError(_("The token does not answer; is its page open?")) from lost
    if reply.is_error:
        raise Refused(str(body.get("detail", reply.status_code))[:200])
    return body


def _pinned(token: Token) -> ssl.SSLContext:
    """Trust in one certificate: that with the mark of the label. Raises OSError, Refused."""
    found = urlsplit(token.address)
    look = ssl.create_default_context()
    look.check_hostname, look.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((found.hostname or "", found.port or 443), SECONDS) as line,
        look.wrap_socket(line, server_hostname=found.hostname) as open_line,
    ):
        shown = open_line.getpeercert(binary_form=True) or b""
    if mark_of(shown) != token.fingerprint:
        raise Refused(
            _("Another certificate than the label's answers there; do not send it a code")
        )
    pinned = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    pinned.check_hostname = False
    pinned.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    pinned.load_verify_locations(cadata=shown)
    return pinned


def mark_of(certificate: bytes) -> str:
    """The mark of a certificate: its SHA-256 in base32."""
    return base64.b32encode(hashlib.sha256(certificate).digest()).decode().rstrip("=")
