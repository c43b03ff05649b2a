"""Passkeys: another way in that no copied page can relay, because the browser binds it to our address (WebAuthn).

Resident, with user verification, without attestation; a counter that goes back means a copied key and is refused.
Sources: WebAuthn Level 2 sections 7.1 and 7.2; NIST SP 800-63B-4 section 2.2 (a phishing-resistant option on offer).
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

import webauthn
from sqlalchemy import Connection, RowMapping, delete, insert, select, update
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from appliance.core.errors import Refused
from web.login_portal.admission import admitted
from web.login_portal.logbook import Logbook
from web.login_portal.people import Person
from web.login_portal.rules.addresses import Origin, relying_party
from web.login_portal.rules.names import label
from web.login_portal.store.application_tables import passkey_challenges, passkeys
from web.login_portal.store.database import Database, Writing

CHALLENGE_LIFE, MOST, LONGEST = 120.0, 10, 16_384
_ID = re.compile(r"[A-Za-z0-9_-]{1,1400}", re.ASCII)
REGISTER, SIGN_IN = "register", "sign-in"
# what the library says of input that is no credential at all, besides its own errors
_MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, IndexError, RecursionError)


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey. `bound` says that it never leaves the device that made it; times in Unix seconds."""

    id: str
    person: str
    name: str
    public_key: bytes = field(repr=False)
    sign_count: int
    bound: bool
    made: float
    used: float | None


@dataclass(frozen=True, slots=True)
class Passkeys:
    """Registers and checks passkeys."""

    database: Database
    log: Logbook
    origin: Origin
    service: str

    def offer(self, person: Person, browser: str, now: float) -> str:
        """What a browser needs to make a passkey for this person, as JSON."""
        asked = AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        with self.database.writing() as writing:
            challenge = _fresh_challenge(writing, browser, REGISTER, now)
            known = [one.id for one in of_person(writing.connection, person.id)]
        options = webauthn.generate_registration_options(
            rp_id=relying_party(self.origin),
            rp_name=self.service,
            user_id=person.id.encode(),
            user_name=person.name,
            user_display_name=person.display,
            challenge=challenge,
            authenticator_selection=asked,
            exclude_credentials=[_descriptor(one) for one in known],
        )
        return webauthn.options_to_json(options)

    def register(
        self, person: Person, browser: str, untrusted: str, untrusted_name: str, now: float
    ) -> None:
        """Keep the passkey that the browser made. Raises Refused."""
        name = label(untrusted_name, 32) or "Passkey"
        with self.database.writing() as writing:
            challenge = _take_challenge(writing, browser, REGISTER, now)
        try:
            made = webauthn.verify_registration_response(
                credential=_read(untrusted),
                expected_challenge=challenge,
                expected_rp_id=relying_party(self.origin),
                expected_origin=sorted(self.origin.origins),
                require_user_verification=True,
            )
        except _MALFORMED as wrong:
            raise Refused("This passkey cannot be used here") from wrong
        key = Passkey(
            id=bytes_to_base64url(made.credential_id),
            person=person.id,
            name=name,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            bound=made.credential_device_type is CredentialDeviceType.SINGLE_DEVICE,
            made=now,
            used=None,
        )
        with self.database.writing() as writing:
            _keep(writing, key)
        self.log.note("passkey added", person=person.id)

    def ask(self, browser: str, now: float) -> str:
        """What a browser needs to sign in with a passkey, as JSON; whose it is, the passkey says."""
        with self.database.writing() as writing:
            challenge = _fresh_challenge(writing, browser, SIGN_IN, now)
        options = webauthn.generate_authentication_options(
            rp_id=relying_party(self.origin),
            challenge=challenge,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return webauthn.options_to_json(options)

    def admit(self, browser: str, untrusted: str, now: float) -> str:
        """The person who proved to have one of their passkeys. Raises Refused."""
        credential = _read(untrusted)
        with self.database.writing() as writing:
            challenge = _take_challenge(writing, browser, SIGN_IN, now)
        with self.database.writing() as writing:
            key = _with_id(writing.connection, credential)
            if admitted(writing.connection, key.person) is None:
                raise Refused("This passkey cannot be used here")
            count = self._checked(key, credential, challenge)
            used = {"sign_count": count, "used": now}
            writing.execute(update(passkeys).where(passkeys.c.id == key.id).values(**used))
        return key.person

    def remove(self, person: str, untrusted_id: str) -> None:
        """Forget one passkey of this person. Raises Refused."""
        mine = (passkeys.c.person == person) & (passkeys.c.id == _name(untrusted_id))
        with self.database.writing() as writing:
            if writing.execute(delete(passkeys).where(mine)).rowcount == 0:
                raise Refused("There is no such passkey")
        self.log.note("passkey removed", person=person)

    def _checked(self, key: Passkey, credential: dict[str, Any], challenge: bytes) -> int:
        try:
            if base64url_to_bytes(credential["response"]["userHandle"]) != key.person.encode():
                raise Refused("This passkey cannot be used here")
            proved = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=relying_party(self.origin),
                expected_origin=sorted(self.origin.origins),
                credential_public_key=key.public_key,
                credential_current_sign_count=key.sign_count,
                require_user_verification=True,
            )
        except _MALFORMED as wrong:
            self.log.note("passkey refused", person=key.person)
            raise Refused("This passkey cannot be used here") from wrong
        return proved.new_sign_count


def of_person(reading: Connection, person: str) -> list[Passkey]:
    """A person's passkeys, oldest first."""
    wanted = select(passkeys).where(passkeys.c.person == person).order_by(passkeys.c.made)
    return [_passkey(row) for row in reading.execute(wanted).mappings()]


def forget_old(writing: Writing, now: float) -> None:
    """Drop challenges that nobody answered."""
    writing.execute(delete(passkey_challenges).where(passkey_challenges.c.expires < now))


def _read(untrusted: str) -> dict[str, Any]:
    """What the browser sent, as a record of JSON. Raises Refused."""
    try:
        found = json.loads(untrusted[:LONGEST])
    except (ValueError, RecursionError) as wrong:
        raise Refused("This passkey cannot be used here") from wrong
    if not isinstance(found, dict):
        raise Refused("This passkey cannot be used here")
    return found


def _name(untrusted: object) -> str:
    """A passkey's id, or empty when it cannot be one."""
    return untrusted if isinstance(untrusted, str) and _ID.fullmatch(untrusted) else ""


def _with_id(reading: Connection, credential: dict[str, Any]) -> Passkey:
    wanted = passkeys.c.id == _name(credential.get("id"))
    row = reading.execute(select(passkeys).where(wanted)).mappings().first()
    if row is None:
        raise Refused("This passkey is not known here")
    return _passkey(row)


def _keep(writing: Writing, key: Passkey) -> None:
    there = select(passkeys.c.id).where(passkeys.c.id == key.id)
    if writing.execute(there).first() or len(of_person(writing.connection, key.person)) >= MOST:
        raise Refused("This passkey is known already, or there are ten")
    row = {name: getattr(key, name) for name in Passkey.__slots__}
    writing.execute(insert(passkeys).values(**row))


def _fresh_challenge(writing: Writing, browser: str, purpose: str, now: float) -> bytes:
    challenge, mine = secrets.token_bytes(32), _mine(browser, purpose)
    writing.execute(delete(passkey_challenges).where(mine))
    row = {"browser": browser, "purpose": purpose, "challenge": challenge}
    writing.execute(insert(passkey_challenges).values(**row, expires=now + CHALLENGE_LIFE))
    return challenge


def _take_challenge(writing: Writing, browser: str, purpose: str, now: float) -> bytes:
    """The challenge of this browser, once. Raises Refused."""
    mine = _mine(browser, purpose)
    row = writing.execute(select(passkey_challenges).where(mine)).first()
    writing.execute(delete(passkey_challenges).where(mine))
    if row is None or row.expires < now:
        raise Refused("That took too long. Try again")
    return bytes(row.challenge)


def _mine(browser: str, purpose: str) -> Any:  # noqa: ANN401 (a condition)
    table = passkey_challenges.c
    return (table.browser == browser) & (table.purpose == purpose)


def _descriptor(name: str) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(name))


def _passkey(row: RowMapping) -> Passkey:
    return Passkey(**{name: row[name] for name in Passkey.__slots__})
