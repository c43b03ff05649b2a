"""Push beside a real privacyIDEA: how fast a login reaches the panel by gateway and by polling, and what idling costs.

Login to panel: from the moment at which the login begins until the virtual panel has changed, through the processes
as they are started, with nobody near the token, so that its polls are slow. Idle cost: what the server's own process
spends on one idle poll, times the polls of 1,000 tokens; with the gateway a token polls once a minute instead of every
three seconds, as the phone app does; at our own portal it does not poll, but keeps a stream open.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

from appliance.authenticator.work import LONELY_REST, RELAYED_REST
from tests.bench.portal import idle as portal_idle
from tests.bench.portal import open_files
from tests.bench.table import Row, row
from tests.interop.administrator import PrivacyIdea
from tests.interop.device import Device
from tests.interop.hands_on import Panel
from tests.interop.laboratory import PASSWORD, running_process
from tests.load.fleet import serving
from tests.story.house import House, house

TIMES, POLLS, TOKENS = 2, 100, 1000
APP_REST = 3.0
TICKS = 100.0
FAST_MINUTE = 62.0


def rows() -> dict[str, Row]:
    """Both figures, each with its other side."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "server").mkdir()
        with running_process(base / "server") as server:
            there = PrivacyIdea(server.url, PASSWORD)
            there.standing_policy(
                "push", "enrollment", push_registration_url=f"{server.url}/ttype/push"
            )
            made = _idle(there, server.process.pid, base / "idle")
            with house(base / "house") as home:
                home.is_linked()
                made |= _logins(there, home)
            there.close()
    return made


def _idle(server: PrivacyIdea, process: int, folder: Path) -> dict[str, Row]:
    with server.policy("enrollment", push_firebase_configuration="poll only"):
        token = server.make("push")
    device = Device(folder)
    device.links(token.url)
    device.polls()
    before = _spent(process)
    for _ in range(POLLS):
        device.polls()
    each = (_spent(process) - before) / POLLS
    device.close()
    app, ours = TOKENS / APP_REST * each, TOKENS / RELAYED_REST * each
    alone = TOKENS / LONELY_REST * each
    cores = "server cores for 1,000 idle tokens; peer: the phone app, every 3 s"
    open_files()
    with serving(TOKENS, min(os.sched_getaffinity(0))) as portal:
        _, share = asyncio.run(portal_idle(portal))
    return {
        "push_idle_at_the_portal": row(
            share / 100 * TOKENS / 1000, app, "<= 0.1", f"{cores}; ours: our own portal's streams"
        ),
        "push_idle_with_gateway": row(ours, app, "<= 0.1", cores),
        "push_idle_by_polling": row(alone, app, "<= 0.2", cores),
    }


def _logins(server: PrivacyIdea, home: House) -> dict[str, Row]:
    server.gateway("deurbel", f"{home.portal.url}/device/v1/ring")
    panel = Panel(home.folder, home.token, home.hands)
    found = {}
    for name in ("deurbel", "poll only"):
        with server.policy("enrollment", push_firebase_configuration=name):
            token = server.make("push")
        home.hands.hold_for("Menu")
        home.hands.sees("Menu")
        home.hands.nudge_to("▸ Scan QR-code")
        panel.links(token)
        found[name] = statistics.median(_reach(server, home, token.serial) for _ in range(TIMES))
    unit = "ms from login to panel; peer: by slow polling in the same run"
    return {"push_login_by_gateway": row(found["deurbel"], found["poll only"], "< 1", unit)}


def _reach(server: PrivacyIdea, home: House, serial: str) -> float:
    """One login that comes to a token near which nobody was for more than a minute."""
    threading.Event().wait(FAST_MINUTE)
    began = time.monotonic()
    server.signs_in(serial)
    home.hands.waits_for(lambda words: "Logt u in?" in words, "the request", 60.0)
    took = time.monotonic() - began
    home.hands.settle()
    home.hands.nudge_to("▸ Ja")
    home.hands.hold()
    home.hands.sees("Goedgekeurd")
    home.hands.no_longer_sees("Goedgekeurd")
    return took * 1000


def _spent(process: int) -> float:
    """Processor seconds of this process so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
