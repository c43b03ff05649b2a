"""One HTTP exchange with a portal, within bounds: no redirects, a size cap, timeouts, and TLS that is always checked.

It turns every way in which an exchange can fail into a `Trouble` that has a cure. It keeps nothing and logs nothing:
bodies are signed or sealed text for others. Sources: checklist rows 14 and 16.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime

import httpx

from appliance.core.errors import DeskTokenError
from appliance.core.troubles import Trouble

BODY_CAP = 64 * 1024
CONNECT, READ, TOTAL = 5.0, 15.0, 60.0
HTTPS = re.compile(r"https://[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?(/[!-~]*)?", re.ASCII)
LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?(/[!-~]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the portal said. `server_time` is its Date in Unix seconds, 0 when it did not say."""

    status: int
    body: str = field(repr=False)
    server_time: float = 0.0


class ExchangeFailed(DeskTokenError):
    """There was no usable answer; `why` tells what would cure it, `status` what was answered if anything was."""

    def __init__(self, why: Trouble, status: int = 0, server_time: float = 0.0) -> None:
        super().__init__(why.value)
        self.why = why
        self.status = status
        self.server_time = server_time


def is_allowed(url: str) -> bool:
    """Whether the address may be used at all: https, or http on this very machine."""
    return len(url) <= 2048 and bool(HTTPS.fullmatch(url) or LOOPBACK.fullmatch(url))


def default_trust() -> ssl.SSLContext:
    """The system's certificate authorities, chain and name checked, TLS 1.2 or newer."""
    trust = ssl.create_default_context()
    trust.minimum_version = ssl.TLSVersion.TLSv1_2
    return trust


def no_trust() -> ssl.SSLContext:
    """Any certificate at all: only for a server that the device's owner has named, and the panel keeps saying so."""
    trust = default_trust()
    trust.check_hostname = False
    trust.verify_mode = ssl.CERT_NONE
    return trust


def new_client(
    trust: ssl.SSLContext, proxy: httpx.Proxy | None = None, direct: tuple[str, ...] = ()
) -> httpx.Client:
    """A client that follows nothing, stores no cookies worth having and reads no proxy from the environment.

    What fits one of the `direct` patterns goes without the proxy.
    """
    return httpx.Client(
        verify=trust,
        proxy=proxy,
        mounts=dict.fromkeys(direct),
        follow_redirects=False,
        trust_env=False,
        timeout=httpx.Timeout(READ, connect=CONNECT),
        limits=httpx.Limits(max_connections=8, max_keepalive_connections=1, keepalive_expiry=60.0),
        headers={"Accept-Encoding": "identity", "User-Agent": "desk-token"},
    )


@dataclass(frozen=True, slots=True)
class Question:
    """One request to make. `patience` is how long the portal may stay silent, in seconds."""

    verb: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: str = field(default="", repr=False)
    patience: float = READ


@contextmanager
def opened(client: httpx.Client, question: Question) -> Iterator[httpx.Response]:
    """The response, its body unread. Raises ExchangeFailed, also for what goes wrong while it is being read."""
    if not is_allowed(question.url):
        raise ExchangeFailed(Trouble.NOT_HTTPS)
    timeout = httpx.Timeout(question.patience, connect=CONNECT)
    body = question.body.encode() if question.body else None
    try:
        client.cookies.clear()
        with client.stream(
            question.verb, question.url, headers=question.headers, content=body, timeout=timeout
        ) as response:
            yield response
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as failed:
        raise ExchangeFailed(trouble_of(failed)) from failed


def ask(client: httpx.Client, question: Question, clock: Callable[[], float]) -> Reply:
    """The whole answer as text. Raises ExchangeFailed for none, a redirect, a 5xx, or one that is not usable."""
    began = clock()
    with opened(client, question) as response:
        server_time = date_of(response)
        if response.is_redirect or response.status_code >= 500 or not _is_plain(response):
            raise ExchangeFailed(Trouble.PORTAL_DOWN, response.status_code, server_time)
        raw = bytearray()
        for chunk in response.iter_raw():
            raw += chunk
            if len(raw) > BODY_CAP:
                raise ExchangeFailed(Trouble.PORTAL_DOWN, response.status_code, server_time)
            if clock() - began > TOTAL:
                raise ExchangeFailed(Trouble.TIMEOUT, response.status_code, server_time)
    try:
        return Reply(response.status_code, raw.decode(), server_time)
    except UnicodeDecodeError as wrong:
        raise ExchangeFailed(Trouble.PORTAL_DOWN, response.status_code, server_time) from wrong


def date_of(response: httpx.Response) -> float:
    """The portal's clock from its Date header (RFC 9110 section 6.6.1) in Unix seconds; 0 when there is none."""
    try:
        moment = parsedate_to_datetime(response.headers.get("date", ""))
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def trouble_of(failed: Exception) -> Trouble:
    """The kind of trouble behind a failed exchange, told apart by what would cure it."""
    if isinstance(failed, httpx.TimeoutException):
        return Trouble.TIMEOUT
    cause: BaseException | None = failed
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Trouble.NOT_TRUSTED
        if isinstance(cause, httpx.ProxyError):
            return Trouble.PROXY
        cause = cause.__cause__ or cause.__context__
    return Trouble.NO_NETWORK if isinstance(failed, httpx.ConnectError) else Trouble.PORTAL_DOWN


def _is_plain(response: httpx.Response) -> bool:
    coding: str = response.headers.get("content-encoding", "identity")
    return coding == "identity"
