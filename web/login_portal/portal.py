"""The portal as one record: every part built once, here, and handed on. Holds no rules of its own."""

from __future__ import annotations

from dataclasses import dataclass

from web.login_portal import inbox as letters_at_rest
from web.login_portal import known_browsers, locks, passkeys, people, sessions, strikes
from web.login_portal.answers import Answers
from web.login_portal.applications.story import Applications, open_applications
from web.login_portal.carriers import Carrier
from web.login_portal.clock import Clock
from web.login_portal.config import Config
from web.login_portal.dispatch import Dispatch, Queue
from web.login_portal.enrolments import Enrolments
from web.login_portal.gateways.sender import Sender
from web.login_portal.handing_out import HandingOut
from web.login_portal.importing import Importing
from web.login_portal.inbox import Inbox
from web.login_portal.keys import Keys, load_or_make
from web.login_portal.logbook import Logbook
from web.login_portal.operation import retention
from web.login_portal.outbox import Gateway, Outbox
from web.login_portal.partings import Partings
from web.login_portal.passkeys import Passkeys
from web.login_portal.passports import Passports
from web.login_portal.passwords import Passwords
from web.login_portal.people import Person
from web.login_portal.profiles import Profiles
from web.login_portal.relay import Relay
from web.login_portal.rules.names import new_password
from web.login_portal.service_desk import ServiceDesk
from web.login_portal.sign_ins import SignIns
from web.login_portal.sources.both import Both
from web.login_portal.sources.built_in import BuiltIn
from web.login_portal.sources.directory import Directory
from web.login_portal.sources.hashing import Hasher
from web.login_portal.sources.verdicts import Source
from web.login_portal.store.database import Database, open_database
from web.login_portal.unlocking import Unlocks
from web.login_portal.vouching import Vouching


@dataclass(frozen=True, slots=True)
class Portal:
    """Everything that pages and device API ask."""

    config: Config
    clock: Clock
    log: Logbook
    keys: Keys
    database: Database
    passwords: Passwords
    sign_ins: SignIns
    answers: Answers
    unlocks: Unlocks
    profiles: Profiles
    partings: Partings
    enrolments: Enrolments
    passports: Passports
    vouching: Vouching
    service_desk: ServiceDesk
    handing_out: HandingOut
    importing: Importing
    dispatch: Dispatch
    relay: Relay
    applications: Applications
    passkeys: Passkeys

    def add_person(
        self, name: str, password: str, *, display: str = "", phone: str = "", match: str = "number"
    ) -> Person:
        """A new person who may sign in. Raises Refused."""
        hashed = self.passwords.hash(new_password(password, name))
        with self.database.writing() as writing:
            about = {"display": display, "phone": phone, "match": match}
            return people.add(writing, name, hashed, self.clock(), **about)

    def sweep(self) -> None:
        """What happens by itself: logins and loans end, revoked tokens are told, and applications of who signed out."""
        self.sign_ins.expire_due(self.clock())
        self.partings.end_loans(self.clock())
        self.partings.tell_revoked(self.clock())
        self.applications.farewells.say(self.clock())

    def tidy(self) -> None:
        """Forget what is too old to matter."""
        now = self.clock()
        with self.database.writing() as writing:
            self.applications.forget_old(writing, now)
            sessions.forget_old(writing, now)
            strikes.forget_old(writing, now)
            locks.forget_old(writing, now)
            known_browsers.forget_old(writing, now)
            self.dispatch.forget_old(writing, now)
            self.importing.forget_old(writing, now)
            letters_at_rest.forget_old(writing, now)
            retention.forget_old(writing, now, self.config.keep_days)
            passkeys.forget_old(writing, now)
        self.applications.signing.turn(now)


def open_portal(config: Config, carrier: Carrier, clock: Clock, log: Logbook) -> Portal:
    """The portal of this configuration; keys and tables are made at the first start. Raises StorageTrouble."""
    keys = load_or_make(config.data)
    database = open_database(config.data, config.database)
    origin, service = config.origin.url, config.service
    letters = Inbox(keys, carrier)
    sign_ins = SignIns(database, letters, keys, log, clock, origin, service)
    hasher = Hasher()
    source = _source(config, database, hasher, clock)
    passwords = Passwords(database, keys, log, config.places, source, hasher)
    passports = Passports(database, keys, origin)
    partings = Partings(database, letters, log, passports, origin)
    dispatch = Dispatch(database, keys, log, clock, _senders(config))
    sms, mail = (_gateway(config, dispatch, channel) for channel in ("sms", "mail"))
    enrolments = Enrolments(database, keys, sms, log, origin, service)
    handing_out = HandingOut(enrolments, mail, clock)
    outside = config.outside.directory is not None
    return Portal(
        config=config,
        clock=clock,
        log=log,
        keys=keys,
        database=database,
        passwords=passwords,
        sign_ins=sign_ins,
        answers=Answers(sign_ins),
        unlocks=Unlocks(sign_ins),
        enrolments=enrolments,
        passports=passports,
        passkeys=Passkeys(database, log, config.origin, service),
        applications=open_applications(database, keys, log, clock, sign_ins),
        partings=partings,
        relay=Relay(database, letters, log, passports, origin),
        profiles=Profiles(database, keys, log, passports, passwords, origin),
        vouching=Vouching(sign_ins),
        service_desk=ServiceDesk(database, sign_ins, passwords, partings, enrolments),
        handing_out=handing_out,
        importing=Importing(database, keys, passwords, handing_out, clock, outside),
        dispatch=dispatch,
    )


def _source(config: Config, database: Database, hasher: Hasher, clock: Clock) -> Source:
    """Who judges passwords: the built-in table, and the directory where there is one."""
    table, about = BuiltIn(database, hasher), config.outside.directory
    return table if about is None else Both(database, table, Directory(about, clock))


def _senders(config: Config) -> dict[str, Sender]:
    """The ways out that are configured, by channel."""
    outside = config.outside
    found = {"sms": outside.http or outside.modem, "mail": outside.mail}
    return {channel: sender for channel, sender in found.items() if sender is not None}


def _gateway(config: Config, dispatch: Dispatch, channel: str) -> Gateway:
    """How messages of this channel leave: sent for real where there is a way out, else kept in the outbox."""
    return Queue(dispatch, channel) if channel in dispatch.senders else Outbox(config.data)
