"""A real OpenLDAP server (Debian's slapd) for one test session: own folder, own port, own certificate."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from ldap3 import Connection, Server

from tests.hardware.bodies import soon
from web.login_portal.sources.directory import About

BASE = "dc=example,dc=org"
ROOT, ROOT_PASSWORD = f"cn=admin,{BASE}", "root-of-the-test"
READER, READER_PASSWORD = f"cn=portal,{BASE}", "reader-of-the-test"
POLICY = f"cn=policy,{BASE}"
GROUP = f"cn=staff,{BASE}"
PASSWORD = "correct horse battery"

_CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.1996 NAME 'msDS-UserPasswordExpiryTimeComputed' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.99999.1 NAME 'likeActiveDirectory' SUP top AUXILIARY
  MAY ( userAccountControl $ msDS-UserPasswordExpiryTimeComputed ) )
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
pidfile {folder}/slapd.pid
argsfile {folder}/slapd.args
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/ca.pem
TLSCertificateKeyFile {folder}/key.pem
security simple_bind=128
database mdb
suffix "{base}"
rootdn "{root}"
rootpw {root_password}
directory {folder}/data
overlay ppolicy
ppolicy_default "{policy}"
access to attrs=userPassword by self write by anonymous auth by * none
access to * by dn.exact="{reader}" read by self read by * none
"""


@dataclass(frozen=True)
class Slapd:
    """A running directory."""

    port: int
    ca: Path

    def about(self, **changed: object) -> About:
        known = {
            "host": "localhost",
            "port": self.port,
            "base": BASE,
            "reader": READER,
            "reader_password": READER_PASSWORD,
            "ca_file": str(self.ca),
        }
        return About(**{**known, **changed})  # type: ignore[arg-type]

    def add(self, dn: str, classes: list[str], **about: object) -> None:
        with self._root() as root:
            words = {key.replace("_", "-"): value for key, value in about.items()}
            assert root.add(dn, classes, words), root.result

    def add_person(self, name: str, *classes: str, **more: object) -> str:
        """A person with the usual password; the entry's name."""
        dn = f"uid={name},{BASE}"
        about = {"uid": name, "sn": name, "cn": name.title(), "userPassword": PASSWORD, **more}
        self.add(dn, ["inetOrgPerson", *classes], **about)
        return dn

    def change(self, dn: str, **values: str) -> None:
        with self._root() as root:
            changes = {key: [("MODIFY_REPLACE", [value])] for key, value in values.items()}
            assert root.modify(dn, changes), root.result

    @contextmanager
    def _root(self) -> Iterator[Connection]:
        server = Server("localhost", self.port)
        root = Connection(server, ROOT, ROOT_PASSWORD)
        root.open()
        root.start_tls()
        assert root.bind()
        yield root
        root.unbind()


@contextmanager
def slapd(folder: Path) -> Iterator[Slapd]:
    """Start a directory with a reader, a policy and a group, wait until it listens, and stop it afterwards."""
    (folder / "data").mkdir(parents=True)
    certificate(folder)
    names = {"base": BASE, "root": ROOT, "root_password": ROOT_PASSWORD, "policy": POLICY}
    config = _CONFIG.format(folder=folder, reader=READER, **names)
    (folder / "slapd.conf").write_text(config)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["/usr/sbin/slapd", "-f", str(folder / "slapd.conf"), "-d", "0"]
    with subprocess.Popen([*words, "-h", f"ldap://127.0.0.1:{port}"]) as server:
        try:
            soon(lambda: _listens(port))
            running = Slapd(port, folder / "ca.pem")
            _furnish(running)
            yield running
        finally:
            server.terminate()


def _furnish(running: Slapd) -> None:
    running.add(BASE, ["organization", "dcObject"], o="Example", dc="example")
    person = ["organizationalRole", "simpleSecurityObject"]
    running.add(READER, person, cn="portal", userPassword=READER_PASSWORD)
    running.add(
        POLICY,
        ["person", "pwdPolicy"],
        sn="policy",
        pwdAttribute="userPassword",
        pwdMaxAge="7776000",
        pwdMinLength="8",
        pwdCheckQuality="2",
    )
    running.add(GROUP, ["groupOfNames"], member=READER)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def certificate(folder: Path, name: str = "localhost") -> None:
    """A key and a certificate that signs itself, for this name."""
    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
