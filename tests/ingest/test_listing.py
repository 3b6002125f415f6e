"""What tells an entry of a feed, and each state of it, from another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.ingest.feeds.listing import mark_of
from services.ingest.items import Item, Warned
from tests.ingest.making import NOON, STORY


def test_mark_changes_when_an_embargo_lifts() -> None:
    sealed = Item(headline="Soon", identity="x", embargoed=True, embargoed_until=NOON)
    before = mark_of("harbour", sealed, now=NOON - timedelta(seconds=1))
    assert mark_of("harbour", sealed, now=NOON) != before


def test_mark_of_an_entry_without_zone_in_its_lift_stays_sealed() -> None:
    sealed = Item(headline="Soon", embargoed=True, embargoed_until=NOON.replace(tzinfo=None))
    assert mark_of("harbour", sealed, now=NOON + timedelta(days=9))[1].endswith(":sealed")


@pytest.mark.parametrize("other", [Warned("no_content", "entry 8"), STORY])
def test_marks_of_different_entries_differ(other: Item | Warned) -> None:
    one = mark_of("harbour", Warned("no_content", "entry 7"), now=NOON)
    assert mark_of("harbour", other, now=NOON)[0] != one[0]
