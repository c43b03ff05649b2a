"""What pages and API can do with backups, servers that are not checked, and the proxy's login, once for both.

Raises Unfit with a sentence for whoever typed it. A passphrase goes to the authenticator and is never said again.
"""

from __future__ import annotations

from appliance.core.errors import Refused
from appliance.core.settings import Settings, change
from appliance.wire.call import Done
from appliance.wire.client import Caller
from appliance.wire.safekeeping import (
    LARGEST_BACKUP,
    AskCodes,
    AskRestore,
    AskServer,
    BackupFile,
    DropPlan,
    DropServer,
    MakeBackup,
    ProxyLogin,
    ReadBackup,
)
from web.device_page.actions import Unfit, _

SHORTEST, LONGEST, LOGIN_CAP = 12, 256, 128
SLOW = 20.0  # a key from a passphrase takes seconds on the smallest board


def make_backup(desk: Caller, passphrase: str, again: str) -> BackupFile:
    """A sealed file, after the passphrase was typed twice."""
    if passphrase != again:
        raise Unfit(_("The two passphrases differ."))
    if not SHORTEST <= len(passphrase) <= LONGEST:
        raise Unfit(_("Use a passphrase of 12 letters or more, such as four words."))
    return desk.call(MakeBackup(passphrase), BackupFile, SLOW)


def read_backup(desk: Caller, untrusted_file: bytes, passphrase: str) -> None:
    """Open a file; what restoring it would do is told afterwards."""
    if not untrusted_file:
        raise Unfit(_("Choose the backup's file first."))
    if len(untrusted_file) > LARGEST_BACKUP:
        raise Unfit(_("That is too big to be a backup of a desk token."))
    if not untrusted_file.lstrip()[:1] == b"{":
        raise Unfit(_("That is no backup of a desk token."))
    if not passphrase:
        raise Unfit(_("Type the passphrase of the backup."))
    desk.call(ReadBackup(untrusted_file, passphrase[: LONGEST + 1]), Done, SLOW)


def ask_codes(desk: Caller) -> None:
    """Ask to have codes of other services in the next backup; the hold on the token allows it."""
    desk.call(AskCodes(), Done)


def ask_restore(desk: Caller, number: str) -> None:
    """Ask to do what was told; the hold on the token does it."""
    desk.call(AskRestore(number[:64]), Done)


def drop_plan(desk: Caller) -> None:
    """Forget the backup that was read."""
    desk.call(DropPlan(), Done)


def ask_server(desk: Caller, untrusted_server: str) -> None:
    """Ask not to check this server's certificate; the hold on the token allows it."""
    try:
        server = change(Settings(), "server_exceptions", untrusted_server[:300]).server_exceptions
    except Refused as refused:
        raise Unfit(str(refused)) from refused
    if len(server) != 1:
        raise Unfit(_("Type the name of one server, such as login.example.org."))
    desk.call(AskServer(server[0]), Done)


def drop_server(desk: Caller, server: str) -> None:
    """Check this server again."""
    desk.call(DropServer(server[:300]), Done)


def log_in(desk: Caller, name: str, password: str) -> None:
    """The name and password for the proxy; an empty name forgets them."""
    check_login(name, password)
    desk.call(ProxyLogin(name, password), Done)


def check_login(name: str, password: str) -> None:
    """Whether these can be a proxy's name and password."""
    fits = max(len(name), len(password)) <= LOGIN_CAP and ":" not in name
    if not fits or not (name + password).isprintable():
        raise Unfit(_("A proxy's name and password have at most 128 ordinary characters."))
    if password and not name:
        raise Unfit(_("Type the name that belongs to the password."))
