"""The portal as one record: every part built once, here, and handed on. Holds no rules of its own."""

from __future__ import annotations

from dataclasses import dataclass

from web.login_portal import inbox as letters_at_rest
from web.login_portal import locks, passkeys, people, sessions, strikes
from web.login_portal.answers import Answers
from web.login_portal.applications.story import Applications, open_applications
from web.login_portal.carriers import Carrier
from web.login_portal.clock import Clock
from web.login_portal.config import Config
from web.login_portal.enrolments import Enrolments
from web.login_portal.inbox import Inbox
from web.login_portal.keys import Keys, load_or_make
from web.login_portal.logbook import Logbook
from web.login_portal.operation import retention
from web.login_portal.outbox import Outbox
from web.login_portal.partings import Partings
from web.login_portal.passkeys import Passkeys
from web.login_portal.passports import Passports
from web.login_portal.passwords import Passwords
from web.login_portal.people import Person
from web.login_portal.profiles import Profiles
from web.login_portal.relay import Relay
from web.login_portal.rules.names import new_password
from web.login_portal.sign_ins import SignIns
from web.login_portal.store.database import Database, open_database
from web.login_portal.unlocking import Unlocks


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
        """What happens by itself: logins expire, revoked tokens are told, and applications of who signed out."""
        self.sign_ins.expire_due(self.clock())
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
    passwords = Passwords(database, keys, log, config.places)
    passports = Passports(database, keys, origin)
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
        enrolments=Enrolments(database, keys, Outbox(config.data), log, origin, service),
        passports=passports,
        passkeys=Passkeys(database, log, config.origin, service),
        applications=open_applications(database, keys, log, clock, sign_ins),
        partings=Partings(database, letters, log, passports, origin),
        relay=Relay(database, letters, log, passports, origin),
        profiles=Profiles(database, keys, log, passports, passwords, origin),
    )
