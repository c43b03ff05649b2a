"""The doorbell of tokens that wait for another server's push: an address a token, and a letter when somebody rings.

Made for privacyIDEA's HttpSMSProvider with ALLOW_PUSH: it is answered at once, and only queues. What was sent is not
looked at but for the address; the letter says no more than "poll now", so whoever rings can neither forge nor read.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from appliance.wire.letters import LIFE, Letter
from appliance.wire.paths import RELAY, RING
from appliance.wire.relay import FORM, KIND, Doorbell
from web.login_portal import inbox as letters_at_rest
from web.login_portal import requests, tokens
from web.login_portal.inbox import Inbox
from web.login_portal.logbook import Logbook
from web.login_portal.passports import Passports
from web.login_portal.store.database import Database
from web.login_portal.store.schema import doorbells, letters

SECRET_BYTES = 20
TOO_SOON = 0.5


@dataclass(frozen=True, slots=True)
class Relay:
    """Gives addresses to tokens, and rings at them."""

    database: Database
    inbox: Inbox
    log: Logbook
    passports: Passports
    origin: str

    def address(self, untrusted: str, now: float) -> Doorbell:
        """The doorbell of the token that asks; the same one each time. Raises Refused."""
        token = self.passports.prove(untrusted, RELAY, now)
        with self.database.writing() as writing:
            known = select(doorbells.c.address).where(doorbells.c.device == token.id)
            address = writing.connection.execute(known).scalar()
            if address is None:
                address = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
                row = {"address": address, "device": token.id, "made": now}
                writing.execute(insert(doorbells).values(**row))
                self.log.note("doorbell given", device=token.id)
        return Doorbell(str(address), self.origin + RING)

    def ring(self, untrusted_address: str, now: float) -> bool:
        """Lay a letter ready for the token at this address; False when there is none."""
        if not FORM.fullmatch(untrusted_address):
            return False
        with self.database.reading() as reading:
            device = _device_at(reading, untrusted_address)
            if device is None:
                return False
            if _rang_just_now(reading, device, now):
                return True
        with self.database.writing() as writing:
            letters_at_rest.withdraw(writing, _about(device))
            jti, exp = requests.new_id(), now + LIFE
            letter = Letter(self.origin, device, jti=jti, iat=now, exp=exp, kind=KIND)
            self.inbox.post(writing, letter, _about(device))
        return True


def _device_at(reading: Connection, address: str) -> str | None:
    found = reading.execute(select(doorbells.c.device).where(doorbells.c.address == address))
    device = found.scalar()
    return None if device is None or tokens.with_id(reading, device) is None else str(device)


def _rang_just_now(reading: Connection, device: str, now: float) -> bool:
    """Whether a ring of this very moment lies ready: its poll will find this challenge too."""
    mine, until = letters.c.request == _about(device), letters.c.expires
    fresh = mine & (until > now + LIFE - TOO_SOON) & (until <= now + LIFE)
    return reading.execute(select(letters.c.cursor).where(fresh).limit(1)).scalar() is not None


def _about(device: str) -> str:
    return f"ring:{device}"
