"""Who is who at the broker: certificates of an authority that is derived from the portal's master key.

Every worker derives the same authority, so there is nothing to share, to back up or to lose. A device's certificate
names its one right, the topics of its own name, and lives a day; a device that was revoked gets no new one, and nothing
is posted to it any more. A second authority vouches for the portal alone: at the portal's door, where a client chooses
its name, no device gets in. Sources: RFC 5280, RFC 8410 (Ed25519 in X.509).
"""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from appliance.wire.broker import BrokerAccess
from web.login_portal.keys import Keys

PORTAL, DAY, SKEW = "portal", 86400.0, 600.0
_FROM, _UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2056, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate and its key, both as PEM."""

    certificate: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Authority:
    """Vouches for whom it gives a certificate; made from the same seed it is the same one everywhere."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def root(self) -> str:
        """Its own certificate as PEM."""
        named = _named(self.name)
        made = _certificate(named, named, self._key.public_key(), 1, _FROM, _UNTIL)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        made = made.add_extension(_use(signs_certificates=True), critical=True)
        return _pem(made.sign(self._key, None))

    def issue(self, who: str, use: x509.ObjectIdentifier, now: float, life: float) -> Credential:
        """A certificate for this name and use, good for so many seconds."""
        key, signer = ec.generate_private_key(ec.SECP256R1()), self._key
        begins = datetime.fromtimestamp(now - SKEW, UTC)
        ends = datetime.fromtimestamp(now, UTC) + timedelta(seconds=life)
        issuer, serial = _named(self.name), x509.random_serial_number()
        made = _certificate(_named(who), issuer, key.public_key(), serial, begins, ends)
        made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        made = made.add_extension(_use(signs_certificates=False), critical=True)
        made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        made = made.add_extension(by, critical=False)
        if use is ExtendedKeyUsageOID.SERVER_AUTH:
            made = made.add_extension(x509.SubjectAlternativeName([_host(who)]), critical=False)
        text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return Credential(_pem(made.sign(signer, None)), text.decode())

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class BrokerIdentity:
    """Makes certificates for the broker, its devices and the portal itself."""

    keys: Keys

    @property
    def trust(self) -> str:
        """The authority's own certificate as PEM: the same one whenever and wherever it is made."""
        return self._letters.root

    @property
    def door(self) -> str:
        """The certificate of the authority that vouches for the portal's workers and for nobody else, as PEM."""
        return self._door.root

    def device(self, device: str, host: str, port: int, now: float) -> BrokerAccess:
        """What this device needs for a day at the broker."""
        made = self._letters.issue(device, ExtendedKeyUsageOID.CLIENT_AUTH, now, DAY)
        return BrokerAccess(host, port, self.trust, made.certificate, made.key, now + DAY)

    def broker(self, host: str, now: float, life: float = 825 * DAY) -> Credential:
        """The broker's own certificate, for this name or address."""
        return self._letters.issue(host, ExtendedKeyUsageOID.SERVER_AUTH, now, life)

    def portal_line(self, now: float) -> ssl.SSLContext:
        """The TLS of the portal's own line; made anew with every worker."""
        made = self._door.issue(PORTAL, ExtendedKeyUsageOID.CLIENT_AUTH, now, 3650 * DAY)
        context = ssl.create_default_context(cadata=self.trust)
        context.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python 3.13 does by itself
        with TemporaryDirectory(prefix="desk-portal-") as folder:
            path = Path(folder) / "line.pem"
            path.touch(mode=0o600)
            path.write_text(made.certificate + made.key)
            context.load_cert_chain(path)
        return context

    @property
    def group(self) -> str:
        """The name under which the portal's workers share the answers of devices; nobody else may know it."""
        return self.keys.mark("broker group", "answers")

    @property
    def _letters(self) -> Authority:
        return Authority("Desk Token letters", self.keys.broker_seed)

    @property
    def _door(self) -> Authority:
        return Authority("Desk Token portal door", self.keys.broker_door_seed)


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey | Ed25519PublicKey,
    serial: int,
    begins: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    made = made.public_key(key).serial_number(serial)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    return made.not_valid_before(begins).not_valid_after(ends)


def _use(*, signs_certificates: bool) -> x509.KeyUsage:
    """What the key is for (RFC 5280 section 4.2.1.3)."""
    others = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
    )
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
        **others,
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
