"""The files that make a mosquitto into the portal's broker: its settings, who may do what, and its certificate.

Devices and portal come in by doors of their own, under one list of rights: from 2.0.12 on a mosquitto with rights of
every door's own forgets what comes for a client that is away (eclipse-mosquitto issue 2618). At the devices' door a
client's name is its certificate's, so none can take another's session. At the portal's door a client chooses its name,
so only certificates of the portal's own authority come in there; a name in the list is their whole subject.
"""

from __future__ import annotations

from pathlib import Path

from web.login_portal.broker.identity import PORTAL, BrokerIdentity

SETTINGS = """\
# Letters of the Desk Token portal: MQTT 5 over TLS, a certificate for everybody, rights by name.
# Made by `desk-portal broker-files`; the broker is a doorbell, the portal's database is the truth.
set_tcp_nodelay true
persistence true
persistence_location {state}/
autosave_interval 1
persistent_client_expiration 1d
max_queued_messages 200
max_inflight_messages 1000
max_packet_size 32768
retain_available false
log_dest stderr
log_type error
log_type warning
allow_anonymous false
acl_file {folder}/rights.acl

# the devices' door: whoever a certificate names may read dev/<name>/in and write dev/<name>/out
listener {devices}
protocol mqtt
require_certificate true
use_identity_as_username true
use_username_as_clientid true
cafile {folder}/authority.pem
certfile {folder}/broker.pem
keyfile {folder}/broker.key
tls_version tlsv1.2

# the portal's door: keep it inside the machine room
listener {portal}
protocol mqtt
require_certificate true
use_subject_as_username true
cafile {folder}/door.pem
certfile {folder}/broker.pem
keyfile {folder}/broker.key
tls_version tlsv1.2
"""
RIGHTS = f"""\
user CN={PORTAL}
topic write dev/+/in
topic read dev/+/out
pattern read dev/%u/in
pattern write dev/%u/out
"""


def settings(folder: Path, state: Path, devices: int, portal: int) -> str:
    """The text of mosquitto.conf."""
    return SETTINGS.format(folder=folder, state=state, devices=devices, portal=portal)


def write(
    folder: Path, identity: BrokerIdentity, host: str, now: float, *, devices: int, portal: int
) -> None:
    """Write everything that mosquitto needs into this folder; `mosquitto -c FOLDER/mosquitto.conf` runs it."""
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / "state"
    state.mkdir(exist_ok=True)
    made = identity.broker(host, now)
    (folder / "broker.key").touch(mode=0o600)
    texts = {
        "mosquitto.conf": settings(folder.absolute(), state.absolute(), devices, portal),
        "rights.acl": RIGHTS,
        "authority.pem": identity.trust,
        "door.pem": identity.door,
        "broker.pem": made.certificate,
        "broker.key": made.key,
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
