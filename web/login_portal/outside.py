"""What the portal is told of the world outside, from one TOML file: the directory, the text messages, the mail.

Secrets are never in that file but in files of their own, which it names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from appliance.core.errors import DeskTokenError
from web.login_portal.gateways import http_messages, modem, smtp
from web.login_portal.gateways.http_messages import HttpMessages
from web.login_portal.gateways.modem import Modem
from web.login_portal.gateways.smtp import Smtp
from web.login_portal.sources import about as directory
from web.login_portal.sources.about import About

Record = TypeVar("Record")
_SECRETS = {"reader_password", "secret", "password"}


@dataclass(frozen=True, slots=True)
class Outside:
    """Each part, or None for what needs nothing outside."""

    directory: About | None = None
    http: HttpMessages | None = None
    modem: Modem | None = None
    mail: Smtp | None = None


NOTHING = Outside()


def read(path: Path | None) -> Outside:
    """What this file says; nothing without a file. Raises DeskTokenError with the table and key that are wrong."""
    if path is None:
        return NOTHING
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise DeskTokenError("The portal's configuration file cannot be read") from wrong
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise DeskTokenError("The portal's configuration file is not TOML") from wrong
    kinds = {"directory": About, "http": HttpMessages, "modem": Modem, "mail": Smtp}
    if unknown := set(told) - set(kinds):
        raise DeskTokenError(f"Unknown table in the configuration: {min(unknown)[:40]}")
    if "http" in told and "modem" in told:
        raise DeskTokenError("Text messages go by http or by modem, not both")
    parts: dict[str, Any] = {
        name: _record(kinds[name], name, table) for name, table in told.items()
    }
    return _checked(Outside(**parts))


def _checked(outside: Outside) -> Outside:
    """The same, if each part can work. Raises DeskTokenError."""
    if outside.directory:
        directory.checked(outside.directory)
    if outside.http:
        http_messages.checked(outside.http)
    if outside.modem:
        modem.checked(outside.modem)
    if outside.mail:
        smtp.checked(outside.mail)
    return outside


def _record(kind: type[Record], table: str, untrusted: object) -> Record:
    """The record of one table; a key `x_file` is the file that holds the secret `x`."""
    if not isinstance(untrusted, Mapping):
        raise DeskTokenError(f"[{table}] is a table of its own")
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in untrusted.items():
        name = key.removesuffix("_file") if key.removesuffix("_file") in _SECRETS else key
        if name not in known or (name in _SECRETS) == (name == key):
            raise DeskTokenError(f"Unknown key in [{table}]: {key[:40]}")
        values[name] = _secret(table, key, value) if name != key else value
    for name, value in values.items():
        if not _fits(value, str(known[name].type)):
            raise DeskTokenError(f"Wrong kind of value in [{table}]: {name}")
    try:
        return kind(**values)
    except TypeError as wrong:
        raise DeskTokenError(f"[{table}] lacks a key; the example file lists them") from wrong


def _fits(value: object, kind: str) -> bool:
    """Whether a value of the file is what the record wants; a whole number is a good number of seconds."""
    if kind == "float":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return (
        kind.startswith(type(value).__name__)
        or type(value).__name__ in kind.rsplit(" | ", maxsplit=1)[-1]
    )


def _secret(table: str, key: str, value: object) -> str:
    try:
        return Path(str(value)).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        raise DeskTokenError(f"The file of [{table}] {key} cannot be read") from wrong
