"""A certificate authority of the tests' own, with what RFC 5280 wants of one, and the certificates that it gives."""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

LONG_AGO, FAR_AHEAD = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2090, 1, 1, tzinfo=dt.UTC)
_NO = dict.fromkeys(
    ["content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
     "encipher_only", "decipher_only"], False,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identity:
    """The files of a server: its certificate, its key, and the authority that its clients should trust."""

    certificate: Path
    key: Path
    authority: Path


class Authority:
    """Vouches for servers. `file` is its own certificate."""

    def __init__(self, folder: Path, name: str = "authority of the test") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._given = count()
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.file = folder / "authority.pem"
        public = self._key.public_key()
        made = self._begun(self._name, public, LONG_AGO, FAR_AHEAD).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        usage = x509.KeyUsage(digital_signature=False, key_cert_sign=True, crl_sign=True, **_NO)
        self._write(self.file, made.add_extension(usage, critical=True))

    def identity(
        self, host: str, start: dt.datetime = LONG_AGO, end: dt.datetime = FAR_AHEAD
    ) -> Identity:
        """A server of this name or address, good from `start` to `end`."""
        key, place = (
            ec.generate_private_key(ec.SECP256R1()),
            self._folder / f"server-{next(self._given)}",
        )
        whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        plain = host.replace(".", "").isdigit()
        name = x509.IPAddress(ipaddress.ip_address(host)) if plain else x509.DNSName(host)
        made = self._begun(whose, key.public_key(), start, end)
        made = made.add_extension(x509.SubjectAlternativeName([name]), critical=False)
        usage = x509.KeyUsage(digital_signature=True, key_cert_sign=False, crl_sign=False, **_NO)
        self._write(place.with_suffix(".pem"), made.add_extension(usage, critical=True))
        form, bare = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        private = key.private_bytes(serialization.Encoding.PEM, form, bare)
        place.with_suffix(".key").touch(mode=0o600)
        place.with_suffix(".key").write_bytes(private)
        return Identity(place.with_suffix(".pem"), place.with_suffix(".key"), self.file)

    def _begun(
        self,
        whose: x509.Name,
        public: ec.EllipticCurvePublicKey,
        start: dt.datetime,
        end: dt.datetime,
    ) -> x509.CertificateBuilder:
        ours = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(whose)
            .issuer_name(self._name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(ours, critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        )

    def _write(self, path: Path, begun: x509.CertificateBuilder) -> None:
        made = begun.sign(self._key, SHA256())
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
