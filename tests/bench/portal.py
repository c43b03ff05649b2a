"""The portal under load, against a bare broker's echo in the same run: embedded, and with letters over MQTT.

One core for the portal, one for the broker, one for the raw clients, as far as the machine has them.
"""

from __future__ import annotations

import asyncio
import os
import resource
import time
from dataclasses import replace
from statistics import median, quantiles
from tempfile import TemporaryFile

from tests.bench.table import Row, row
from tests.load.echo import Echoed, bare_broker, bare_echo
from tests.load.fleet import BARE, Fleet, Server, Timed, serving

DEVICES = int(os.environ.get("DESK_PORTAL_DEVICES", "1000"))
IDLE = int(os.environ.get("DESK_PORTAL_IDLE", "10000"))
SECONDS, RATE, WATCHED = float(os.environ.get("DESK_PORTAL_SECONDS", "10")), 100.0, 20.0
ECHO_SECONDS = 3.0


def rows() -> dict[str, Row]:
    """The rows of the portal."""
    open_files()
    cores = sorted(os.sched_getaffinity(0))
    portal, broker, clients = cores[0], cores[1 % len(cores)], cores[2 % len(cores)]
    os.sched_setaffinity(0, {clients})
    try:
        with bare_broker(broker) as echo:
            with serving(DEVICES, portal) as server:
                embedded = _beside(server, echo)
                storm = asyncio.run(_storm(server))
            with serving(DEVICES, portal, broker) as server:
                mqtt = _beside(server, echo)
            with serving(DEVICES, portal, module=BARE) as server:
                bare_stream = _beside(server, echo)
            with serving(DEVICES, portal, broker, module=BARE) as server:
                bare_mqtt = _beside(server, echo)
        with serving(IDLE, portal) as server:
            each, share = asyncio.run(idle(server))
    finally:
        os.sched_setaffinity(0, set(cores))
    durable = _durable()
    return {
        **_bare("stream", bare_stream),
        **_bare("MQTT over TLS", bare_mqtt),
        **_timed("embedded", embedded, (3, 8)),
        **_timed("MQTT", mqtt, (2, 4)),
        "portal, one durable write on this disk p50": row(
            durable, mqtt.echo.medians()[1], "no goal: every answer waits for one", "ms"
        ),
        **_as_durable("embedded", embedded, durable),
        **_as_durable("MQTT", mqtt, durable),
        f"portal, {DEVICES} streams opened at once": row(
            storm, 1000.0, "no goal: see the note", "ms"
        ),
        f"portal, each of {IDLE} idle devices": row(each, 16.0, "ours <= 16", "kB"),
        "portal, 1,000 idle devices": row(share, 1.0, "ours <= 1", "% of a core"),
    }


def _timed(name: str, timed: Timed, goals: tuple[int, int]) -> dict[str, Row]:
    there, back = timed.echo.medians()
    letters, loops = ([x * 1000 for x in times] for times in (timed.letters, timed.loops))
    lost = timed.asked - len(loops)
    return {
        f"portal {name}, login to device p50": row(median(letters), there, f"<= {goals[0]}", "ms"),
        f"portal {name}, signed loop p50": row(median(loops), back, f"<= {goals[1]}", "ms"),
        f"portal {name}, letter p99": row(_p99(letters), 10.0, "ours <= 10", "ms"),
        f"portal {name}, signed loop p99": row(_p99(loops), 25.0, "ours <= 25", "ms"),
        f"portal {name}, logins lost of {timed.asked}": row(lost, 0.0, "ours <= 0", "logins"),
        f"portal {name}, core at {RATE:.0f} logins/s": row(
            timed.processor * 100, 100.0, "no goal", "%"
        ),
    }


def _bare(name: str, timed: Timed) -> dict[str, Row]:
    """The same clients without a portal: what no portal could be faster than."""
    there, back = timed.echo.medians()
    goal = "no goal: a process that passes on and keeps, signs and checks nothing"
    letters, loops = (median(times) * 1000 for times in (timed.letters, timed.loops))
    return {
        f"bare {name}, login to device p50": row(letters, there, goal, "ms"),
        f"bare {name}, signed loop p50": row(loops, back, goal, "ms"),
    }


def _as_durable(name: str, timed: Timed, durable: float) -> dict[str, Row]:
    """The same beside an echo that would write down what came back, as the portal must before it says so."""
    peer = timed.echo.medians()[1] + durable
    goal = "no goal: the peer's echo and one durable write"
    ours = median(timed.loops) * 1000
    return {f"portal {name}, signed loop p50, beside a durable echo": row(ours, peer, goal, "ms")}


def _durable() -> float:
    """Median milliseconds until 4 KiB are on the disk where the portal's records were."""
    times: list[float] = []
    with TemporaryFile(prefix="dt-load-") as file:
        for _ in range(200):
            began = time.perf_counter()
            os.write(file.fileno(), bytes(4096))
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return median(times) * 1000


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100)[98]


def _beside(server: Server, echo_port: int) -> Timed:
    """The portal's times, between two echoes."""
    echoed = Echoed()
    bare_echo(echoed, echo_port, len(server.devices), ECHO_SECONDS, RATE)
    timed = asyncio.run(_loaded(server))
    bare_echo(echoed, echo_port, len(server.devices), ECHO_SECONDS, RATE)
    return replace(timed, echo=echoed)


async def _loaded(server: Server) -> Timed:
    fleet = Fleet(server)
    await fleet.join(server.devices)
    await fleet.login_for(1.0, RATE)  # the first second compiles and fills caches
    fleet.timed = Timed()
    timed = await fleet.login_for(SECONDS, RATE)
    fleet.close()
    return timed


async def _storm(server: Server) -> float:
    """Milliseconds until all devices are back at once."""
    fleet, began = Fleet(server), time.perf_counter()
    await asyncio.gather(*(fleet.joined(*one) for one in server.devices))
    took = time.perf_counter() - began
    fleet.close()
    return took * 1000


async def idle(server: Server) -> tuple[float, float]:
    """Kilobytes a device, and the share of a core in percent a thousand devices, while nothing happens."""
    fleet = Fleet(server)
    await fleet.join(
        server.devices[:200]
    )  # what every server keeps after its first streams is not a device's
    before = server.resident()
    await fleet.join(server.devices[200:])
    each = (server.resident() - before) / (len(server.devices) - 200)
    began = server.processor()
    await asyncio.sleep(WATCHED)
    share = (server.processor() - began) / WATCHED * 100 / (len(server.devices) / 1000)
    fleet.close()
    return each, share


def open_files() -> None:
    """Let this process, and those it starts, have a connection a device."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
