"""A small fuzzer of our own, for machines without atheris and for tests that must come out the same every time.

It changes inputs at random, keeps those that reach a new line of the parser, and stops at the first broken law.
"""

from __future__ import annotations

import ast
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import TypeAlias

from tests.fuzz.target import Law

NUMBERS = (b"0", b"-1", b"1e9", b"99999999999999999999", b"nan", b"inf", b"255", b"256", b"65536")
SIGNS = (
    b"\0",
    b"\n",
    b"%00",
    b"%",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xe2\x80\x8b",
    b"[",
    b'"',
    b"@",
    b"/",
)
LONGEST = 1 << 16
Trace: TypeAlias = Callable[[FrameType, str, object], "Trace | None"]


@dataclass(slots=True)
class Found:
    """How a run went: executions, seconds, what broke the law and by which input, and the inputs worth keeping."""

    executions: int
    seconds: float
    broken: Exception | None = None
    input: bytes = b""
    kept: list[bytes] = field(default_factory=list)


class Lines:
    """Which ways from line to line of one file were taken, and whether the last input took a new one."""

    def __init__(self, filename: str) -> None:
        self._filename = filename
        self._seen: set[tuple[int, int]] = set()

    def _call(self, frame: FrameType, _event: str, _argument: object) -> Trace | None:
        if frame.f_code.co_filename != self._filename:
            return None
        last = frame.f_code.co_firstlineno

        def line(inner: FrameType, _what: str, _value: object) -> Trace:
            nonlocal last
            self._seen.add((last, inner.f_lineno))
            last = inner.f_lineno
            return line

        return line

    def reaches_more(self, act: Callable[[], object]) -> bool:
        """Whether this took a way that nothing before it did."""
        before, previous = len(self._seen), sys.gettrace()
        sys.settrace(self._call)
        try:
            act()
        finally:
            sys.settrace(previous)
        return len(self._seen) > before


def mutated(rng: random.Random, pool: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """One input of the pool with one to four changes."""
    data = bytearray(rng.choice(pool))
    for _ in range(rng.choice((1, 1, 2, 4))):
        _change(rng, data, pool, words)
    return bytes(data[:LONGEST])


def _change(
    rng: random.Random, data: bytearray, pool: Sequence[bytes], words: Sequence[bytes]
) -> None:
    at = rng.randrange(len(data) + 1)
    end = min(len(data), at + rng.choice((1, 1, 2, 4, 8, 32)))
    match rng.randrange(9):
        case 0 if at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        case 1 if at < len(data):
            data[at] = rng.randrange(256)
        case 2:
            del data[at:end]
        case 3:
            data[at:at] = data[at:end]
        case 4:
            data[at:end] = rng.choice(words)
        case 5:
            data[at:at] = rng.choice(words)
        case 6:
            other = rng.choice(pool)
            begin = rng.randrange(len(other) + 1)
            data[at:at] = other[begin : begin + rng.choice((1, 4, 16, 64))]
        case 7 if at < len(data):
            data[at] = (data[at] + rng.choice((-1, 1))) % 256
        case _:
            data[at:at] = bytes([rng.randrange(256)]) * rng.choice((1, 1, 2, 8, 64))


def _inputs(rng: random.Random, pool: list[bytes], words: Sequence[bytes]) -> Iterator[bytes]:
    yield from tuple(pool)
    while True:
        yield mutated(rng, pool, words)


def search(
    law: Law,
    seeds: Sequence[bytes],
    words: Sequence[bytes],
    filename: str,
    seconds: float,
    most: int = sys.maxsize,
) -> Found:
    """Look for an input that breaks the law, for at most so many seconds and executions; always in the same order."""
    rng, lines, began = random.Random(1), Lines(filename), time.monotonic()
    pool = [*seeds] or [b""]
    found = Found(0, 0.0)
    for untrusted in _inputs(rng, pool, words):
        if found.executions >= most or found.seconds > seconds:
            break
        found.executions += 1
        found.broken, more = _tried(law, untrusted, lines)
        found.seconds = time.monotonic() - began
        if found.broken is not None:
            found.input = untrusted
            break
        if more and found.executions > len(seeds):
            pool.append(untrusted)
            found.kept.append(untrusted)
    return found


def _tried(law: Law, untrusted: bytes, lines: Lines) -> tuple[Exception | None, bool]:
    try:
        return None, lines.reaches_more(lambda: law(untrusted))
    except Exception as broken:  # noqa: BLE001 - whatever a parser lets out is what is looked for
        return broken, True


def words_of(source: str) -> list[bytes]:
    """A dictionary: the text constants of the parser's own source."""
    constants = {
        node.value.encode() if isinstance(node.value, str) else node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    }
    return sorted(word for word in constants if 0 < len(word) <= 32)
