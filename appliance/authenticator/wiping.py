"""The reset: everything that the token ever learned goes, in one place, so that nothing can be forgotten.

What stays belongs to the device: its language, its keys, and what a technician provided. Checklist row 36.
"""

from __future__ import annotations

import logging

from appliance.authenticator import leaving
from appliance.authenticator.work import Work
from appliance.core.clock_trust import Now
from appliance.core.events import (
    AccountsChanged,
    Event,
    Health,
    PartChanged,
    SettingsChanged,
    Wiped,
)
from appliance.core.settings import Settings

log = logging.getLogger("authenticator")


def wipe(work: Work, settings: Settings, now: Now) -> tuple[Event, ...]:
    """Everything goes; the language and the keys belong to the device and stay. The portals are told afterwards.

    Then the steward forgets the networks, and the porter makes another certificate: both know the old life's things.
    Raises StorageTrouble when the card lets go of nothing; the next start finishes what was begun.
    """
    goodbyes, ties = leaving.farewells(work, now), leaving.ties(work)
    provided = work.service.provided()
    work.scanning.stop()
    work.door.close()
    work.enrolling.drop()
    work.errands.forget()
    work.letters.forget()
    work.signing.forget()
    work.push.forget()
    work.rings.forget()
    work.upkeep.forget()
    work.safekeeping.forget()
    work.profiles.forget()
    work.pins.clear()
    work.vault.wipe()
    left = Settings(language=settings.language, keys=settings.keys)
    work.vault.write_settings(left)
    work.service.keep_through_reset(provided)
    log.info("device erased")
    work.audit.note("reset", "", now)
    work.upkeep.begins(work.vault.life())
    leaving.send(work, goodbyes, now)
    for tie in ties:
        work.enrolling.peers.containers.part(tie.serial, tie, now)
    parts = work.links.forget()
    healthy = PartChanged("storage", Health.GOOD)
    return (AccountsChanged(()), SettingsChanged(left), healthy, *parts, Wiped())
