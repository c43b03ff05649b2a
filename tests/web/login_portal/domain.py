"""A real Active Directory domain controller (Debian's samba-ad-dc) for one test session, of which only LDAP is served.

Its ports cannot be chosen, so each has an address of the loopback for itself, and only root can start one.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ldap3 import Connection, Server, Tls

from tests.hardware.bodies import soon
from tests.web.login_portal.authority import Authority, Identity
from tests.web.login_portal.entries import rewrite
from web.login_portal.sources.about import About

BASE = "DC=ad,DC=example,DC=org"
SUFFIX = "ad.example.org"
PASSWORD = "correct horse battery"
READER, READER_PASSWORD = f"portal@{SUFFIX}", "reader-of-the-test-1"
_ROOT, _ROOT_PASSWORD = f"administrator@{SUFFIX}", "Root-of-the-test-1"
FIND = "(&(objectClass=user)(|(sAMAccountName={name})(userPrincipalName={name})))"
# the passwords of the tests are good enough, and the ninth wrong one locks
_POLICY = ["--complexity=off", "--min-pwd-length=8", "--min-pwd-age=0", "--history-length=0",
           "--account-lockout-threshold=9"]  # fmt: skip
_NORMAL = 0x200
WHY_NOT = "" if os.getuid() == 0 else "only root can serve the ports of a domain controller"
if not WHY_NOT and shutil.which("samba") is None:
    WHY_NOT = "samba-ad-dc is not installed: config/setup leaves it out on a machine with systemd"


@dataclass(frozen=True)
class Domain:
    """A running domain controller."""

    host: str
    ca: Path

    def about(self, **changed: object) -> About:
        known = {
            "host": self.host,
            "port": 636,
            "tls": "ldaps",
            "base": BASE,
            "reader": READER,
            "reader_password": READER_PASSWORD,
            "ca_file": str(self.ca),
            "find": FIND,
            "name": "sAMAccountName",
            "display": "displayName",
            "active_directory": True,
        }
        return About(**{**known, **changed})  # type: ignore[arg-type]

    def add_person(self, name: str, control: int = _NORMAL, **more: object) -> str:
        """A person with the usual password; the entry's name."""
        dn = f"CN={name},CN=Users,{BASE}"
        about = {
            "sAMAccountName": name,
            "userPrincipalName": f"{name}@{SUFFIX}",
            "displayName": name.title(),
            "unicodePwd": written(PASSWORD),
            "userAccountControl": control,
        }
        with self._root() as root:
            assert root.add(dn, ["user"], {**about, **more}), root.result
        return dn

    def add_group(self, name: str) -> str:
        """A group without members; the entry's name."""
        dn = f"CN={name},CN=Users,{BASE}"
        with self._root() as root:
            assert root.add(dn, ["group"], {"sAMAccountName": name}), root.result
        return dn

    def change(self, dn: str, **values: str) -> None:
        with self._root() as root:
            rewrite(root, dn, values)

    @contextmanager
    def _root(self) -> Iterator[Connection]:
        server = Server(self.host, 636, use_ssl=True, tls=Tls(validate=ssl.CERT_NONE))
        root = Connection(server, _ROOT, _ROOT_PASSWORD)
        assert root.bind(), root.result
        yield root
        root.unbind()


def written(password: str) -> bytes:
    """A password as Active Directory takes it ([MS-ADTS] section 3.1.1.3.1.5)."""
    return f'"{password}"'.encode("utf-16-le")


@contextmanager
def domain(folder: Path) -> Iterator[Domain]:
    """Make a domain, serve it, add the portal's reader, and stop it afterwards."""
    host = "127." + ".".join(str(1 + secrets.randbelow(250)) for _ in range(3))
    identity = Authority(folder / "authority").identity(host)
    settings = folder / "domain" / "etc" / "smb.conf"
    _provision(folder, host, identity)
    _tool("domain", "passwordsettings", "set", *_POLICY, f"--configfile={settings}")
    words = ["samba", "--interactive", "--no-process-group", "--model=single"]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen([*words, f"--configfile={settings}"], stdout=log, stderr=log) as server,
    ):
        try:
            assert soon(lambda: _listens(host)), (folder / "log").read_text()
            running = Domain(host, identity.authority)
            running.add_person("portal", unicodePwd=written(READER_PASSWORD))
            yield running
        finally:
            server.terminate()


def _provision(folder: Path, host: str, identity: Identity) -> None:
    options = {
        "interfaces": f"{host}/8",
        "bind interfaces only": "yes",
        "server services": "ldap",
        "pid directory": folder / "run",
        "ncalrpc dir": folder / "run" / "rpc",
        "log file": folder / "log.samba",
        "tls cafile": identity.authority,
        "tls certfile": identity.certificate,
        "tls keyfile": identity.key,
    }
    (folder / "run").mkdir()
    _tool(
        *("domain", "provision", f"--targetdir={folder / 'domain'}", "--server-role=dc"),
        *(f"--realm={SUFFIX}", "--domain=ADTEST", "--host-name=dc1", f"--host-ip={host}"),
        *("--dns-backend=NONE", f"--adminpass={_ROOT_PASSWORD}"),
        *(f"--option={key}={value}" for key, value in options.items()),
    )


def _tool(*words: str) -> None:
    done = subprocess.run(["samba-tool", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _listens(host: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, 636)) == 0
