"""Text messages through a provider's HTTP interface: one request a message, written by the configuration.

Every value is escaped for the place where it goes. No redirect is followed, and nothing is tried twice.
"""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, urlsplit
from xml.sax.saxutils import escape

import httpx

from appliance.core.errors import DeskTokenError
from web.login_portal.gateways.sender import NotSent, Unsure
from web.login_portal.outbox import Message
from web.login_portal.rules.addresses import is_loopback

ESCAPES: dict[str, Callable[[str], str]] = {
    "json": lambda value: json.dumps(value)[1:-1],
    "form": lambda value: quote_plus(value, safe=""),
    "xml": lambda value: escape(value, {'"': "&quot;", "'": "&apos;"}),
    "text": lambda value: value,
}
_KINDS = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "xml": "application/xml; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}
_PLACE = re.compile(r"\{(number|text|secret)\}")
_MOST_READ = 65536


@dataclass(frozen=True, slots=True)
class HttpMessages:
    """The request: `{number}`, `{text}` and `{secret}` are filled in. `kind` is json, form, xml or text.

    It went well when the status is one of `good` and, where `says` is given, the reply holds that pattern. Seconds.
    """

    url: str
    body: str = ""
    method: str = "POST"
    kind: str = "json"
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    secret: str = field(default="", repr=False)
    good: tuple[int, ...] | list[int] = (200, 201, 202)
    says: str = ""
    ca_file: str = ""
    patience: float = 15.0

    def send(self, message: Message) -> None:
        """One request. Raises NotSent or Unsure."""
        values = {"number": message.recipient, "text": message.text, "secret": self.secret}
        url = _filled(self.url, values, lambda value: quote(value, safe=""))
        headers = {key: _filled(line, values, _one_line) for key, line in self.headers.items()}
        body = _filled(self.body, values, ESCAPES[self.kind]).encode()
        trust = ssl.create_default_context(cafile=self.ca_file or None)
        try:
            with httpx.Client(verify=trust, timeout=self.patience, trust_env=False) as client:
                sent = {"Content-Type": _KINDS[self.kind], **headers}
                with client.stream(self.method, url, headers=sent, content=body or None) as reply:
                    self._judge(reply.status_code, _start_of(reply))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as wrong:
            raise NotSent("The message gateway cannot be reached") from wrong
        except httpx.HTTPError as wrong:
            raise Unsure("The message gateway did not answer") from wrong

    def _judge(self, status: int, said: str) -> None:
        if status >= 500:
            raise Unsure("The message gateway had trouble of its own")
        if status not in self.good or (self.says and re.search(self.says, said) is None):
            raise NotSent("The message gateway refused the message")


def checked(about: HttpMessages) -> HttpMessages:
    """The same, if it can work. Raises DeskTokenError."""
    parts = urlsplit(about.url)
    if parts.scheme != "https" and not (
        parts.scheme == "http" and is_loopback(parts.hostname or "")
    ):
        raise DeskTokenError("The message gateway's address must be https")
    if _PLACE.search(parts.netloc) or about.kind not in ESCAPES:
        raise DeskTokenError("[http] has a wrong url or kind")
    try:
        re.compile(about.says)
    except re.error as wrong:
        raise DeskTokenError("[http] says is not a pattern") from wrong
    return about


def _filled(template: str, values: Mapping[str, str], escaped: Callable[[str], str]) -> str:
    """The template with its places filled in, once: a value that looks like a place stays what it is."""
    return _PLACE.sub(lambda place: escaped(values[place[1]]), template)


def _one_line(value: str) -> str:
    if not value.isprintable() or not value.isascii():
        raise NotSent("A header of the message gateway would not be one line")
    return value


def _start_of(reply: httpx.Response) -> str:
    read = b""
    for chunk in reply.iter_bytes():
        read += chunk
        if len(read) > _MOST_READ:
            break
    return read[:_MOST_READ].decode("utf-8", "replace")
