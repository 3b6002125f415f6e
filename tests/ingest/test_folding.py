"""The same text from several providers, on a real Redis: one story, and everybody who carried it named."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from structlog.testing import capture_logs

from services.ingest.admission.admit import Admission
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.folding.folding import MOST_CREDITS, credits_due
from services.ingest.lifecycle.state import Status, StoryState
from shared.article import AlsoFrom, Change
from shared.delivery import Delivery
from shared.events import ArticleIngested, Outcome
from tests.ingest.carrying import FERRY, GLACIER, carry
from tests.ingest.copies import html, stories
from tests.ingest.desk import Desk

KILL: dict[str, Any] = {"pubStatus": "canceled", "headlines": []}


def live(desk: Desk) -> dict[str, ArticleIngested]:
    """Return the last event of each story that readers see."""
    last = {event.subject: event for event in sorted(desk.ingested, key=lambda e: e.storyrevision or 0)}
    return {story: event for story, event in last.items() if event.data.pub_status == "usable"}


def credited(desk: Desk, story: str | None) -> list[str]:
    return [other.provider for other in live(desk)[story or ""].data.newsroom.also_from]


async def test_same_text_of_another_provider_is_folded(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour")
    second = await carry(admission, "hills")
    assert (second.outcome, second.code, second.story_id) == (Outcome.DUPLICATE, "folded", first.story_id)
    assert list(live(desk)) == [first.story_id]


async def test_story_says_who_else_carried_it(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour")
    for source in ("hills", "gull"):
        await carry(admission, source)
    assert credited(desk, first.story_id) == ["Hills Herald", "The Gull"]


async def test_a_credit_is_an_amendment_of_the_whole_story(admission: Admission, desk: Desk) -> None:
    await carry(admission, "harbour")
    await carry(admission, "hills")
    before, after = (event.data for event in desk.ingested)
    assert after.newsroom.change is Change.AMEND
    assert after.newsroom.revision > before.newsroom.revision
    assert after.model_copy(update={"newsroom": None}) == before.model_copy(update={"newsroom": None})
    assert after.newsroom.received == before.newsroom.received


async def test_bytes_of_a_folded_copy_are_kept(admission: Admission, desk: Desk, archive: RawArchive) -> None:
    first = await carry(admission, "harbour")
    await carry(admission, "hills")
    (credit,) = live(desk)[first.story_id or ""].data.newsroom.also_from
    assert b"urn:hills:ferry" in archive.path_of(credit.raw or "").read_bytes()


async def test_each_input_has_its_one_outcome_and_the_credit_one_of_its_own(admission: Admission, desk: Desk) -> None:
    await carry(admission, "harbour")
    second = await carry(admission, "hills")
    told = [(o.outcome, o.input.startswith(second.input)) for o in desk.outcomes]
    assert told == [(Outcome.EMITTED, False), (Outcome.DUPLICATE, True), (Outcome.EMITTED, True)]
    assert len({o.input for o in desk.outcomes}) == 3


async def test_text_that_everybody_carries_is_one_story(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour")
    told = [await carry(admission, f"wire-{letter}") for letter in "abcdefghijkl"]
    assert [(result.code, result.story_id) for result in told] == [("folded", first.story_id)] * 12
    assert len(credited(desk, first.story_id)) == 12


def test_credits_of_a_story_are_bounded() -> None:
    full = tuple(AlsoFrom(provider="Hills", source="hills", story_id=str(n)) for n in range(MOST_CREDITS))
    story = StoryState(source="harbour", uri="urn:a", status=Status.USABLE, published=True, also_from=full)
    copy = StoryState(source="hills", uri="urn:b", folded_into="story")
    credit = AlsoFrom(provider="Hills", source="hills", story_id="another")
    assert credits_due(story, copy, story_id="story", credit=credit) is None


async def test_same_copy_twice_is_credited_once(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour")
    for _ in range(2):
        again = await carry(admission, "hills")
    assert (again.outcome, again.code, again.story_id) == (Outcome.DUPLICATE, "folded", first.story_id)
    assert (credited(desk, first.story_id), len(desk.ingested)) == (["Hills Herald"], 2)


async def test_credit_lost_to_a_crash_is_given_when_the_copy_comes_again(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour")
    packed = desk.redis.get(f"ingest:near:article:{first.story_id}")
    state = desk.redis.hgetall(f"ingest:story:{first.story_id}")
    await carry(admission, "hills")
    # As if nothing after the fold itself had been written.
    desk.redis.set(f"ingest:near:article:{first.story_id}", packed)  # type: ignore[arg-type]
    desk.redis.hset(f"ingest:story:{first.story_id}", mapping=state)  # type: ignore[arg-type]
    await carry(admission, "hills")
    assert credited(desk, first.story_id) == ["Hills Herald"]
    assert len(desk.ingested) == 3


async def test_two_providers_at_the_same_moment_make_one_story(admission: Admission, desk: Desk) -> None:
    await asyncio.gather(*(carry(admission, source) for source in ("harbour", "hills", "gull")))
    ((story, _),) = live(desk).items()
    assert len(credited(desk, story)) == 2


async def test_next_text_of_the_story_keeps_its_credits(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour")
    await carry(admission, "hills")
    await carry(admission, "harbour", FERRY.replace("Monday", "Tuesday"))
    assert credited(desk, first.story_id) == ["Hills Herald"]


async def test_revisions_of_one_source_are_never_folded(admission: Admission, desk: Desk) -> None:
    await carry(admission, "harbour")
    again = await carry(admission, "harbour", uri="urn:harbour:another")
    assert (again.outcome, len(live(desk))) == (Outcome.EMITTED, 2)


async def test_copy_that_corrects_a_figure_is_not_folded(admission: Admission, desk: Desk) -> None:
    await carry(admission, "harbour")
    corrected = await carry(admission, "hills", FERRY.replace("14 months", "16 months"))
    assert (corrected.outcome, len(live(desk))) == (Outcome.EMITTED, 2)


async def test_headlines_that_are_alike_are_not_folded(admission: Admission, desk: Desk) -> None:
    for source in ("harbour", "hills"):
        await carry(admission, source, "<p>More to follow.</p>")
    assert len(live(desk)) == 2


async def test_kill_of_a_folded_copy_takes_its_credit_and_nothing_else(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour")
    for source in ("hills", "gull"):
        await carry(admission, source)
    await carry(admission, "hills", "", **KILL)
    assert credited(desk, first.story_id) == ["The Gull"]


async def test_kill_of_a_folded_copy_is_no_alarm(admission: Admission) -> None:
    await carry(admission, "harbour")
    await carry(admission, "hills")
    kill = await carry(admission, "hills", "", **KILL)
    assert (kill.outcome, kill.change, kill.code) == (Outcome.EMITTED, Change.KILL, None)


async def test_killed_copy_is_not_folded_again(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour")
    await carry(admission, "hills")
    await carry(admission, "hills", "", **KILL)
    late = await carry(admission, "hills")
    assert (late.outcome, credited(desk, first.story_id)) == (Outcome.STALE, [])


async def test_kill_that_crosses_its_copy_leaves_no_credit(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour")
    await asyncio.gather(carry(admission, "hills"), carry(admission, "hills", "", **KILL))
    assert credited(desk, first.story_id) == []


async def test_kill_of_the_story_kills_it_whoever_else_carried_it(admission: Admission, desk: Desk) -> None:
    await carry(admission, "harbour")
    await carry(admission, "hills")
    await carry(admission, "harbour", "", **KILL)
    assert live(desk) == {}


async def test_story_that_comes_back_credits_no_copy_that_was_killed_meanwhile(
    admission: Admission, desk: Desk
) -> None:
    first = await carry(admission, "harbour", version="1")
    await carry(admission, "hills")
    await carry(admission, "harbour", "", version="2", pubStatus="withheld")
    await carry(admission, "hills", "", **KILL)
    back = await carry(admission, "harbour", version="3")
    assert (back.change, credited(desk, first.story_id)) == (Change.REINSTATE, [])


async def test_story_that_comes_back_credits_a_copy_that_comes_again(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour", version="1")
    await carry(admission, "hills")
    await carry(admission, "harbour", "", version="2", pubStatus="withheld")
    await carry(admission, "harbour", version="3")
    await carry(admission, "hills")
    assert credited(desk, first.story_id) == ["Hills Herald"]


async def test_after_a_kill_the_next_delivery_of_another_is_its_own_story(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour")
    await carry(admission, "hills")
    await carry(admission, "harbour", "", **KILL)
    again = await carry(admission, "hills")
    assert (again.outcome, again.change) == (Outcome.EMITTED, Change.NEW)
    assert list(live(desk)) == [again.story_id] != [first.story_id]


async def test_no_word_of_a_killed_story_is_kept_to_add_credits_to(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour")
    await carry(admission, "harbour", "", **KILL)
    assert not desk.redis.exists(f"ingest:near:article:{first.story_id}")


async def test_copy_that_goes_its_own_way_becomes_a_story_and_gives_up_its_credit(
    admission: Admission, desk: Desk
) -> None:
    first = await carry(admission, "harbour")
    await carry(admission, "hills")
    own = await carry(admission, "hills", f"{FERRY}{GLACIER}")
    assert (own.outcome, own.change, credited(desk, first.story_id)) == (Outcome.EMITTED, Change.NEW, [])
    assert set(live(desk)) == {first.story_id, own.story_id}


async def test_story_of_its_own_is_not_folded_afterwards(admission: Admission, desk: Desk) -> None:
    await carry(admission, "harbour")
    await carry(admission, "hills", GLACIER)
    later = await carry(admission, "hills", FERRY)
    assert (later.outcome, later.change, len(live(desk))) == (Outcome.EMITTED, Change.UPDATE, 2)


async def test_withheld_copy_gives_up_its_credit(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour")
    await carry(admission, "hills")
    await carry(admission, "hills", "", pubStatus="withheld")
    assert credited(desk, first.story_id) == []


async def test_nothing_is_folded_into_copy_under_embargo(admission: Admission, desk: Desk) -> None:
    lift = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    await carry(admission, "harbour", embargoedUntil=lift)
    free = await carry(admission, "hills")
    assert (free.outcome, list(live(desk))) == (Outcome.EMITTED, [free.story_id])


async def test_copy_flows_when_the_check_fails(admission: Admission, desk: Desk) -> None:
    await carry(admission, "harbour")
    desk.redis.set(f"ingest:near:day:{datetime.now(UTC):%Y%m%d}", "no hash")
    with capture_logs() as lines:
        second = await carry(admission, "hills")
    assert second.outcome is Outcome.EMITTED
    assert "duplicates_unchecked" in [line["event"] for line in lines]


async def test_kill_is_booked_when_the_check_fails(admission: Admission, desk: Desk) -> None:
    await carry(admission, "harbour")
    desk.redis.set(f"ingest:near:day:{datetime.now(UTC):%Y%m%d}", "no hash")
    kill = await carry(admission, "harbour", "", **KILL)
    assert (kill.outcome, live(desk)) == (Outcome.EMITTED, {})


async def test_what_is_remembered_of_a_day_is_bounded(delivery: Delivery, archive: RawArchive, desk: Desk) -> None:
    reader = CopyReader(at_once=1, seconds=10)
    small = Admission(delivery, archive, reader, state_days=400, texts_a_day=3)
    for story in stories():
        await carry(small, "harbour", html(story.told), uri=f"urn:harbour:{story.name}")
    reader.close()
    assert len(list(desk.redis.scan_iter("ingest:near:text:*"))) == 3


async def test_what_is_remembered_is_let_go_in_time(admission: Admission, desk: Desk) -> None:
    await carry(admission, "harbour")
    keys = list(desk.redis.scan_iter("ingest:near:*"))
    assert (len(keys), all(0 < int(str(desk.redis.ttl(key))) <= 72 * 3600 for key in keys)) == (3, True)


async def test_article_of_a_story_with_credits_is_kept_as_long_as_the_story(admission: Admission, desk: Desk) -> None:
    first = await carry(admission, "harbour")
    await carry(admission, "hills")
    assert int(str(desk.redis.ttl(f"ingest:near:article:{first.story_id}"))) > 399 * 86_400
