"""What each answer of the device means and what to do about it. Reads nothing itself; `World` does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from appliance.check.finding import Finding, _, bad, good, hint
from appliance.check.hardware import hardware
from appliance.check.world import World
from appliance.core.clock_trust import Trust
from appliance.wire.config_file import ConfigTrouble

SPARE = 16 * 1_048_576  # bytes; fewer, and the next change of the records may fail
PLAIN = "plain file"


def findings(world: World) -> Iterator[Finding]:
    """Everything in the order in which it is mended: configuration, users, hardware, records, clock, processes."""
    try:
        config = world.config()
    except ConfigTrouble as refused:
        yield bad(
            "configuration",
            _("The configuration is refused: {why}"),
            _(
                "Mend that line of /etc/desk-token/desk-token.toml, then: "
                "sudo systemctl restart desk-token.target"
            ),
            why=str(refused),
        )
        yield from _members(world)
        yield from _around(world, Path("/var/lib/desk-token"))
        return
    board = config.board
    yield good("configuration", _("The configuration is good. Board: {board}"), board=board.name)
    yield from _members(world)
    yield from hardware(world, config)
    yield from _around(world, Path(config.paths.state))


def _around(world: World, state: Path) -> Iterator[Finding]:
    yield from _storage(world, state)
    yield _clock(world.trust())
    yield from _processes(world)


def _members(world: World) -> Iterator[Finding]:
    wrong = False
    for member in world.members():
        if member.is_user and member.is_member:
            continue
        wrong = True
        yield bad(
            "groups",
            _("The user {user} is not in the group {group}")
            if member.is_user
            else _("The user {user} does not exist"),
            _(
                "sudo systemd-sysusers desk-token.conf, then: sudo systemctl restart desk-token.target"
            ),
            user=member.user,
            group=member.group,
        )
    if not wrong:
        yield good("groups", _("Every process has its user and its groups"))


def _storage(world: World, state: Path) -> Iterator[Finding]:
    disk, place = world.disk(state), str(state)
    if disk is None:
        yield bad(
            "storage",
            _("The folder of the records is not there: {place}"),
            _("Start the token once: sudo systemctl start desk-token.target"),
            place=place,
        )
        return
    if disk.read_only:
        yield bad(
            "storage",
            _("The disk is read-only: {place}"),
            _("The card is worn out or was damaged: copy what you need and use another card"),
            place=place,
        )
    elif disk.free < SPARE:
        yield bad(
            "storage",
            _("The disk is full: {place}"),
            _("Make room on the card (sudo apt clean), or use a larger one"),
            place=place,
        )
    else:
        yield good("storage", _("The disk has room: {free} MiB"), free=str(disk.free // 1_048_576))
    yield _key(world.key_level(state))


def _key(level: str) -> Finding:
    if not level:
        return good("key", _("There are no records yet"))
    if level == PLAIN:
        return hint(
            "key",
            _("The key of the records lies in a plain file: whoever copies the card has both"),
            _("Back the accounts up, reset the token, and link again with a better guard: docs/secrets.md"),
        )  # fmt: skip
    return good("key", _("The key of the records is guarded by: {level}"), level=level)


def _clock(trust: Trust) -> Finding:
    if trust.shows_codes:
        return good("clock", _("The clock may be believed: {trust}"), trust=trust.value)
    return bad(
        "clock",
        _("The clock is unknown, so no code is shown"),
        _("Connect the network or a battery clock; is a time server reachable? timedatectl timesync-status"),
    )  # fmt: skip


def _processes(world: World) -> Iterator[Finding]:
    failed = world.failed()
    for unit in failed:
        yield bad(
            "processes",
            _("{unit} has failed"),
            _("Read why: sudo journalctl -b -n 20 -u {unit}"),
            unit=unit,
        )
    token = world.token()
    if token is None:
        yield bad(
            "processes",
            _("The token does not answer"),
            _("Start it: sudo systemctl start desk-token.target"),
        )
        return
    if not failed:
        yield good("processes", _("The token runs"))
    if token.parts.get("storage") == "bad":
        yield bad(
            "storage",
            _("The running token cannot open its records"),
            _("Read why: sudo journalctl -b -n 20 -u {unit}"),
            unit="desk-token-authenticator.service",
        )
