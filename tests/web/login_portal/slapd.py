"""A real OpenLDAP server (Debian's slapd) for one test session: own folder, own port, own certificate."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from ldap3 import Connection, Server

from tests.hardware.bodies import soon
from tests.web.login_portal.authority import Identity
from tests.web.login_portal.carrying.mosquitto import free_port
from tests.web.login_portal.entries import rewrite
from web.login_portal.sources.about import About

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
attributetype ( 1.2.840.113556.1.4.96 NAME 'pwdLastSet' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.159 NAME 'accountExpires' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.74 NAME 'maxPwdAge' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.656 NAME 'userPrincipalName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.99999.1 NAME 'likeActiveDirectory' SUP top AUXILIARY
  MAY ( userAccountControl $ msDS-UserPasswordExpiryTimeComputed $ pwdLastSet $ accountExpires $ maxPwdAge
    $ sAMAccountName $ userPrincipalName ) )
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
pidfile {folder}/slapd.pid
argsfile {folder}/slapd.args
{tls}
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


_TLS = """
TLSCACertificateFile {authority}
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
"""


@dataclass(frozen=True)
class Slapd:
    """A running directory: `port` begins TLS when asked to, `tls_port` at once."""

    port: int
    tls_port: int
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
            rewrite(root, dn, values)

    @contextmanager
    def _root(self) -> Iterator[Connection]:
        root = Connection(Server("localhost", self.tls_port, use_ssl=True), ROOT, ROOT_PASSWORD)
        assert root.bind()
        yield root
        root.unbind()


@contextmanager
def slapd(folder: Path, identity: Identity) -> Iterator[Slapd]:
    """Start a directory with a reader, a policy and a group, wait until it listens, and stop it afterwards."""
    (folder / "data").mkdir(parents=True)
    names = {"base": BASE, "root": ROOT, "root_password": ROOT_PASSWORD, "policy": POLICY}
    tls = _TLS.format(**asdict(identity))
    config = _CONFIG.format(folder=folder, reader=READER, tls=tls, **names)
    (folder / "slapd.conf").write_text(config)
    running = Slapd(free_port(), free_port(), identity.authority)
    doors = f"ldap://127.0.0.1:{running.port} ldaps://127.0.0.1:{running.tls_port}"
    words = ["/usr/sbin/slapd", "-f", str(folder / "slapd.conf"), "-d", "0", "-h", doors]
    with subprocess.Popen(words) as server:
        try:
            soon(lambda: _listens(running.port) and _listens(running.tls_port))
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
