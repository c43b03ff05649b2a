"""The page's own key and certificate, made on this device and never anywhere else: ECDSA P-256, one year, our names.

The key lies in one file that only the porter reads. A certificate that will run out, or has other names than the device
has now, is replaced by a new one of the same key: its fingerprint is another one then, and the panel shows it. After a
reset there is another key too. Source: checklist rows 24 and 36, FIPS 186-5, RFC 5280.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE, RENEW, EARLIER = timedelta(days=365), timedelta(days=30), timedelta(days=1)
FILE = "door.pem"


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate that browsers get: what to speak TLS with, and its SHA-256 as browsers show it (64 digits)."""

    context: ssl.SSLContext
    fingerprint: str


def credential(folder: Path, names: tuple[str, ...], wall: float, life: str = "") -> Credential:
    """The stored one if it still fits these names, this Unix time and this life, else a new one. Raises OSError.

    An empty life is one that nobody knows now; then the stored one stays.
    """
    file, now = folder / FILE, datetime.fromtimestamp(wall, UTC)
    key, certificate = _stored(file)
    known = _life_of(certificate) if certificate else ""
    kept = life in ("", known)
    if key is None or not kept:
        key = ec.generate_private_key(ec.SECP256R1())
    if certificate is None or not kept or not _fits(certificate, names, now):
        certificate = _made(file, key, _subject(names[0], life or known), names, now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(file)
    return Credential(context, fingerprint(certificate))


def fingerprint(certificate: x509.Certificate) -> str:
    """The whole SHA-256 of the certificate as 64 capital hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex().upper()


def _stored(file: Path) -> tuple[ec.EllipticCurvePrivateKey | None, x509.Certificate | None]:
    """The key and its certificate as far as they can be read, and belong together."""
    try:
        whole = file.read_bytes()
        key = serialization.load_pem_private_key(whole, None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        return None, None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        return None, None
    try:
        certificate = x509.load_pem_x509_certificate(whole)
    except ValueError:
        return key, None
    return key, certificate if certificate.public_key() == key.public_key() else None


def _fits(certificate: x509.Certificate, names: tuple[str, ...], now: datetime) -> bool:
    young = certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEW
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return False
    return young and set(extension.value) == set(_alternatives(names))


def _life_of(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return str(found[0].value) if found else ""


def _subject(name: str, life: str) -> x509.Name:
    common = x509.NameAttribute(NameOID.COMMON_NAME, name[:64])
    marked = [x509.NameAttribute(NameOID.SERIAL_NUMBER, life)] if life else []
    return x509.Name([common, *marked])


def _made(
    file: Path,
    key: ec.EllipticCurvePrivateKey,
    subject: x509.Name,
    names: tuple[str, ...],
    now: datetime,
) -> x509.Certificate:
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now - EARLIER + LIFE)
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write(file, private + certificate.public_bytes(serialization.Encoding.PEM))
    return certificate


def _alternatives(names: tuple[str, ...]) -> list[x509.GeneralName]:
    return [_alternative(name) for name in dict.fromkeys(names)]


def _alternative(name: str) -> x509.GeneralName:
    with suppress(ValueError):
        return x509.IPAddress(ipaddress.ip_address(name))
    return x509.DNSName(name)


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all, readable by nobody else; the key before it is overwritten as far as a card allows that."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = file.with_suffix(".new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    _spoil(file)
    half.replace(file)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _spoil(file: Path) -> None:
    """A cut behind this leaves no certificate at all, and the next start makes one."""
    with suppress(FileNotFoundError), file.open("r+b") as old:
        old.write(os.urandom(file.stat().st_size))
        old.flush()
        os.fsync(old.fileno())
