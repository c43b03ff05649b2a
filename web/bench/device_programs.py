"""The command lines of a virtual device's processes: the very modules that systemd starts on a real one."""

from __future__ import annotations

import sys
from pathlib import Path

from web.bench.supervisor import Programs


def device_programs(
    run: Path, state: Path, keys: str, language: str, page_port: int, bus: str = ""
) -> Programs:
    """Every process of a device whose sockets lie in `run` and whose records in `state`.

    There is a steward only when `bus` names a system bus: a virtual token must never touch this machine's own network.
    """

    def module(name: str, *words: str) -> tuple[str, ...]:
        return (sys.executable, "-m", name, "--run", str(run), *words)

    simulated = ("--hardware", "simulated")
    steward = {"steward": module("appliance.steward", "--bus", bus)} if bus else {}
    return Programs(
        living={
            "authenticator": module(
                "appliance.authenticator",
                *("--state", str(state), *simulated),
                *("--keys", keys, "--language", language),
                *("--page", page_address(page_port)),
            ),
            "courier": module("appliance.courier"),
            "device_page": module("web.device_page", "--local", str(run / "page.sock")),
            "porter": module(
                "appliance.porter",
                *("--state", str(state.with_name("porter")), "--to", str(run / "page.sock")),
                *("--port", str(page_port), "--name", "localhost", "--name", "127.0.0.1"),
            ),
            **steward,
        },
        scanner=module("appliance.scanner", *simulated),
        updater=module(
            "appliance.updater",
            *("--state", str(state.with_name("updater")), *simulated),
            *("--root", str(state.with_name("slots"))),
            *("--keys", str(state.with_name("update-root.json"))),
            *("--media", str(state.with_name("stick"))),
        ),
    )


def page_address(port: int) -> str:
    """Where the device's own page is."""
    return f"https://127.0.0.1:{port}"
