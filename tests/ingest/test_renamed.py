"""Copy that names no story: what a changed headline and a changed text make of it, on a real Redis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.ingest.admission.admit import Admission
from services.ingest.admission.received import Copy, Taken
from services.ingest.items import Item, Parsed
from shared.article import Change, PubStatus
from shared.events import Outcome, StageResult
from tests.ingest.carrying import FERRY, GLACIER
from tests.ingest.copies import pairs
from tests.ingest.desk import HARBOUR, Desk

TODAY = datetime(2026, 5, 4, tzinfo=UTC)
RENAMED = "Islanders get their ferry back"


async def bring(
    admission: Admission,
    headline: str = "Old ferry sails again",
    body: str = FERRY,
    *,
    source: str = "harbour",
    published: datetime | None = TODAY,
    **more: object,
) -> StageResult:
    """Admit copy that has no address."""
    item = Item(headline=headline, body_html=body, published=published, **more)  # type: ignore[arg-type]
    copy = Copy(source=source, config=HARBOUR, body=b"", content_type=None)
    return await admission.admit(Taken(copy, "", Parsed("text/html", (item,))), 0, item)


async def test_other_headline_over_the_same_text_is_the_same_story(admission: Admission) -> None:
    first = await bring(admission)
    second = await bring(admission, RENAMED)
    assert (second.story_id, second.change) == (first.story_id, Change.UPDATE)


async def test_other_headline_over_nearly_the_same_text_is_the_same_story(admission: Admission) -> None:
    first = await bring(admission)
    second = await bring(admission, RENAMED, FERRY.replace("posted", "put up"))
    assert second.story_id == first.story_id


async def test_other_headline_over_a_text_that_grew_is_the_same_story(admission: Admission) -> None:
    first = await bring(admission)
    second = await bring(admission, RENAMED, f"{FERRY}{GLACIER[:400]}</p>")
    assert second.story_id == first.story_id


async def test_other_text_under_the_same_headline_is_the_same_story(admission: Admission) -> None:
    first = await bring(admission)
    second = await bring(admission, body=GLACIER)
    assert second.story_id == first.story_id


async def test_story_is_known_by_each_of_its_headlines(admission: Admission) -> None:
    first = await bring(admission)
    await bring(admission, RENAMED)
    third = await bring(admission, RENAMED, GLACIER)
    assert third.story_id == first.story_id


async def test_renamed_story_is_killed_by_its_new_headline(admission: Admission) -> None:
    first = await bring(admission)
    await bring(admission, RENAMED)
    kill = await bring(admission, RENAMED, "", pub_status=PubStatus.CANCELED)
    assert (kill.story_id, kill.change, kill.code) == (first.story_id, Change.KILL, None)


async def test_killed_story_does_not_come_back_under_another_headline(admission: Admission) -> None:
    await bring(admission)
    await bring(admission, body="", pub_status=PubStatus.CANCELED)
    again = await bring(admission, RENAMED)
    assert (again.outcome, again.code) == (Outcome.STALE, "killed")


async def test_embargo_is_not_got_round_by_another_headline(admission: Admission, desk: Desk) -> None:
    lift = datetime.now(UTC) + timedelta(hours=1)
    await bring(admission, embargoed=True, embargoed_until=lift)
    again = await bring(admission, RENAMED, embargoed=True, embargoed_until=lift)
    assert ({o.story_id for o in desk.outcomes}, again.outcome) == ({again.story_id}, Outcome.HELD)


@pytest.mark.parametrize("other", [{"source": "hills"}, {"published": TODAY + timedelta(days=1)}])
async def test_same_text_of_another_source_or_day_is_another_story(
    admission: Admission, other: dict[str, object]
) -> None:
    first = await bring(admission)
    second = await bring(admission, RENAMED, FERRY.replace("14 months", "15 months"), **other)  # type: ignore[arg-type]
    assert second.story_id != first.story_id


async def test_two_stories_of_a_day_stay_two(admission: Admission) -> None:
    first = await bring(admission)
    second = await bring(admission, "Lake under the ice", GLACIER)
    assert second.story_id != first.story_id


async def test_two_lines_that_are_alike_stay_two_stories(admission: Admission) -> None:
    ids = [(await bring(admission, headline, "<p>More to follow.</p>")).story_id for headline in ("One", "Two")]
    assert len(set(ids)) == 2


async def test_two_of_one_form_stay_two_stories(admission: Admission) -> None:
    siblings = [pair for pair in pairs() if pair.kind == "same form"][:4]
    for pair in siblings:
        one = await bring(admission, f"{pair.name} one", pair.first)
        other = await bring(admission, f"{pair.name} other", pair.second)
        assert one.story_id != other.story_id
