"""A backup in one sealed file: settings, the names of the accounts, and codes of other services if their owner allows.

Keys that were made on this device never leave it: a portal's account is named, and linked anew on the next device.
The file is under a passphrase (Argon2id, AES-256-GCM), and a restore says exactly what it will do before it does it.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.authenticator.backup_file import Codes, Contents, Named
from appliance.authenticator.vault import MOST_ACCOUNTS, Vault, new_id, words_of
from appliance.authenticator.vault_records import Kept
from appliance.core.accounts import Account, Kind
from appliance.core.errors import Refused
from appliance.core.settings import ROWS, Settings, change

# what belongs to a board or to the place where it stands: a restore must not take keys or the way in away
STAYS = ("keys", "page_from", "page_networks", "server_exceptions", "proxy", "no_proxy")
ANEW = (Kind.PORTAL, Kind.PUSH, Kind.CONTAINER)  # their keys never leave the device


@dataclass(frozen=True, slots=True)
class Plan:
    """What a restore will do: settings that change, codes that come, codes already here, accounts to link anew.

    `stays` are settings of this device that the backup has otherwise; `found` is how the device was when it was made.
    """

    settings: tuple[tuple[str, str], ...]
    come: tuple[Codes, ...]
    here: tuple[str, ...]
    anew: tuple[str, ...]
    stays: tuple[str, ...] = ()
    found: tuple[tuple[Account, ...], Settings] = ((), Settings())


def gather(vault: Vault, *, with_codes: bool) -> Contents:
    """What may be backed up now; secrets of other services only when their owner allows. Raises StorageTrouble."""
    kept = [vault.kept(account.id) for account in vault.accounts()]
    portals = (Named(k.label, k.issuer, k.origin) for k in kept if k.kind in ANEW)
    codes = (_codes(vault, k) for k in kept if with_codes and k.kind not in ANEW)
    return Contents(words_of(vault.settings() or Settings()), tuple(portals), tuple(codes))


def plan(contents: Contents, vault: Vault) -> Plan:
    """What restoring this would do here. Changes nothing. Raises Refused for a value that fits no setting."""
    settings = vault.settings() or Settings()
    now, known = words_of(settings), {row.key for row in ROWS}
    there = {key: value for key, value in contents.settings.items() if key in known}
    wanted = {key: value for key, value in there.items() if key not in STAYS}
    for key, value in wanted.items():
        change(settings, key, value)
    accounts = vault.accounts()
    here = {(account.kind, account.label, account.issuer) for account in accounts}
    come = tuple(c for c in contents.codes if (c.kind, c.label, c.issuer) not in here)
    if len(accounts) + len(come) > MOST_ACCOUNTS:
        raise Refused("There is no room for so many accounts")
    return Plan(
        settings=tuple((key, value) for key, value in wanted.items() if now[key] != value),
        come=come,
        here=tuple(titled(codes) for codes in contents.codes if codes not in come),
        anew=tuple(f"{named.label} · {named.origin}" for named in contents.portals),
        stays=tuple(key for key in STAYS if there.get(key, now[key]) != now[key]),
        found=(accounts, settings),
    )


def restore(chosen: Plan, vault: Vault) -> None:
    """Do exactly what the plan says, all of it or nothing. Raises StorageTrouble, Refused when it fits no more."""
    settings = vault.settings() or Settings()
    if chosen.found != (vault.accounts(), settings):
        raise Refused("Something changed: read it again")
    for key, value in chosen.settings:
        settings = change(settings, key, value)
    vault.restore(settings, tuple((_kept(codes), codes.counter) for codes in chosen.come))


def titled(codes: Codes) -> str:
    """The account as a person knows it."""
    return f"{codes.label} · {codes.issuer}" if codes.issuer else codes.label


def _codes(vault: Vault, kept: Kept) -> Codes:
    return Codes(
        kind=kept.kind,
        label=kept.label,
        issuer=kept.issuer,
        secret=kept.secret,
        algorithm=kept.algorithm,
        digits=kept.digits,
        period=kept.period,
        counter=vault.read(f"counter/{kept.id}", int) or 0,
    )


def _kept(codes: Codes) -> Kept:
    return Kept(
        id=new_id(),
        kind=codes.kind,
        label=codes.label,
        issuer=codes.issuer,
        secret=codes.secret,
        algorithm=codes.algorithm,
        digits=codes.digits,
        period=codes.period,
    )
