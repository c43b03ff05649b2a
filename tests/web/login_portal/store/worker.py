"""Real worker processes of one portal, and a browser and tokens that go from one to the other between two requests."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.web.login_portal.conftest import ORIGIN
from tests.web.login_portal.person import PASSWORD

HOST = ORIGIN.partition("//")[2]


@dataclass
class Worker:
    """One process that serves the portal, and a wire to it."""

    process: subprocess.Popen[str]
    http: httpx.Client
    log: Path


@contextmanager
def worker(data: Path, *words: str, origin: str = ORIGIN) -> Iterator[Worker]:
    """Start `desk-portal serve` on a free port, wait until it serves, and end it afterwards."""
    command = [
        sys.executable,
        "-m",
        "web.login_portal",
        "serve",
        "--data",
        str(data),
        "--port",
        "0",
    ]
    log = data / f"log-{len(list(data.glob('log-*')))}"
    with log.open("w") as lines:
        process = subprocess.Popen(
            [*command, "--origin", origin, *words], stdout=subprocess.PIPE, stderr=lines, text=True
        )
    try:
        assert process.stdout is not None
        ready = process.stdout.readline().split()
        assert ready[:2] == ["portal", "ready"], log.read_text()
        host = {"Host": origin.partition("//")[2]}
        with httpx.Client(base_url=ready[2], headers=host, timeout=30) as http:
            yield Worker(process, http, log)
    finally:
        process.terminate()
        process.communicate(timeout=30)


@dataclass
class Visitor:
    """One browser; it asks whichever worker it is told to."""

    cookies: dict[str, str] = field(default_factory=dict)
    word: str = ""

    def get(self, at: Worker, path: str) -> httpx.Response:
        return self._heard(at.http.get(path, headers=self._headers))

    def post(self, at: Worker, path: str, **form: str) -> httpx.Response:
        headers = {**self._headers, "Origin": ORIGIN}
        return self._heard(at.http.post(path, data={"csrf": self.word, **form}, headers=headers))

    def try_password(self, at: Worker, name: str, password: str = PASSWORD) -> httpx.Response:
        self.get(at, "/sign-in")
        return self.post(at, "/sign-in", name=name, password=password)

    @property
    def _headers(self) -> dict[str, str]:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": jar, "Accept-Language": "en"}

    def _heard(self, reply: httpx.Response) -> httpx.Response:
        for said in reply.headers.get_list("set-cookie"):
            name, _, value = said.partition(";")[0].partition("=")
            self.cookies[name] = value
        found = re.search(r'name="csrf" value="([^"]+)"', reply.text)
        self.word = found[1] if found else self.word
        return reply
