"""The pictures of one export, collected in any order: none is lost, none is mixed, none counts twice."""

from __future__ import annotations

import itertools

import pytest

from appliance.core.troubles import Trouble
from appliance.credentials.candidates import NotTaken
from appliance.credentials.export import MOST_TOGETHER, Export, Offers, collected
from appliance.credentials.google_migration import Migration, parse
from tests.credentials.test_google_migration import SEED, account, blob, link, number


def picture(batch: int, of: int = 3, export: int = 7, accounts: int = 1) -> str:
    """The text of one picture; each of its accounts has a name and a secret of its own."""
    whole = b"".join(
        blob(1, account(SEED + bytes([batch, n])).replace(b"Rail:jan", b"Rail:j%02d" % batch))
        for n in range(accounts)
    )
    return link(whole + number(3, of) + number(4, batch) + number(5, export))


def page(batch: int, of: int = 3, export: int = 7, accounts: int = 1) -> Migration:
    return parse(picture(batch, of, export, accounts))


def together(*pages: Migration) -> Export:
    export = None
    for seen in pages:
        export = collected(export, seen, bytes([seen.batch]))
    assert export is not None
    return export


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_any_order_gives_the_accounts_in_the_order_of_the_export(order: tuple[int, ...]) -> None:
    export = together(*(page(batch) for batch in order))
    assert export.complete
    assert [candidate.label for candidate in export.candidates] == ["j00", "j01", "j02"]


def test_progress_is_counted() -> None:
    export = together(page(1), page(0))
    assert (export.have, export.batches, export.complete) == (2, 3, False)


def test_a_repeated_picture_changes_nothing() -> None:
    export = together(page(1))
    assert collected(export, page(1), b"again") is export


@pytest.mark.parametrize(
    "other",
    [page(1, export=8), page(1, of=4), page(0, accounts=2)],
    ids=["export", "number of pictures", "content of a picture that was seen"],
)
def test_a_picture_of_another_export_is_refused(other: Migration) -> None:
    with pytest.raises(NotTaken) as refusal:
        collected(together(page(0)), other, b"")
    assert refusal.value.why is Trouble.OTHER_EXPORT


def test_an_export_beyond_all_measure_is_refused() -> None:
    many = [page(batch, of=8, accounts=32) for batch in range(4)]
    assert 3 * 32 <= MOST_TOGETHER < 4 * 32
    with pytest.raises(NotTaken) as refusal:
        together(*many)
    assert refusal.value.why is Trouble.TOO_LONG


def test_an_export_never_prints_a_secret() -> None:
    assert "1234567890" not in repr(together(page(0), page(1)))


def test_accounts_are_offered_one_by_one_until_none_is_left() -> None:
    offers = Offers(together(page(0), page(1)).candidates, of=2)
    assert offers.first is not None
    assert offers.first.label == "j00"
    assert offers.taken().number == 1
    assert offers.taken().taken().first is None
