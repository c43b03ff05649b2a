"""Errands: repeated after a lost reply, given up at their deadline, and never answered twice."""

from __future__ import annotations

import pytest

from appliance.authenticator.errands import (
    NO_REPLY,
    Carried,
    Errands,
    Matter,
    Outbox,
    Purpose,
    errand,
)
from appliance.core.troubles import Trouble
from appliance.wire.carrying import Errand, ErrandDone

PURPOSE = Purpose(Matter.OFFER, "1")


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


@pytest.fixture
def errands(outbox: Outbox) -> Errands:
    return Errands(outbox)


def sent(errands: Errands, outbox: Outbox, patience: float = 60.0) -> Errand:
    errands.send(PURPOSE, errand("GET", "https://x/y"), 0.0, patience)
    taken = outbox.take(0)
    assert taken is not None
    return taken


def test_a_reply_ends_it_once(errands: Errands, outbox: Outbox) -> None:
    out = sent(errands, outbox)
    assert errands.done(ErrandDone(out.id, 200, "x"), 1.0) == Carried(PURPOSE, 200, "x")
    assert errands.done(ErrandDone(out.id, 200, "x"), 1.0) is None


def test_a_reply_to_nothing_is_not_heard(errands: Errands) -> None:
    assert errands.done(ErrandDone("guess", 200), 1.0) is None


@pytest.mark.parametrize(
    "report",
    [{"trouble": "no-network"}, {"trouble": "timeout"}, {"status": 503}, {"status": 429}, {}],
)
def test_a_passing_trouble_is_tried_again_with_growing_pauses(
    errands: Errands, outbox: Outbox, report: dict[str, object]
) -> None:
    out = sent(errands, outbox)
    now, pauses = 0.0, []
    for _ in range(4):
        assert errands.done(ErrandDone(out.id, **report), now) is None
        began = now
        while (again := outbox.take(0)) is None:
            now += 0.5
            errands.tick(now)
        assert again == out
        pauses.append(now - began)
    assert pauses == [1.0, 2.0, 4.0, 8.0]


def test_a_lasting_trouble_ends_it_at_once(errands: Errands, outbox: Outbox) -> None:
    out = sent(errands, outbox)
    done = errands.done(ErrandDone(out.id, trouble="not-trusted"), 0.0)
    assert done == Carried(PURPOSE, trouble=Trouble.NOT_TRUSTED)


def test_an_unknown_trouble_is_the_portals(errands: Errands, outbox: Outbox) -> None:
    out = sent(errands, outbox, patience=0.5)
    done = errands.done(ErrandDone(out.id, trouble="x" * 1000), 0.0)
    assert done is not None
    assert done.trouble is Trouble.PORTAL_DOWN


def test_no_reply_at_all_repeats_the_same_errand(errands: Errands, outbox: Outbox) -> None:
    out = sent(errands, outbox)
    assert errands.tick(NO_REPLY - 1) == ()
    assert outbox.take(0) is None
    errands.tick(NO_REPLY)
    assert outbox.take(0) == out


def test_at_the_deadline_the_last_trouble_is_told(errands: Errands, outbox: Outbox) -> None:
    out = sent(errands, outbox)
    errands.done(ErrandDone(out.id, trouble="no-network"), 0.0)
    assert errands.tick(60.0) == (Carried(PURPOSE, trouble=Trouble.NO_NETWORK),)
    assert errands.tick(61.0) == ()


def test_what_nobody_waits_for_is_dropped(errands: Errands, outbox: Outbox) -> None:
    out = sent(errands, outbox)
    errands.drop("1")
    assert errands.done(ErrandDone(out.id, 200), 1.0) is None


def test_two_errands_never_share_an_id() -> None:
    assert len({errand("GET", "https://x").id for _ in range(100)}) == 100
