"""What a scanned or pasted text is: untrusted words become one record. Nothing is stored or fetched here.

Checks size, then form, then range. A web address counts only when it is https, or http to this very machine.
Sources: checklist rows 14 and 38.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from appliance.core.troubles import Trouble
from appliance.credentials import google_migration, otpauth, wifi
from appliance.credentials.addresses import is_safe_origin
from appliance.credentials.candidates import NotTaken, OtpCandidate
from appliance.credentials.google_migration import Migration
from appliance.credentials.privacyidea import containers, enrolment
from appliance.credentials.privacyidea.containers import ContainerCandidate
from appliance.credentials.privacyidea.enrolment import PushCandidate
from appliance.credentials.wifi import Wifi

LONGEST = 4096
ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.\-]{1,253})(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^#\s]{0,1024})?(?:#(?P<code>\S{0,1024}))?",
    re.ASCII,
)
CODE = re.compile(r"[A-Z2-7]{26}", re.ASCII)
ENROLMENT, LOGIN = "/e", "/l"


class Sort(StrEnum):
    """What else people hold before the camera, named so that the panel can say it."""

    WEB = "web"
    CONTACT = "contact"
    MAIL = "mail"
    PHONE = "phone"
    PUSH = "push"
    TEXT = "text"


TROUBLES = {
    Sort.WEB: Trouble.IS_WEB,
    Sort.CONTACT: Trouble.IS_CONTACT,
    Sort.MAIL: Trouble.IS_MAIL,
    Sort.PHONE: Trouble.IS_PHONE,
    Sort.PUSH: Trouble.IS_PUSH,
    Sort.TEXT: Trouble.IS_TEXT,
}
SORTS = {
    "begin:vcard": Sort.CONTACT,
    "mecard:": Sort.CONTACT,
    "bizcard:": Sort.CONTACT,
    "mailto:": Sort.MAIL,
    "matmsg:": Sort.MAIL,
    "smtp:": Sort.MAIL,
    "tel:": Sort.PHONE,
    "sms:": Sort.PHONE,
    "smsto:": Sort.PHONE,
    "otpauth:": Sort.PUSH,
    "pia:": Sort.PUSH,
    "tiqrauth:": Sort.PUSH,
    "tiqrenroll:": Sort.PUSH,
    "http:": Sort.WEB,
    "https:": Sort.WEB,
    "www.": Sort.WEB,
}


@dataclass(frozen=True, slots=True)
class EnrolmentLink:
    """An enrolment ticket of a portal at `origin`; `link` is the whole text and is secret."""

    origin: str
    link: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LoginLink:
    """The code on a login page, to bind an approval to that page; `code` carries at least 128 bits."""

    origin: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Some other code; `sort` says in one word what it looks like."""

    sort: Sort


Scanned = (
    EnrolmentLink
    | LoginLink
    | OtpCandidate
    | PushCandidate
    | ContainerCandidate
    | Migration
    | Wifi
    | Unknown
)


def understand(untrusted_text: str) -> Scanned:
    """What this text is. Raises NotTaken with the kind of trouble; its words carry nothing of the text."""
    if len(untrusted_text) > LONGEST:
        raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    text = untrusted_text.strip()
    start = text[:24].lower()
    if start.startswith(("otpauth://totp", "otpauth://hotp", "otpauth://daypassword")):
        return otpauth.parse(text)
    if start.startswith(("otpauth://pipush", "pia://pipush")):
        return enrolment.parse(text)
    if start.startswith("pia://container"):
        return containers.parse(text)
    if start.startswith("otpauth-migration:"):
        return google_migration.parse(text)
    if start.startswith("wifi:"):
        return wifi.parse(text)
    if address := ADDRESS.fullmatch(text):
        return _web(address)
    return Unknown(
        next((sort for head, sort in SORTS.items() if start.startswith(head)), Sort.TEXT)
    )


def refused(scanned: LoginLink | Wifi | Unknown) -> Trouble:
    """Why a text that was understood is nothing to link: what it is instead."""
    match scanned:
        case LoginLink():
            return Trouble.IS_LOGIN_PAGE
        case Wifi():
            return Trouble.WIFI
        case Unknown():
            return TROUBLES[scanned.sort]


def _web(address: re.Match[str]) -> Scanned:
    path, code = address["path"] or "", address["code"] or ""
    if path not in (ENROLMENT, LOGIN) or not CODE.fullmatch(code):
        return Unknown(Sort.WEB)
    if not is_safe_origin(address["scheme"], address["host"]):
        raise NotTaken(Trouble.NOT_HTTPS, "This address is not safe: it must begin with https")
    port = address["port"]
    if port is not None and not 1 <= int(port) <= 65535:
        raise NotTaken(Trouble.NOT_LOGIN_QR, "This code is not complete")
    origin = f"{address['scheme']}://{address['host']}" + (f":{port}" if port else "")
    if path == LOGIN:
        return LoginLink(origin, code)
    return EnrolmentLink(origin, address.string)
