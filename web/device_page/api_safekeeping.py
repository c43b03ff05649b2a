"""The operations of the API for backups, servers that are not checked, and the proxy's login."""

from __future__ import annotations

from appliance.wire.safekeeping import LARGEST_BACKUP, Backups, BackupState
from web.device_page import safekeeping, shapes

Operation = shapes.Operation
OPERATIONS = (
    Operation(
        *("GET", "/backup", "backups", "What a backup would hold, and what a restore would do"),
        lambda house, body, of: house.desk.call(Backups(), BackupState),
        gives=BackupState,
    ),
    Operation(
        *("POST", "/backup", "back_up", "Seal a backup under a passphrase"),
        lambda house, body, of: (
            safekeeping.make_backup(house.desk, body.passphrase, body.passphrase).data
        ),
        takes=shapes.Passphrase,
        gives=bytes,
        kind="application/octet-stream",
    ),
    Operation(
        *("POST", "/backup/codes", "allow_codes", "Ask for codes of other services in a backup"),
        lambda house, body, of: safekeeping.ask_codes(house.desk),
        asks=True,
    ),
    Operation(
        *("PUT", "/backup/plan", "read_backup", "Open a backup and say what restoring it would do"),
        lambda house, body, of: safekeeping.read_backup(house.desk, body.file, body.passphrase),
        takes=shapes.Sealed,
        cap=2 * LARGEST_BACKUP,
    ),
    Operation(
        *("DELETE", "/backup/plan", "drop_backup", "Forget the backup that was read"),
        lambda house, body, of: safekeeping.drop_plan(house.desk),
    ),
    Operation(
        *("POST", "/backup/restore", "restore", "Ask to do what the plan of this number says"),
        lambda house, body, of: safekeeping.ask_restore(house.desk, body.number),
        takes=shapes.Number,
        asks=True,
    ),
    Operation(
        *("POST", "/servers", "leave_out", "Ask not to check the certificate of a server"),
        lambda house, body, of: safekeeping.ask_server(house.desk, body.server),
        takes=shapes.Server,
        asks=True,
    ),
    Operation(
        *("DELETE", "/servers/{id}", "check_again", "Check this server again"),
        lambda house, body, of: safekeeping.drop_server(house.desk, of),
    ),
    Operation(
        *("PUT", "/proxy/login", "proxy_login", "Name and password for the proxy"),
        lambda house, body, of: safekeeping.log_in(house.desk, body.name, body.password),
        takes=shapes.Login,
    ),
)
