"""The diagnosis as one zip: how the device is and what its log says, without names, networks, secrets or codes.

What goes in is chosen here, field by field; an account counts as a number and never by its name.
"""

from __future__ import annotations

import io
import json
import zipfile

from appliance.core.settings import ROWS
from appliance.wire.asking import StatusReply
from appliance.wire.client import Caller
from appliance.wire.upkeep import (
    AuditLog,
    AuditReply,
    Condition,
    ConditionReply,
    Journal,
    JournalReply,
    Network,
    NetworkState,
)

FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def diagnosis(desk: Caller, now: StatusReply) -> bytes:
    """The zip, with a sentence about what was left out."""
    condition = desk.call(Condition(), ConditionReply)
    network = desk.call(Network(), NetworkState)
    rows = desk.call(Journal(), JournalReply).rows
    audit = desk.call(AuditLog(), AuditReply).lines
    files = {
        "about.txt": "Left out on purpose: names of accounts and networks, passwords, keys, codes.\n",
        "device.json": json.dumps(_device(now, condition, network), indent=2) + "\n",
        "audit.jsonl": "".join(f"{line}\n" for line in audit),
        "log.txt": "".join(
            f"{ago:9.1f} s ago  {level:<8}{cleaned(words, now)}\n" for ago, level, words in rows
        ),
    }
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(zipfile.ZipInfo(name, FIRST_DAY), text)
    return whole.getvalue()


def cleaned(words: str, now: StatusReply) -> str:
    """A line of the log without any account's name or address."""
    for row in now.accounts:
        for name in (row.label, row.issuer, row.origin, row.id):
            words = words.replace(name, "…") if name else words
    return words


def _device(
    now: StatusReply, condition: ConditionReply, network: NetworkState
) -> dict[str, object]:
    own = {row.key for row in ROWS}
    return {
        "serial": now.serial,
        "software": now.software,
        "clock": now.trust,
        "storage": now.storage,
        "parts": now.parts,
        "tested": condition.tested,
        "accounts": len(now.accounts),
        "kinds": sorted(row.kind for row in now.accounts),
        "settings": {key: value for key, value in now.settings.items() if key in own},
        "up_seconds": round(condition.up_seconds),
        "temperature": condition.temperature,
        "undervolted": condition.undervolted,
        "disk_free": condition.disk_free,
        "disk_size": condition.disk_size,
        "portals_seen_seconds_ago": sorted(round(ago) for ago in condition.seen.values()),
        "network": {
            "connected": network.connected,
            "kind": network.kind,
            "signal": network.signal,
            "addresses": len(network.addresses),
            "nearby": len(network.nearby),
            "trouble": network.trouble,
        },
    }
