"""The one table of settings: the menu on the panel, the form on the page and the validator read these rows."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from appliance.core import addresses
from appliance.core.errors import Refused

WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)
Value = str | int | float | bool | tuple[str, ...]
DECIMAL = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may set. Times are in seconds; every field has a row in `ROWS`.

    `quiet` names the hours of the day in which the buzzer is silent, from-until, or "off".
    `page_from` is from where the device page may be used: all networks, local ones, or the cable alone.
    `slow_keys` waits longer for a press and hears no second one right after it, for hands that tremble.
    `key_size` is that of the RSA keys of push tokens.
    `kiosk` is for a token that several people share. `backup_codes` lets a hold put other services' codes in a backup.
    `server_exceptions` are servers whose certificate is not checked; only a hold on the device adds one.
    """

    language: str = "nl"
    keys: str = "one"
    hold_time: float = 1.0
    tap_limit: float = 0.5
    dim_after: int = 30
    off_after: int = 60
    brightness: int = 96
    big_digits: bool = False
    sound: bool = False
    quiet: str = "off"
    slow_keys: bool = False
    pin_each: bool = False
    pin_wipe: bool = False
    page_from: str = "local"
    key_size: str = "3072"
    page_networks: str = ""
    kiosk: bool = False
    backup_codes: bool = False
    server_exceptions: tuple[str, ...] = ()
    proxy: str = ""
    no_proxy: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: its English label (a catalogue key) and its choices, its range, or what reads its words.

    `held` says that only a hold on the device adds to it.
    """

    key: str
    label: str
    choices: tuple[str, ...] = ()
    low: float = 0
    high: float = 0
    reads: Callable[[str], str] | None = None
    held: bool = False


ROWS = (
    Row("language", "Language", choices=("nl", "en")),
    Row("keys", "Keys", choices=("one", "three", "joystick")),
    Row("hold_time", "Hold time", low=0.6, high=2.5),
    Row("tap_limit", "Tap limit", low=0.3, high=1.0),
    Row("dim_after", "Dim after", low=10, high=600),
    Row("off_after", "Screen off after", low=20, high=3600),
    Row("brightness", "Brightness", low=1, high=255),
    Row("big_digits", "Big digits"),
    Row("sound", "Sound"),
    Row("quiet", "Silent hours", choices=("off", "18-8", "20-8", "22-7")),
    Row("slow_keys", "Slow keys"),
    Row("pin_each", "A PIN for each account"),
    Row("pin_wipe", "Erase after ten wrong PINs"),
    Row("page_from", "Networks for this page", choices=("all", "local", "cable")),
    Row("key_size", "Size of push keys", choices=("2048", "3072", "4096")),
    Row("page_networks", "Only from these networks", reads=addresses.networks),
    Row("kiosk", "Shared by several people"),
    Row("backup_codes", "Codes in a backup"),
    Row("server_exceptions", "Servers that are not checked", reads=addresses.servers, held=True),
    Row("proxy", "Address of the proxy", reads=addresses.proxy),
    Row("no_proxy", "Without the proxy", reads=addresses.hosts),
)


def row(key: str) -> Row:
    """The row of this key. Raises Refused for a key that is not in the table."""
    for candidate in ROWS:
        if candidate.key == key:
            return candidate
    raise Refused("There is no such setting")


def change(settings: Settings, key: str, untrusted_value: str) -> Settings:
    """The settings with one value changed. Raises Refused, and changes nothing, when it does not fit its row."""
    value: dict[str, Any] = {key: _value(row(key), getattr(settings, key), untrusted_value)}
    return replace(settings, **value)


def items(listed: str) -> tuple[str, ...]:
    """The parts of a setting that is a list."""
    return tuple(listed.split(", ")) if listed else ()


def written(value: object) -> str:
    """A value as the words that `change` takes."""
    match value:
        case bool():
            return "on" if value else "off"
        case tuple():
            return ", ".join(value)
    return str(value)


def excepted(settings: Settings, host: str, port: int = 443) -> bool:
    """Whether the certificate of this server is not checked, because a hold on the device allowed that."""
    name = host.lower() if port == 443 else f"{host.lower()}:{port}"
    return name in settings.server_exceptions


def within(listed: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address lies in one of these networks."""
    return any(address in ipaddress.ip_network(network) for network in items(listed))


def _value(rule: Row, today: object, untrusted_value: str) -> Value:
    if isinstance(today, bool):
        return _switch(untrusted_value)
    if rule.reads is not None:
        said = rule.reads(untrusted_value)
        return items(said) if isinstance(today, tuple) else said
    if rule.choices:
        if untrusted_value not in rule.choices:
            raise Refused("That is not one of the choices")
        return untrusted_value
    number = _number(untrusted_value, rule, WHOLE if isinstance(today, int) else DECIMAL)
    return int(number) if isinstance(today, int) else number


def _switch(untrusted_value: str) -> bool:
    if untrusted_value not in ("on", "off"):
        raise Refused("Choose on or off")
    return untrusted_value == "on"


def _number(untrusted_value: str, rule: Row, form: re.Pattern[str]) -> float:
    """Refused, never repaired: no blanks, no other alphabets' digits, no part of a whole number cut off."""
    if form.fullmatch(untrusted_value) is None:
        raise Refused("That is not a number")
    number = float(untrusted_value)
    if not rule.low <= number <= rule.high:
        raise Refused("That number is outside the range")
    return number
