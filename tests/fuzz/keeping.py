"""Laws of what is kept for an owner: a backup's file, and addresses of proxies, servers and networks."""

from __future__ import annotations

from types import ModuleType

import msgspec

from appliance.authenticator import backup_file
from appliance.core import addresses
from appliance.core.accounts import Kind
from appliance.core.errors import Refused
from appliance.wire import fixed_address as fixed
from tests.fuzz.one_time import text_of
from tests.fuzz.verdict import hold, says_nothing

PASSPHRASE = "vier woorden op een bankje"
READERS = ("proxy", "hosts", "servers", "networks")


def backup(untrusted: bytes, parser: ModuleType = backup_file) -> None:
    """`backup_file.unseal`: contents inside our limits or Refused.

    Behind `under:` stands what lies under the seal, behind `phrase:` another passphrase, behind `much:` part of a lot.
    """
    _, under, plain = untrusted.partition(b"under:")
    _, typed, phrase = untrusted.partition(b"phrase:")
    _, much, part = untrusted.partition(b"much:")
    data = _sealed(plain, parser) if under else part * 300_000 if much else untrusted
    if typed:
        _check(text_of(phrase), parser)
    try:
        contents = parser.unseal(data[:2_000_000], text_of(phrase) if typed else PASSPHRASE)
    except Refused as refusal:
        says_nothing(refusal)
        return
    hold(under, "a file that nobody sealed was opened")
    hold(max(len(contents.codes), len(contents.portals)) <= 64, "a backup has too many accounts")
    for codes in contents.codes:
        hold(codes.kind is not Kind.PORTAL, "a backup brings the key of a portal")
        hold(16 <= len(codes.secret) <= 128, "a secret of a strange length")
        hold(6 <= codes.digits <= 8 and codes.period > 0, "codes that we do not show")
        hold(len(codes.label) <= 128, "a name is too long")
    hold(all(len(named.label) <= 128 for named in contents.portals), "a name is too long")


def _check(phrase: str, parser: ModuleType) -> None:
    try:
        parser.check_passphrase(phrase)
    except Refused as refusal:
        says_nothing(refusal)
    else:
        hold(12 <= len(phrase) <= 256, "a passphrase of a strange length")


def _sealed(plain: bytes, parser: ModuleType) -> bytes:
    """The same bytes under a seal that costs little."""
    blank = parser.Sealed(parser.FORM, parser.VERSION, 1, 8 * 1024, bytes(16), bytes(12), b"")
    sealed = parser._cipher(blank, PASSPHRASE).encrypt(bytes(12), plain, parser._head(blank))
    return msgspec.json.encode(msgspec.structs.replace(blank, sealed=sealed))


def listed(untrusted: bytes, parser: ModuleType = addresses) -> None:
    """The readers of `addresses`: the one form in which it is stored, without a login; or Refused."""
    which, _, text = text_of(untrusted).partition("\n")
    read = getattr(parser, which if which in READERS else "proxy")
    try:
        stored = read(text)
    except Refused as refusal:
        says_nothing(refusal)
        return
    hold(read(stored) == stored, "what is stored is not what is read")
    hold(stored.isascii() and stored.isprintable(), "a strange sign in an address")
    hold("@" not in stored, "a login in an address")
    hold(len(stored) <= 1200 and stored.count(",") < 16, "a list is too long")
    for part in stored.split(", ") if read is not parser.networks else ():
        port = part.rpartition(":")[2]
        usual = not port.isdigit() or not part.count(":") or part.count(":") > 2
        hold(usual or 1 <= int(port) <= 65535, "a port that is none")


def address(untrusted: bytes, parser: ModuleType = fixed) -> None:
    """`fixed_address`: an address that a device can have, in a network that reaches its gateway; or Refused."""
    typed = (*text_of(untrusted).split("\n"), "", "")[:3]
    try:
        found = parser.fixed_address(*typed)
    except Refused as refusal:
        says_nothing(refusal)
        return
    if found is None:
        hold(not any(typed), "something was typed and nothing was read")
        return
    network = found.own.network
    hold(found.own.ip not in (network[0], network[-1]), "an address that belongs to the network")
    hold(not found.own.is_loopback and not found.own.is_multicast, "an address of no device")
    hold(found.gateway is None or found.gateway in network, "a gateway that is not reached")
