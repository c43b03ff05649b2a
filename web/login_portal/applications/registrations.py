"""What people may do with applications: each act checked against the actor's role and written into the audit trail.

A secret is given back once, by the act that made it, and shown or written by whoever asked for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from appliance.core.errors import Refused
from web.login_portal import audit
from web.login_portal.applications import registry
from web.login_portal.applications.registry import Application, Registered, Wanted
from web.login_portal.clock import Clock
from web.login_portal.keys import Keys
from web.login_portal.logbook import Logbook
from web.login_portal.rules.roles import Actor, Role
from web.login_portal.store.database import Database, Writing


@dataclass(frozen=True, slots=True)
class Registrations:
    """The acts on applications."""

    database: Database
    keys: Keys
    log: Logbook
    clock: Clock

    def listed(self, actor: Actor) -> list[Application]:
        """All applications, the disabled ones too. Raises NotAllowed."""
        actor.needs(Role.READER)
        with self.database.reading() as reading:
            return registry.everything(reading)

    def look(self, actor: Actor, untrusted_id: str) -> Application | None:
        """One application, disabled or not. Raises NotAllowed."""
        actor.needs(Role.READER)
        with self.database.reading() as reading:
            return registry.with_id(reading, untrusted_id)

    def add(self, actor: Actor, wanted: Wanted) -> Registered:
        """Register an application; its secret for the only time. Raises NotAllowed, Refused."""
        actor.needs(Role.ADMIN)
        with self.database.writing() as writing:
            made = registry.add(writing, wanted, self.keys, self.clock())
            self._write_down(writing, actor, "application added", made.application)
        return made

    def disable(self, actor: Actor, untrusted_id: str) -> None:
        """It signs nobody in from now on, and what it was given counts no longer. Raises NotAllowed, Refused."""
        with self._changing(actor, untrusted_id, "application disabled") as (writing, found):
            registry.change(writing, found.id, disabled=self.clock())
            registry.take_back(writing, found.id)

    def enable(self, actor: Actor, untrusted_id: str) -> None:
        """It signs people in again. Raises NotAllowed, Refused."""
        with self._changing(actor, untrusted_id, "application enabled") as (writing, found):
            registry.change(writing, found.id, disabled=None)

    def remove(self, actor: Actor, untrusted_id: str) -> None:
        """Forget it, and whatever it was given. Raises NotAllowed, Refused."""
        with self._changing(actor, untrusted_id, "application removed") as (writing, found):
            registry.remove(writing, found.id)

    def renew_secret(self, actor: Actor, untrusted_id: str) -> Registered:
        """Another secret; the old one opens nothing from now on. Raises NotAllowed, Refused."""
        with self._changing(actor, untrusted_id, "application secret renewed") as (writing, found):
            if not found.secret:
                raise Refused("This application has no secret")
            return registry.renew(writing, found, self.keys)

    @contextmanager
    def _changing(
        self, actor: Actor, untrusted_id: str, act: str
    ) -> Iterator[tuple[Writing, Application]]:
        """An administrator's act on an application that is there; it is written down when it went well."""
        actor.needs(Role.ADMIN)
        with self.database.writing() as writing:
            found = registry.with_id(writing.connection, untrusted_id)
            if found is None:
                raise Refused("There is no application with this id")
            yield writing, found
            self._write_down(writing, actor, act, found)

    def _write_down(self, writing: Writing, actor: Actor, act: str, about: Application) -> None:
        note = f"{about.name} ({about.id})"
        audit.add(writing, actor.name, act, self.clock(), note=note)
        writing.afterwards.append(lambda: self.log.note(act, application=about.id))
