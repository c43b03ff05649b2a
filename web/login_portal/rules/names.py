"""What a person may be called and what a password may be. Refuses, never repairs (except case and spaces around)."""

from __future__ import annotations

import unicodedata

from appliance.core.errors import Refused
from web.login_portal.rules.common_passwords import is_common
from web.login_portal.rules.outcomes import MATCHES

LONGEST_PASSWORD = 256


def login_name(untrusted: str) -> str:
    """The name as it is looked up: trimmed, one case, one Unicode form. Empty when it cannot be a name."""
    name = unicodedata.normalize("NFKC", untrusted[:200]).strip().casefold()
    return name if 0 < len(name) <= 64 and name.isprintable() else ""


def new_login_name(untrusted: str) -> str:
    """A name for a new person. Raises Refused."""
    name = login_name(untrusted)
    if not name or any(sign.isspace() for sign in name):
        raise Refused("A user name has 1 to 64 characters and no spaces")
    return name


def new_password(untrusted: str, name: str = "", old: str = "") -> str:
    """A new password for the person of this name, who had the old one. Raises Refused with what to do better."""
    if not 8 <= len(untrusted) <= LONGEST_PASSWORD:
        raise Refused("A password has 8 to 256 characters")
    if is_common(untrusted) or (name and untrusted.strip().casefold() == name.casefold()):
        raise Refused("This password is too easy to guess. Choose another one")
    if old and untrusted == old:
        raise Refused("This is the old password. Choose another one")
    return untrusted


def label(untrusted: str, longest: int = 64) -> str:
    """A display name or telephone number. Raises Refused when it holds control signs or is too long."""
    text = untrusted.strip()
    if len(text) > longest or not (text.isprintable() or not text):
        raise Refused("A name or number is too long or holds strange characters")
    return text


def match_policy(untrusted: str) -> str:
    """How approvals are matched. Raises Refused."""
    if untrusted not in MATCHES:
        raise Refused("Matching is press, number or scan")
    return untrusted
