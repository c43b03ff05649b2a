"""Builds the authenticator once, from its options, and hands the parts to each other. Decides nothing afterwards.

The order matters: records first, then the desk that shows them, then the sockets that let others ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from appliance.authenticator import work
from appliance.authenticator.answering import Answering
from appliance.authenticator.audit import Audit
from appliance.authenticator.believed_time import BelievedTime
from appliance.authenticator.board import Board, status_of
from appliance.authenticator.boards import Boards
from appliance.authenticator.containers import Containers
from appliance.authenticator.control import Control
from appliance.authenticator.doorbell import Rings
from appliance.authenticator.enrolling import Enrolling
from appliance.authenticator.errands import Errands, Outbox
from appliance.authenticator.gauges import Gauges
from appliance.authenticator.glass import Glass, Paints
from appliance.authenticator.journal import Journal
from appliance.authenticator.key_making import KeyMaker
from appliance.authenticator.keys import KeyProvider
from appliance.authenticator.letters_in import Letters
from appliance.authenticator.link_states import LinkStates
from appliance.authenticator.loop import Inbox, Loop
from appliance.authenticator.page_door import PageDoor
from appliance.authenticator.peers import Peers
from appliance.authenticator.pins import OWNERS, Pins
from appliance.authenticator.profiles import Profiles
from appliance.authenticator.push_enrolling import PushEnrolling
from appliance.authenticator.push_logins import PushLogins
from appliance.authenticator.safekeeping import Safekeeping
from appliance.authenticator.scanning import Scanning
from appliance.authenticator.server_clocks import ServerClocks
from appliance.authenticator.service_line import ServiceLine
from appliance.authenticator.signing import Signing
from appliance.authenticator.updates import Updates
from appliance.authenticator.upkeep import Upkeep
from appliance.authenticator.vault import Vault, words_of
from appliance.authenticator.vault_folder import VaultFolder
from appliance.authenticator.work import Work
from appliance.core import desk as rules
from appliance.core.desk import Desk, Device
from appliance.core.errors import StorageTrouble
from appliance.core.events import Event, Health, PartChanged, PinsChanged, ProfileArrived
from appliance.core.key_words import ONE
from appliance.core.settings import Settings
from appliance.core.system_screens import STARTING
from appliance.hardware.ports import Parts
from appliance.wire.asking import Identity

NAME = "Desk Token"


@dataclass(frozen=True, slots=True)
class Options:
    """What the authenticator is told at its start. `keys` and `language` override what is stored, when given.

    `host` is the machine's own name. `board_keys` is the set of keys that the board has, for a device that was never
    told otherwise. `system` has the gauges of the board.
    """

    run: Path
    state: Path
    scanner: Path
    page: str
    serial: str
    host: str
    users: Mapping[str, frozenset[int]]
    keys: str | None = None
    language: str | None = None
    allowed: tuple[str, ...] = ()
    journal: Journal | None = None
    board_keys: str = ONE
    boards: Boards = field(default_factory=Boards)
    roles: tuple[str, ...] = ("ok",)
    update_source: str = ""
    has_camera: bool = True
    system: Path = Path("/sys")


@dataclass(frozen=True, slots=True)
class House:
    """A whole authenticator: run the loop, then close the rest."""

    loop: Loop
    inbox: Inbox
    control: Control
    glass: Glass
    parts: Parts
    vault: Vault

    def vital(self) -> bool:
        """Whether panel and keys are alive now and the storage answers."""
        return self.glass.alive and self.parts.buttons.alive() and self.vault.answers()

    def close(self) -> None:
        """No more calls, a dark light and panel, closed records, in this order.

        Light and buzzer play on threads of their own, which must not touch pins that the library gives back at the end.
        """
        self.control.close()
        self.parts.lamp.close()
        self.parts.buzzer.close()
        self.glass.close()
        self.parts.buttons.close()
        with suppress(StorageTrouble):
            self.vault.settle()
        self.vault.close()


def build(
    options: Options,
    parts: Parts,
    painter: Paints,
    provider: KeyProvider,
    alive: Callable[[], None],
) -> House:
    """Everything, ready to run. A vault that cannot be opened is shown on the panel, and its files are left alone."""
    inbox, glass = Inbox(), Glass(parts.panel, painter)
    lit = _starting(glass, parts, options)
    vault = Vault(VaultFolder(options.state, provider))
    device = Device(NAME, options.serial, software(), vault.level)
    outbox = Outbox()
    tools = _work(options, vault, device, outbox, inbox, parts)
    tools.audit.booted(parts.clock.now())
    tools.upkeep.paint = painter.paint
    with suppress(StorageTrouble):
        tools.upkeep.begins(vault.life())
    desk = _desk(parts, vault, device, options, lit)
    links = work.links_of(tools, desk.accounts)
    way = tools.safekeeping.way(desk.settings)
    board = Board(status_of(desk, 0, words_of, page_open=False, sealed=False), links, way)
    identity = Identity(device.serial, device.software)
    answering = Answering(inbox, board, outbox, identity, tools.upkeep, tools.updates)
    loop = Loop(inbox, tools.clock, glass, tools, desk, board, alive)
    parts.buttons.listen(inbox.put)
    control = Control(
        options.run / "control", options.users, answering, lambda: parts.clock.now().monotonic
    )
    return House(loop, inbox, control, glass, parts, vault)


def software() -> str:
    """The version that is running."""
    try:
        return version("desk-token")
    except PackageNotFoundError:
        return "0"


def _work(
    options: Options,
    vault: Vault,
    device: Device,
    outbox: Outbox,
    inbox: Inbox,
    parts: Parts,
) -> Work:
    service = ServiceLine(vault, options.boards, options.allowed, options.roles)
    errands, letters, audit = Errands(outbox), Letters(vault), Audit(vault, device.software)
    clocks = ServerClocks()
    pushed = PushEnrolling(vault, errands, KeyMaker(inbox.put), clocks)
    peers = Peers(vault, pushed, Containers(vault, errands))
    signing = Signing(vault, letters, errands, device.software)
    return Work(
        vault=vault,
        letters=letters,
        errands=errands,
        signing=signing,
        push=PushLogins(vault, errands, clocks),
        rings=Rings(vault, signing, errands, clocks),
        profiles=Profiles(vault, signing, errands),
        enrolling=Enrolling(vault, errands, device, peers, service.portals()),
        scanning=Scanning(options.scanner, inbox.put),
        links=LinkStates(),
        pins=Pins(vault, parts.clock.now().monotonic),
        audit=audit,
        door=PageDoor(options.page),
        clock=BelievedTime(parts.clock, vault, letters, signing, audit),
        lamp=parts.lamp,
        buzzer=parts.buzzer,
        service=service,
        safekeeping=Safekeeping(vault),
        upkeep=Upkeep(options.host, Gauges(options.state, options.system), options.journal),
        updates=Updates(
            options.run / "updater.sock",
            options.update_source,
            parts.buttons.alive,
            has_camera=options.has_camera,
        ),
    )


def _starting(glass: Glass, parts: Parts, options: Options) -> tuple[Event, ...]:
    """Say that the device starts, before the records are opened; what that told of the panel comes back."""
    settings = Settings(language=options.language or Settings().language)
    return glass.show(STARTING, settings, parts.clock.now().monotonic)


def _desk(
    parts: Parts, vault: Vault, device: Device, options: Options, heard: tuple[Event, ...]
) -> Desk:
    """The desk as it starts: home, with what is stored, and the health of storage and panel."""
    health = Health.BAD if vault.trouble else Health.GOOD
    settings = _settings(vault, options)
    desk = rules.start(parts.clock.now(), vault.accounts(), settings, device)
    known = (ProfileArrived(profile) for profile in vault.profiles())
    pins = vault.read(OWNERS, tuple[str, ...]) or ()
    for event in (PartChanged("storage", health), PinsChanged(pins), *known, *heard):
        desk = rules.step(desk, event).desk
    return replace(desk, facts=replace(desk.facts, unlocked=()))


def _settings(vault: Vault, options: Options) -> Settings:
    stored = vault.settings() or Settings(keys=options.board_keys)
    wanted = replace(
        stored,
        keys=options.keys or stored.keys,
        language=options.language or stored.language,
    )
    if wanted != vault.settings():
        try:
            vault.write_settings(wanted)
        except StorageTrouble:
            return wanted
    return wanted
