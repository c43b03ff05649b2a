"""The technician's line at the authenticator: open until a hold seals it, open for a while after another hold."""

from __future__ import annotations

import msgspec
import pytest

from appliance.authenticator.audit import Audit
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.service_line import OPEN_SECONDS
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
from appliance.core.flows.asked import ASKED_HOLD
from appliance.wire.asking import AskReset, Change
from appliance.wire.audit import Entry
from appliance.wire.call import Done
from appliance.wire.client import ControlClient, Declined
from appliance.wire.scan import Found
from appliance.wire.service import (
    AskSeal,
    AskService,
    Join,
    Ordered,
    Service,
    ServiceReply,
    SetBoard,
    SetClock,
    SetPortals,
    TryPart,
)
from appliance.wire.upkeep import (
    AskTest,
    Condition,
    ConditionReply,
    Network,
    NetworkState,
    NextOrder,
    OrderDone,
    OrderList,
    Report,
    Wireless,
)
from tests.authenticator.scripted import Person
from tests.authenticator.test_page_calls import TOTP

PORTAL = "https://login.example.org"
JOIN = Join(Wireless("Stationswifi", "NL", "PLANTED-wachtwoord"))
CHANGES = (
    JOIN,
    SetClock(1_800_000_000.0),
    SetPortals((PORTAL,)),
    SetBoard("simulated"),
    TryPart("light"),
    Change("language", "en"),
    AskTest(),
    AskSeal(),
)


@pytest.fixture
def person(person: Person) -> Person:
    person.sees("Desk Token")
    return person


def device(person: Person) -> ServiceReply:
    person.sync()
    return person.console.call(Service(), ServiceReply)


def steward(person: Person) -> ControlClient:
    client = ControlClient(person.folder / "control" / "steward.sock", "steward")
    client.call(Report(NetworkState(connected=True, country="NL")), Done)
    return client


def is_sealed(person: Person) -> None:
    person.console.call(AskSeal(), Done)
    person.sees("Asked by cable")
    person.press(ASKED_HOLD + 0.2)
    person.sees("Done")


def is_refused(person: Person, ask: msgspec.Struct) -> str:
    shape = Ordered if isinstance(ask, Join | SetClock) else Done
    with pytest.raises(Declined) as refused:
        person.console.call(ask, shape)
    return str(refused.value)


def test_a_fresh_device_is_open_until_it_is_sealed(person: Person) -> None:
    fresh = device(person)
    assert (fresh.sealed, fresh.open_for, fresh.counted) == (False, -1.0, 0)
    assert not person.status().sealed
    is_sealed(person)
    assert (device(person).sealed, device(person).open_for) == (True, 0.0)
    assert person.status().sealed


def test_sealing_needs_a_hold_and_a_tap_leaves_it_open(person: Person) -> None:
    person.console.call(AskSeal(), Done)
    person.sees("Asked by cable")
    assert device(person).asked == "seal"
    person.tap()
    person.sees("Desk Token")
    assert (device(person).sealed, device(person).asked) == (False, "")


@pytest.mark.parametrize("ask", CHANGES, ids=lambda ask: type(ask).__name__)
def test_nothing_can_be_changed_or_tried_on_a_sealed_device(
    person: Person, ask: msgspec.Struct
) -> None:
    steward(person).close()
    is_sealed(person)
    assert "sealed" in is_refused(person, ask)


@pytest.mark.parametrize(
    ("ask", "shape"), [(Condition(), ConditionReply), (Network(), NetworkState)]
)
def test_a_sealed_device_tells_no_network_and_no_gauges(
    person: Person, ask: msgspec.Struct, shape: type
) -> None:
    is_sealed(person)
    with pytest.raises(Declined):
        person.console.call(ask, shape)


def test_a_hold_opens_a_sealed_device_for_ten_minutes(person: Person) -> None:
    is_sealed(person)
    person.console.call(AskService(), Done)
    person.sees("Asked by cable")
    person.press(ASKED_HOLD + 0.2)
    person.sees("Done")
    assert OPEN_SECONDS - 10 < device(person).open_for <= OPEN_SECONDS
    person.console.call(Change("language", "en"), Done)
    person.wait(OPEN_SECONDS)
    assert device(person).open_for == 0.0
    assert device(person).sealed


def test_the_seal_is_durable_and_one_row_of_the_audit_log(person: Person) -> None:
    is_sealed(person)
    person.stop()
    records = Vault(VaultFolder(person.folder / "state", PlainFile(person.folder / "state")))
    lines = Audit(records, "1").lines()
    records.close()
    person.start()
    person.sees("Desk Token")
    assert device(person).sealed
    assert [msgspec.json.decode(line, type=Entry).what for line in lines].count("seal") == 1


def test_a_device_with_an_account_counts_as_sealed(person: Person) -> None:
    person.link(TOTP)
    assert (device(person).sealed, device(person).open_for) == (False, 0.0)
    assert "sealed" in is_refused(person, Change("language", "en"))


def test_the_seal_and_the_portals_stay_through_a_reset(person: Person) -> None:
    person.console.call(SetPortals((PORTAL,)), Done)
    is_sealed(person)
    person.console.call(AskReset(), Done)
    person.sees("Reset")
    person.press(5.3)
    person.sees("Erased")
    assert (device(person).sealed, device(person).portals) == (True, (PORTAL,))


def test_only_the_portals_of_the_line_can_be_linked(person: Person) -> None:
    person.console.call(SetPortals((PORTAL,)), Done)
    person.scan(Found(person.portal.ticket.link))
    person.sees("Not linked")


@pytest.mark.parametrize("origin", ["http://login.example.org", "https://a.nl/x", "login", ""])
def test_a_portal_that_is_no_origin_is_refused_and_changes_nothing(
    person: Person, origin: str
) -> None:
    person.console.call(SetPortals((PORTAL,)), Done)
    assert "https address" in is_refused(person, SetPortals((origin,)))
    assert device(person).portals == (PORTAL,)


def test_a_profile_that_is_not_there_is_refused(person: Person) -> None:
    assert "no such profile" in is_refused(person, SetBoard("../../etc/passwd"))
    person.console.call(SetBoard("simulated"), Done)


def test_a_network_is_joined_without_a_hold_before_sealing_and_its_end_is_told(
    person: Person,
) -> None:
    hands = steward(person)
    ordered = person.console.call(JOIN, Ordered)
    assert device(person).orders == {ordered.id: ""}
    (order,) = hands.call(NextOrder(5.0), OrderList, 5.0).orders
    assert order.wireless == JOIN.wireless
    hands.call(OrderDone(order.id, "The system refused it"), Done)
    assert device(person).orders == {ordered.id: "The system refused it"}
    hands.close()


def test_without_a_steward_the_order_is_refused_in_words(person: Person) -> None:
    assert is_refused(person, JOIN) == "Nobody on this token looks after that"


def test_each_key_is_told_live_and_means_nothing_else(person: Person) -> None:
    person.console.call(TryPart("keys"), Done)
    person.sees("Key test")
    assert (device(person).trying, device(person).seen) == ("keys", ())
    person.hold()
    person.sees("Key test")
    assert device(person).seen == ("ok",)
    person.console.call(TryPart("none"), Done)
    person.sees("Desk Token")


def test_the_panel_shows_its_pattern_for_a_minute(person: Person) -> None:
    person.console.call(TryPart("panel"), Done)
    person.sees("Panel test")
    person.wait(61.0)
    person.sees("Desk Token")


@pytest.mark.parametrize(("shown", "told"), [("TEST-1", "right"), ("other", "wrong")])
def test_the_camera_is_tried_by_a_code_and_only_its_rightness_is_told(
    person: Person, shown: str, told: str
) -> None:
    person.booth.answer = Found(shown)
    person.console.call(TryPart("camera", "TEST-1"), Done)
    person.sees("Desk Token")
    assert device(person).decoded == told
    assert shown not in repr(device(person))


def test_light_and_sound_are_given_once(person: Person) -> None:
    for part in ("light", "sound"):
        person.console.call(TryPart(part), Done)
    assert person.signals.lights[-1:]
    assert person.signals.sounds[-1:]
