"""The audit log: chained, bounded, without secrets, and checked offline by the technician's tool."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from appliance.authenticator.audit import MOST, Audit
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.core.clock_trust import Now, Trust
from appliance.core.effects import ChoosePin, GiveCode, SetSetting, Sign
from appliance.core.events import AccountKept, PinsChanged, PinTried
from appliance.core.requests import Verdict
from firmware_tools.audit import check
from firmware_tools.command import main
from tests.core.person import JAN, request

NOW = Now(5.0, 1_800_000_000.0, Trust.SYNCED)


def vault_in(state: Path) -> Vault:
    return Vault(VaultFolder(state, PlainFile(state)))


def lived(vault: Vault) -> Audit:
    audit = Audit(vault, "1.0")
    audit.booted(NOW)
    audit.heard(AccountKept(JAN), NOW)
    audit.did(Sign(request(), Verdict.APPROVE, "42"), NOW)
    audit.did(Sign(request(), Verdict.DENY), NOW)
    audit.did(SetSetting("sound", "on"), NOW)
    audit.did(ChoosePin("", "4711"), NOW)
    audit.heard(PinsChanged(("",)), NOW)
    audit.heard(PinTried("", right=False), NOW)
    audit.did(GiveCode("a1"), NOW)
    audit.note("reset", "", NOW)
    return audit


def kinds(lines: tuple[bytes, ...]) -> list[str]:
    return [msgspec.json.decode(line)["what"] for line in lines]


def test_everything_worth_an_entry_has_one_and_the_chain_holds(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    lines = lived(vault).lines()
    vault.close()
    told = ["boot", "enrol", "approve", "deny", "setting", "setting", "lock", "reset"]
    assert kinds(lines) == told
    checked = check(lines)
    assert (checked.lines, checked.broken) == (8, 0)
    for secret in (b"42", b"4711", b"Jan", b"jan", b"Werkplek"):
        assert secret not in b"".join(
            line.split(b'"before"')[0].split(b'"trust"')[1] for line in lines
        )


def test_another_version_that_starts_is_an_update(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    Audit(vault, "1.0").booted(NOW)
    Audit(vault, "1.0").booted(NOW)
    later = Audit(vault, "1.1")
    later.booted(NOW)
    assert kinds(later.lines()) == ["boot", "boot", "update", "boot"]
    vault.close()


def test_the_log_keeps_the_newest_entries_and_no_others(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    audit = Audit(vault, "1.0")
    for number in range(MOST + 20):
        audit.note("boot", str(number), NOW)
    lines = audit.lines()
    assert len(lines) == MOST
    assert check(lines).broken == 0
    assert len([name for name in vault.names() if name.startswith("audit/")]) == MOST
    vault.close()


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        (lambda lines: [*lines[:2], lines[2].replace(b"approve", b"deny"), *lines[3:]], 4),
        (lambda lines: [*lines[:2], *lines[3:]], 3),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 2),
        (lambda lines: [*lines[:5], b"{}", *lines[6:]], 6),
        (lambda lines: [*lines[:3], lines[3][:-9], *lines[4:]], 4),
    ],
    ids=["changed", "missing", "swapped", "foreign", "cut"],
)
def test_a_log_that_was_touched_is_found_out(tmp_path: Path, spoil: object, line: int) -> None:
    vault = vault_in(tmp_path)
    lines = lived(vault).lines()
    vault.close()
    assert callable(spoil)
    assert check(spoil(list(lines))).broken == line


def test_a_disk_that_refuses_costs_an_entry_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "vault.db").write_bytes(b"not ours" * 1000)
    vault = vault_in(tmp_path)
    lived(vault)
    assert vault.trouble


def test_the_tool_checks_an_exported_log(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    lines = lived(vault).lines()
    vault.close()
    exported = tmp_path / "audit.jsonl"
    exported.write_bytes(b"\n".join(lines) + b"\n")
    good = CliRunner().invoke(main, ["audit", str(exported)])
    assert (good.exit_code, good.output.split(";")[0]) == (0, "good   8 entries hold together")
    exported.write_bytes(b"\n".join(lines).replace(b"approve", b"deny000"))
    bad = CliRunner().invoke(main, ["audit", "--json", str(exported)])
    assert bad.exit_code == 1
    assert msgspec.json.decode(bad.stdout)["broken"] == 4
