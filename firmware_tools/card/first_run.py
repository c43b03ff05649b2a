"""Bookworm's way: a script on the boot partition that systemd runs once, before anything else starts. Pure.

systemd-run-generator(8) reads `systemd.run=` from the kernel's command line; Raspberry Pi's own imager uses the same
for Bookworm. The script speaks to that system's own tools (raspi-config, imager_custom, userconf), holds no Wi-Fi
password in words, writes what happened to LOG, and takes itself away; when power is cut before, it runs again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from shlex import quote

from appliance.core.errors import Refused
from firmware_tools.bench.wanted import Wanted
from firmware_tools.words import _

SCRIPT, CMDLINE = "firstrun.sh", "cmdline.txt"
WHERE, LOG = "/boot/firmware", "/var/log/desk-token-first-run.log"
# after a success the system starts anew, without these words
OURS = (
    f"systemd.run={WHERE}/{SCRIPT}",
    "systemd.run_success_action=reboot",
    "systemd.unit=kernel-command-line.target",
)
HEAD = f"""#!/bin/sh
# Written by desk-token-tool. Runs once at the first start, as root, and then takes itself away.
exec >>{LOG} 2>&1
custom=/usr/lib/raspberrypi-sys-mods/imager_custom
"""
# the command line first: a card that is cut between the two starts as usual
TAIL = f"""sed -i 's| systemd\\.[^ ]*||g' {WHERE}/{CMDLINE}
sync
rm -f {WHERE}/{SCRIPT}
sync
exit 0
"""
WIZARD = """if systemctl -q is-enabled userconfig; then
  /usr/lib/userconf-pi/userconf "$(getent passwd 1000 | cut -d: -f1)" '!'
fi
"""


def command_line(untrusted: str) -> str:
    """The card's own command line, and ours behind it, once. Raises Refused for what is none."""
    words = untrusted.split()
    if not any(word.startswith("root=") for word in words):
        raise Refused(
            _(
                "That is no boot partition of Bookworm: its cmdline.txt does not say where the system is"
            )
        )
    own = (word for word in words if not re.match(r"systemd\.(run|unit)", word))
    return f"{' '.join((*own, *OURS))}\n"


def script(wanted: Wanted, keys: tuple[str, ...], wpa_key: str, serial_file: str) -> str:
    """The whole script. Everything that came from outside is quoted."""
    return (
        HEAD
        + "".join(f"{line}\n" for line in _lines(wanted, keys, wpa_key, serial_file))
        + WIZARD
        + TAIL
    )


def _lines(wanted: Wanted, keys: tuple[str, ...], wpa_key: str, serial_file: str) -> Iterator[str]:
    yield f'"$custom" set_hostname {quote(wanted.name or "desk-token")}'
    yield " ".join(('"$custom" enable_ssh -k', *([] if keys else ["-d"]), *map(quote, keys)))
    if wanted.ssid:
        hidden = ["-h"] if wanted.hidden else []
        yield f'"$custom" set_wlan_country {quote(wanted.country)}'
        yield " ".join(
            ('"$custom" set_wlan', *hidden, quote(wanted.ssid), *filter(None, [wpa_key]))
        )
    if wanted.serial:
        yield f"install -D -m 0644 /dev/null {serial_file}"
        yield f"printf %s {quote(wanted.serial)} >{serial_file}"
    # 0 switches on; the console leaves the serial port to us
    for part in ("do_i2c 0", "do_spi 0", "do_serial_hw 0", "do_serial_cons 1"):
        yield f"raspi-config nonint {part}"
