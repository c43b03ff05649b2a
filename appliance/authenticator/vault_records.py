"""What the vault keeps, as frozen records with secrets that never print, and the way to and from key objects.

These records exist in the authenticator's memory and, sealed, in the vault; they have no way to any wire.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from appliance.core.accounts import Account, Kind
from appliance.credentials.candidates import Algorithm
from appliance.credentials.one_time_codes import Generator
from appliance.wire.jose import Jwk, load, public

HIDDEN = "(…)"


class KeyPair(msgspec.Struct, frozen=True):
    """A key pair that was made on this device."""

    crv: str
    x: str
    d: bytes

    def __repr__(self) -> str:
        return f"KeyPair{HIDDEN}"


class PushKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What binds a push token: its serial, where it is polled, our key (PKCS#8) and the server's (PKCS#1, pinned).

    `rings` says that the server has a gateway, and `address` is where we told it that its gateway may ring.
    """

    serial: str
    url: str
    private: bytes
    server: bytes
    checks_tls: bool = True
    rings: bool = False
    address: str = ""

    def __repr__(self) -> str:
        return f"PushKeys(serial={self.serial!r})"


class ContainerTie(msgspec.Struct, frozen=True, kw_only=True):
    """What ties this device to a server that hands out tokens: the container's serial, its server and our key.

    `coming` is a newer key that the server may know already; `renewing` says that it was sent and not heard of, so
    every token here may be dead. `stale` are tokens that the server has renewed and that were not linked anew yet.
    """

    serial: str
    url: str
    private: bytes
    checks_tls: bool = True
    coming: bytes = b""
    renewing: bool = False
    stale: tuple[str, ...] = ()

    @property
    def unfinished(self) -> bool:
        """Whether the server must be asked again before every code here is good."""
        return self.renewing or bool(self.stale)

    def __repr__(self) -> str:
        return f"ContainerTie(serial={self.serial!r})"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One account with its secrets. A portal's account also has the pinned keys and the device's own two key pairs.

    `typed` is the text that somebody still has to type at the server, `serial` the service's own name for a code.
    """

    id: str
    kind: Kind
    label: str
    issuer: str
    secret: bytes
    algorithm: Algorithm
    digits: int
    period: int
    origin: str = ""
    person: str = ""
    device: str = ""
    pinned: tuple[Jwk, ...] = ()
    sign: KeyPair | None = None
    agree: KeyPair | None = None
    push: PushKeys | None = None
    must_pin: bool = False
    typed: str = ""
    serial: str = ""
    tie: ContainerTie | None = None

    def __repr__(self) -> str:
        return f"Kept(id={self.id!r})"

    @property
    def account(self) -> Account:
        """The account as panel and page may know it."""
        return Account(
            id=self.id,
            kind=self.kind,
            label=self.label,
            issuer=self.issuer,
            digits=self.digits,
            period=self.period,
            origin=self.origin,
            must_pin=self.must_pin,
            unchecked=not all(t.checks_tls for t in (self.push, self.tie) if t is not None),
            to_type=bool(self.typed),
            unfinished=self.tie is not None and self.tie.unfinished,
        )

    @property
    def name(self) -> str:
        """The service's own name for this token, empty when it has none."""
        return self.serial if self.push is None else self.push.serial

    @property
    def generator(self) -> Generator:
        """What makes its codes."""
        return Generator(self.secret, self.algorithm, self.digits, self.period)

    @property
    def portal_keys(self) -> list[OKPKey]:
        """The portal's keys as pinned at enrolment."""
        return [load(key, "Ed25519") for key in self.pinned]


class Ledger(msgspec.Struct, frozen=True):
    """What an account remembers of its letters: the newest letter's time, and which were seen (True: ended).

    `count` is the number of the last answer; it never goes back.
    """

    floor: float = 0.0
    count: int = 0
    seen: dict[str, tuple[float, bool]] = {}


def new_pair(curve: Literal["Ed25519", "X25519"]) -> KeyPair:
    """A new key pair of this curve, from the system's randomness."""
    made = OKPKey.generate_key(curve).as_dict(private=True)
    return KeyPair(curve, str(made["x"]), urlsafe_b64decode(str(made["d"]).encode()))


def key_of(pair: KeyPair) -> OKPKey:
    """The pair as joserfc's key."""
    secret = urlsafe_b64encode(pair.d).decode()
    return OKPKey.import_key({"kty": "OKP", "crv": pair.crv, "x": pair.x, "d": secret})


def public_of(pair: KeyPair) -> Jwk:
    """The half that may be shown."""
    return public(key_of(pair))
