"""What each answer of the device means and what to do about it. Reads nothing itself; `World` does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from appliance.check.finding import Finding, bad, good, hint
from appliance.check.hardware import hardware
from appliance.check.world import Member, Token, World
from appliance.core.clock_trust import Trust
from appliance.core.screen import Text, text
from appliance.wire.config_file import ConfigTrouble

SPARE = 16 * 1_048_576  # bytes; fewer, and the next change of the records may fail
PLAIN = "plain file"
USUAL = Path("/var/lib/desk-token")
AUTHENTICATOR = "desk-token-authenticator.service"
MEND = text(
    "Mend that line of /etc/desk-token/desk-token.toml, then: sudo systemctl restart desk-token.target"
)
MAKE_USERS = text(
    "sudo systemd-sysusers desk-token.conf, then: sudo systemctl restart desk-token.target"
)
NEW_CARD = text("The card is worn out or was damaged: copy what you need and use another card")
MAKE_ROOM = text("Make room on the card (sudo apt clean), or use a larger one")
OTHER_GUARD = text(
    "Back the accounts up, reset the token, and link again with a better guard: docs/secrets.md"
)
SET_CLOCK = text(
    "Connect the network or a battery clock; is a time server reachable? timedatectl timesync-status"
)


def findings(world: World) -> Iterator[Finding]:
    """Everything in the order in which it is mended: configuration, users, hardware, records, clock, processes."""
    try:
        config = world.config()
    except ConfigTrouble as refused:
        said = text("The configuration is refused: {why}", why=refused.said)
        yield bad("configuration", said, MEND)
        yield from _members(world)
        yield from _around(world, USUAL)
        return
    said = text("The configuration is good. Board: {board}", board=config.board.name)
    yield good("configuration", said)
    yield from _members(world)
    yield from hardware(world, config)
    yield from _around(world, Path(config.paths.state))


def _around(world: World, state: Path) -> Iterator[Finding]:
    token = world.token()
    yield from _storage(world, state)
    yield _clock(token.trust if token else world.trust())
    yield from _processes(world.failed(), token)


def _members(world: World) -> Iterator[Finding]:
    wrong = [member for member in world.members() if not (member.is_user and member.is_member)]
    yield from (bad("groups", _not_in(member), MAKE_USERS) for member in wrong)
    if not wrong:
        yield good("groups", text("Every process has its user and its groups"))


def _not_in(member: Member) -> Text:
    user, group = member.user, member.group
    if not member.is_user:
        return text("The user {user} does not exist", user=user)
    return text("The user {user} is not in the group {group}", user=user, group=group)


def _storage(world: World, state: Path) -> Iterator[Finding]:
    disk, place = world.disk(state), str(state)
    if disk is None:
        said = text("The folder of the records is not there: {place}", place=place)
        cure = text("Start the token once: sudo systemctl start desk-token.target")
        yield bad("storage", said, cure)
        return
    if disk.read_only:
        yield bad("storage", text("The disk is read-only: {place}", place=place), NEW_CARD)
    elif disk.free < SPARE:
        yield bad("storage", text("The disk is full: {place}", place=place), MAKE_ROOM)
    else:
        free = str(disk.free // 1_048_576)
        yield good("storage", text("The disk has room: {free} MiB", free=free))
    yield _key(world.key_level(state))


def _key(level: str) -> Finding:
    if not level:
        return good("key", text("There are no records yet"))
    if level == PLAIN:
        said = text("The key of the records lies in a plain file: whoever copies the card has both")
        return hint("key", said, OTHER_GUARD)
    return good("key", text("The key of the records is guarded by: {level}", level=level))


def _clock(trust: Trust) -> Finding:
    if trust.shows_codes:
        return good("clock", text("The clock may be believed: {trust}", trust=trust.value))
    return bad("clock", text("The clock is unknown, so no code is shown"), SET_CLOCK)


def _processes(failed: tuple[str, ...], token: Token | None) -> Iterator[Finding]:
    yield from (
        bad("processes", text("{unit} has failed", unit=unit), _reason(unit)) for unit in failed
    )
    if token is None:
        cure = text("Start it: sudo systemctl start desk-token.target")
        yield bad("processes", text("The token does not answer"), cure)
        return
    if not failed:
        yield good("processes", text("The token runs"))
    if token.parts.get("storage") == "bad":
        said = text("The running token cannot open its records")
        yield bad("storage", said, _reason(AUTHENTICATOR))


def _reason(unit: str) -> Text:
    return text("Read why: sudo journalctl -b -n 20 -u {unit}", unit=unit)
