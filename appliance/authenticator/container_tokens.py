"""What a container's server hands out, taken into the vault in one step: every code generator and the tie, or nothing.

A token that is held already keeps its place, its name and its PIN, and gets its new secret. Push tokens are linked
one by one afterwards; until that is done the tie remembers that what is held of them is dead.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from appliance.authenticator import grants
from appliance.authenticator.vault import Vault, new_id
from appliance.authenticator.vault_records import ContainerTie, Kept
from appliance.core.accounts import Kind
from appliance.core.errors import Refused
from appliance.credentials.candidates import OtpCandidate
from appliance.credentials.privacyidea.enrolment import PushCandidate
from appliance.credentials.scanned import understand

KINDS = {Kind.TOTP: "totp", Kind.HOTP: "hotp", Kind.PUSH: "push"}
Held = tuple[tuple[str, str], ...]
log = logging.getLogger("authenticator")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What was handed out, as far as we can take it."""

    codes: tuple[OtpCandidate, ...] = ()
    push: tuple[PushCandidate, ...] = ()


def understood(untrusted_texts: tuple[str, ...]) -> Tokens:
    """The tokens in these texts; what we cannot take is left out, and the rest still comes."""
    found = [_token(text) for text in untrusted_texts]
    codes = tuple(token for token in found if isinstance(token, OtpCandidate))
    return Tokens(codes, tuple(token for token in found if isinstance(token, PushCandidate)))


def held(vault: Vault, tie: ContainerTie) -> Held:
    """Every token that is held here and good, whoever handed it out; after a renewal none is known to be."""
    if tie.renewing:
        return ()
    kept = (vault.kept(account.id) for account in vault.accounts())
    return tuple(
        (k.name, KINDS[k.kind])
        for k in kept
        if k.name and k.kind in KINDS and k.name not in tie.stale
    )


def adopt(vault: Vault, container: str, tie: ContainerTie, tokens: Tokens) -> None:
    """All of it in one step, with the tie as it stands now. Raises Refused without room, StorageTrouble."""
    known = {k.name: k for k in _all(vault) if k.name}
    come = [(_taken(code, known), code.counter) for code in tokens.codes]
    stale = tuple(push.serial for push in tokens.push if push.serial in known)
    owner = replace(vault.kept(container), tie=replace(tie, renewing=False, stale=stale))
    vault.exchange(((owner, 0), *come))


def relinked(vault: Vault, serial: str) -> tuple[Kept, ...]:
    """The containers that waited for this push token, as they are once it is linked anew."""
    return tuple(
        replace(kept, tie=replace(kept.tie, stale=tuple(s for s in kept.tie.stale if s != serial)))
        for kept in _all(vault)
        if kept.tie is not None and serial in kept.tie.stale
    )


def unfinished(vault: Vault) -> str:
    """The first container whose server must still be asked; empty when there is none. Raises StorageTrouble."""
    return next((account.id for account in vault.accounts() if account.unfinished), "")


def _all(vault: Vault) -> tuple[Kept, ...]:
    return tuple(vault.kept(account.id) for account in vault.accounts())


def _taken(code: OtpCandidate, known: dict[str, Kept]) -> Kept:
    older = known.get(code.serial)
    if older is None or older.kind is not code.kind:
        return grants.foreign(new_id(), code)
    return msgspec.structs.replace(grants.foreign(older.id, code), label=older.label)


def _token(untrusted_text: str) -> OtpCandidate | PushCandidate | None:
    try:
        found = understand(untrusted_text)
    except Refused:
        log.info("a token of a container was not taken")
        return None
    return found if isinstance(found, OtpCandidate | PushCandidate) else None
