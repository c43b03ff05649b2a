"""What a container hands out comes into the vault whole, each token in the place of the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from appliance.authenticator import container_tokens
from appliance.authenticator.container_tokens import Tokens
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.authenticator.vault_records import ContainerTie, Kept
from appliance.core.accounts import Kind
from appliance.core.errors import Refused
from appliance.credentials.candidates import OtpCandidate
from appliance.credentials.privacyidea.enrolment import PushCandidate
from tests.authenticator.test_vault import kept

TIE = ContainerTie(serial="SMPH1", url="https://mfa.example.org", private=b"key")
NEW = bytes(range(20, 40))


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    there = Vault(VaultFolder(tmp_path, PlainFile(tmp_path)))
    there.keep(replace(kept(Kind.CONTAINER), id="c1", tie=TIE))
    yield there
    there.close()


def code(serial: str, kind: Kind = Kind.TOTP, counter: int = 1) -> OtpCandidate:
    return OtpCandidate(kind, "their name", "Rail", NEW, serial=serial, counter=counter)


def token(vault: Vault, name: str, kind: Kind = Kind.TOTP) -> Kept:
    held = replace(kept(kind), id=name, serial=name.upper(), label="my own name")
    vault.keep(held, counter=7)
    return held


def test_a_renewed_token_keeps_its_place_its_name_and_its_pin(vault: Vault) -> None:
    token(vault, "t1", Kind.HOTP)
    token(vault, "t2")
    vault.write({"pin/t1": b"{}"})
    container_tokens.adopt(vault, "c1", TIE, Tokens((code("T1", Kind.HOTP), code("T3"))))
    assert [a.id for a in vault.accounts()][:3] == ["c1", "t1", "t2"]
    assert (vault.kept("t1").secret, vault.kept("t1").label) == (NEW, "my own name")
    assert vault.take_counter("t1") == 1
    assert vault.raw("pin/t1") is not None
    assert vault.accounts()[-1].label == "their name"


def test_nothing_comes_when_there_is_no_room_for_all(vault: Vault) -> None:
    many = tuple(code(f"T{n}") for n in range(64))
    with pytest.raises(Refused, match="no room"):
        container_tokens.adopt(vault, "c1", replace(TIE, private=b"other"), Tokens(many))
    assert len(vault.accounts()) == 1
    assert vault.kept("c1").tie == TIE


def test_what_may_be_dead_is_not_listed(vault: Vault) -> None:
    token(vault, "t1")
    token(vault, "t2")
    assert container_tokens.held(vault, TIE) == (("T1", "totp"), ("T2", "totp"))
    assert container_tokens.held(vault, replace(TIE, stale=("T1",))) == (("T2", "totp"),)
    assert container_tokens.held(vault, replace(TIE, renewing=True)) == ()


def test_a_push_token_that_is_to_be_linked_anew_leaves_the_container_unfinished(
    vault: Vault,
) -> None:
    token(vault, "p1")
    push = PushCandidate("P1", "P1", "", "https://mfa.example.org/ttype/push", "ab" * 20)
    container_tokens.adopt(vault, "c1", TIE, Tokens(push=(push,)))
    assert container_tokens.unfinished(vault) == "c1"
    vault.exchange(tuple((k, 0) for k in container_tokens.relinked(vault, "P1")))
    assert container_tokens.unfinished(vault) == ""
