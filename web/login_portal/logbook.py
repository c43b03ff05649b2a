"""The portal's log: one line an event, in past tense, as key=value. Never a secret, a code, or what a person typed."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

_PLAIN = re.compile(r"[A-Za-z0-9._:/+\-]{1,128}")


Observer = Callable[[str, Mapping[str, str | float]], None]


@dataclass(frozen=True, slots=True)
class Logbook:
    """Writes facts to one logger, and tells them to whoever counts them."""

    logger: logging.Logger
    observers: tuple[Observer, ...] = ()

    def note(self, fact: str, **fields: str | float) -> None:
        """Write one fact; values that are not plain words are quoted, so that no value can forge a line."""
        line = " ".join([fact, *(f"{key}={_value(x)}" for key, x in fields.items())])
        self.logger.info("%s", line, extra={"fact": fact, "fields": fields})
        for observer in self.observers:
            observer(fact, fields)


def _value(value: str | float) -> str:
    text = f"{value:.1f}" if isinstance(value, float) else str(value)
    return text if _PLAIN.fullmatch(text) else ascii(text[:128])


class Lines(logging.Formatter):
    """Time in UTC with milliseconds, then the fact; what a library says is kept to one line as well."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        """The record's time in UTC."""
        del datefmt
        return self.default_msec_format % (_utc(record.created), record.msecs)


class JsonLines(logging.Formatter):
    """One JSON object a line, for machines: time, level, the fact, and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; what a library says is a fact without fields."""
        at = Lines.default_msec_format % (_utc(record.created), record.msecs)
        fact = getattr(record, "fact", record.getMessage())
        fields = {key: _short(x) for key, x in getattr(record, "fields", {}).items()}
        return json.dumps({**fields, "time": at, "level": record.levelname.lower(), "fact": fact})


def _short(value: str | float) -> str | float:
    return value if isinstance(value, int | float) else str(value)[:128]


def _utc(created: float) -> str:
    return datetime.fromtimestamp(created, UTC).strftime(Lines.default_time_format)


def to_stderr(form: str = "text") -> Logbook:
    """The logbook of a portal that runs: everything to standard error, which the service manager keeps.

    The `form` is text, or json for machines.
    """
    handler = logging.StreamHandler()
    lines = Lines("%(asctime)s portal %(message)s")
    handler.setFormatter(JsonLines() if form == "json" else lines)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logger = logging.getLogger("desk-portal")
    logger.setLevel(logging.INFO)
    return Logbook(logger)
