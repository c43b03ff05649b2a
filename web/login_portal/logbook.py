"""The portal's log: one line an event, in past tense, as key=value. Never a secret, a code, or what a person typed."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime

_PLAIN = re.compile(r"[A-Za-z0-9._:/+\-]{1,128}")


@dataclass(frozen=True, slots=True)
class Logbook:
    """Writes facts to one logger."""

    logger: logging.Logger

    def note(self, fact: str, **fields: str | float) -> None:
        """Write one fact; values that are not plain words are quoted, so that no value can forge a line."""
        self.logger.info(
            "%s", " ".join([fact, *(f"{key}={_value(x)}" for key, x in fields.items())])
        )


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


def _utc(created: float) -> str:
    return datetime.fromtimestamp(created, UTC).strftime(Lines.default_time_format)


def to_stderr() -> Logbook:
    """The logbook of a portal that runs: everything to standard error, which the service manager keeps."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines("%(asctime)s portal %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logger = logging.getLogger("desk-portal")
    logger.setLevel(logging.INFO)
    return Logbook(logger)
