"""What a device does to its disk in a life: each workload is a starting point and the acts that follow it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from appliance.authenticator import container_tokens
from appliance.authenticator.audit import Audit
from appliance.authenticator.container_tokens import Tokens
from appliance.authenticator.letters_in import Awaiting, Letters
from appliance.authenticator.pins import Pin, Pins
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_records import ContainerTie, Kept
from appliance.core.accounts import Kind
from appliance.core.clock_trust import Now, Trust
from appliance.core.errors import StorageTrouble
from appliance.core.settings import Settings
from appliance.credentials.candidates import Algorithm, OtpCandidate

Act = Callable[[Vault], object]


@dataclass(frozen=True, slots=True)
class Workload:
    """`before` happened long ago; the power may go at any moment of `acts`."""

    name: str
    before: tuple[Act, ...]
    acts: tuple[Act, ...]


def enrol(name: str, kind: Kind = Kind.PORTAL, counter: int = 0) -> Act:
    """An account with its secrets."""
    kept = Kept(
        id=name,
        kind=kind,
        label=f"person of {name}",
        issuer="Rail",
        secret=bytes(range(20)),
        algorithm=Algorithm.SHA1,
        digits=6,
        period=30,
        origin="https://portal.example",
        device="dt-1",
    )
    return lambda vault: vault.keep(kept, counter)


def approve(account: str, request: str, issued: float) -> Act:
    """The answer's counter and the end of the request, as one change."""
    waiting = Awaiting(account, "hash", issued, 120.0)
    return lambda vault: Letters(vault).count_answer(request, waiting)


def seen(account: str, request: str, issued: float) -> Act:
    """A letter that was closed elsewhere."""

    def act(vault: Vault) -> None:
        letters = Letters(vault)
        letters._open[request] = Awaiting(account, "hash", issued, 120.0)
        letters.close(request)
        letters.settle()

    return act


def step(account: str) -> Act:
    """One code of a counter account."""
    return lambda vault: vault.take_counter(account)


def setting(brightness: int) -> Act:
    """One setting."""
    return lambda vault: vault.write_settings(Settings(brightness=brightness))


def choose_pin(vault: Vault) -> None:
    """A PIN with a cheap hash."""
    Pins(vault, 0.0, passes=1).choose("", "4711")


def try_pin(digits: str) -> Act:
    """One try, long after any pause."""
    return lambda vault: Pins(vault, -1e6, passes=1).attempt("", digits, 0.0, wipes=False)


def count_pin(failed: int) -> Act:
    """The write of one try by itself: counted, not yet judged."""

    def act(vault: Vault) -> None:
        pin = vault.read("pin/device", Pin)
        assert pin is not None
        vault.write({"pin/device": msgspec.json.encode(replace(pin, failed=failed))})

    return act


def note(what: str) -> Act:
    """One entry of the audit log; the log itself takes a refusal lightly, the laboratory does not."""

    def act(vault: Vault) -> None:
        audit = Audit(vault, "1")
        before = len(audit.lines())
        audit.note(what, "", Now(1.0, 1.8e9, Trust.SYNCED))
        if len(audit.lines()) == before:
            raise StorageTrouble("The entry was refused")

    return act


def show(moment: float) -> Act:
    """The moment of a code, before its digits."""
    return lambda vault: vault.remember_shown(moment)


def settle(vault: Vault) -> None:
    """An end in order."""
    vault.settle()


def reset(vault: Vault) -> None:
    """Everything goes."""
    vault.wipe()


def begin(life: str) -> Act:
    """The name of this life; `Vault.life` draws it by chance, the laboratory compares."""
    return lambda vault: vault.write({"life": msgspec.json.encode(life)})


def tied(vault: Vault) -> None:
    """A container with its two tokens."""
    enrol("c1", Kind.CONTAINER)(vault)
    vault.change(replace(vault.kept("c1"), tie=TIE))
    for name, kind in (("t1", Kind.TOTP), ("t2", Kind.HOTP)):
        enrol(name, kind, 3)(vault)
        vault.change(replace(vault.kept(name), serial=name.upper()))


def renew(vault: Vault) -> None:
    """The new key, durable before the server hears of it."""
    vault.change(replace(vault.kept("c1"), tie=replace(TIE, coming=b"new", renewing=True)))


def adopt(vault: Vault) -> None:
    """Everything that the server handed out after it took that key."""
    codes = [
        OtpCandidate(kind, name, "Rail", bytes(reversed(range(20))), serial=name, counter=1)
        for name, kind in (("T1", Kind.TOTP), ("T2", Kind.HOTP))
    ]
    container_tokens.adopt(vault, "c1", replace(TIE, private=b"new"), Tokens(tuple(codes)))


TIE = ContainerTie(serial="SMPH1", url="https://mfa.example.org", private=b"old")
LIFE = (
    begin("one"),
    enrol("a1"),
    enrol("a2", Kind.HOTP, 5),
    setting(20),
    approve("a1", "r0", 50.0),
    step("a2"),
)

WORKLOADS = (
    Workload("first start", (), (setting(10), setting(11))),
    Workload("enrol", (), (enrol("a1"), enrol("a2", Kind.HOTP, 5), enrol("a3", Kind.TOTP))),
    Workload("approve", LIFE, tuple(approve("a1", f"r{n}", 100.0 + n) for n in range(1, 7))),
    Workload("letters", LIFE, (seen("a1", "r1", 101.0), approve("a1", "r2", 102.0))),
    Workload("counter", LIFE, (step("a2"),) * 8),
    Workload("setting", LIFE, tuple(setting(30 + n) for n in range(6))),
    Workload("pin", (*LIFE, choose_pin), tuple(try_pin("0000") for _ in range(4))),
    Workload("pin counted", (*LIFE, choose_pin), tuple(count_pin(n) for n in range(1, 6))),
    Workload("audit", (*LIFE, *(note("boot"),) * 3), tuple(note(f"act {n}") for n in range(6))),
    Workload("codes", LIFE, (*(show(1.8e9 + 300 * n) for n in range(12)), settle)),
    Workload("reset", LIFE, (reset, setting(77), begin("two"), enrol("b1"))),
    Workload("container", (*LIFE, tied), (renew, adopt, step("t2"), renew)),
    Workload(
        "a day",
        LIFE,
        (
            note("boot"),
            step("a2"),
            approve("a1", "r1", 101.0),
            setting(40),
            enrol("a4"),
            show(1.8e9),
            step("a2"),
            reset,
            show(1.8e9 + 60),
        ),
    ),
)
