"""The files that make a mosquitto into the portal's broker: its settings, who may do what, and its certificate.

Devices and portal come in by doors of their own. At the devices' door a client's name is its certificate's, so none can
take another's session; at the portal's door only the portal's certificate has any right.
"""

from __future__ import annotations

from pathlib import Path

from web.login_portal.broker.identity import PORTAL, BrokerIdentity

SETTINGS = """\
# Letters of the Desk Token portal: MQTT 5 over TLS, a certificate for everybody, rights by name.
# Made by `desk-portal broker-files`; the broker is a doorbell, the portal's database is the truth.
per_listener_settings true
set_tcp_nodelay true
persistence true
persistence_location {state}/
autosave_interval 1
persistent_client_expiration 1d
max_queued_messages 200
max_inflight_messages 1000
max_packet_size 32768
log_dest stderr
log_type error
log_type warning

# the devices' door: whoever a certificate names may read dev/<name>/in and write dev/<name>/out
listener {devices}
protocol mqtt
allow_anonymous false
require_certificate true
use_identity_as_username true
use_username_as_clientid true
cafile {folder}/authority.pem
certfile {folder}/broker.pem
keyfile {folder}/broker.key
tls_version tlsv1.2
acl_file {folder}/devices.acl

# the portal's door: keep it inside the machine room
listener {portal}
protocol mqtt
allow_anonymous false
require_certificate true
use_identity_as_username true
cafile {folder}/authority.pem
certfile {folder}/broker.pem
keyfile {folder}/broker.key
tls_version tlsv1.2
acl_file {folder}/portal.acl
"""
DEVICES = "pattern read dev/%u/in\npattern write dev/%u/out\n"
OF_PORTAL = f"user {PORTAL}\ntopic write dev/+/in\ntopic read dev/+/out\n"


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
        "devices.acl": DEVICES,
        "portal.acl": OF_PORTAL,
        "authority.pem": identity.trust,
        "broker.pem": made.certificate,
        "broker.key": made.key,
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
