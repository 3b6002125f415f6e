"""Admission on a real Redis: every input has one outcome, and nothing is booked before its bytes are safe."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from services.ingest.admission.admit import Admission, RefusedCopy
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.admission.received import Copy
from services.ingest.items import Parsed
from shared.article import Change, PubStatus
from shared.delivery import Delivery
from shared.events import Outcome, trace_id
from tests.ingest.desk import HARBOUR, Desk, send
from tests.ingest.making import entry, ninjs, rss

KILL = ninjs(pubStatus="canceled", headlines=[], bodies=[])
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_copy_becomes_an_article_on_the_topic(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs())
    assert [event.data.headline for event in desk.ingested] == ["Ferry returns to Port Ellis"]


async def test_article_says_where_it_came_from(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs())
    newsroom = desk.ingested[0].data.newsroom
    assert (newsroom.source, newsroom.provider, newsroom.section) == ("harbour", "Harbour Weekly", "harbour")


async def test_bytes_of_an_article_are_in_the_archive(admission: Admission, desk: Desk, archive: RawArchive) -> None:
    await send(admission, ninjs())
    raw = desk.ingested[0].data.newsroom.raw
    assert archive.path_of(raw or "").read_bytes() == ninjs()


async def test_provider_uri_is_the_articles(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs())
    assert desk.ingested[0].data.uri == "urn:example:ferry"


async def test_same_copy_twice_is_one_story_and_one_duplicate(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs())
    await send(admission, ninjs())
    assert ([o.outcome for o in desk.outcomes], len(desk.ingested)) == ([Outcome.EMITTED, Outcome.DUPLICATE], 1)


async def test_changed_copy_is_a_new_revision_of_the_same_story(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs())
    await send(admission, ninjs(headlines=[{"value": "Ferry returns, late"}]))
    first, second = (event.data.newsroom for event in desk.ingested)
    assert (second.story_id, second.change, second.revision > first.revision) == (first.story_id, "update", True)


async def test_older_revision_that_arrives_late_is_stale(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs(version="2", headlines=[{"value": "Ferry returns, late"}]))
    (late,) = await send(admission, ninjs(version="1"))
    assert (late.outcome, len(desk.ingested)) == (Outcome.STALE, 1)


async def test_kill_travels_in_the_urgent_lane_without_its_text(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs())
    await send(admission, ninjs(pubStatus="canceled"))
    kill = desk.urgent[0].data
    assert (kill.newsroom.change, kill.pub_status, kill.bodies, kill.descriptions) == (
        Change.KILL,
        PubStatus.CANCELED,
        (),
        (),
    )


async def test_kill_of_a_story_that_readers_saw_keeps_its_headline(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs())
    await send(admission, ninjs(pubStatus="canceled"))
    assert desk.urgent[0].data.headline == "Ferry returns to Port Ellis"


async def test_kill_before_its_story_tells_nothing_of_it(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs(pubStatus="canceled"))
    assert b"Ferry" not in desk.everything()


async def test_story_that_was_killed_before_it_came_stays_dead(admission: Admission, desk: Desk) -> None:
    await send(admission, KILL)
    (late,) = await send(admission, ninjs(version="9"))
    assert (late.outcome, late.code, len(desk.ingested)) == (Outcome.STALE, "killed", 1)


async def test_kill_before_its_story_is_told_loudly(admission: Admission) -> None:
    with capture_logs() as lines:
        await send(admission, KILL)
    assert [(line["log_level"], line["code"]) for line in lines] == [("warning", "kill_before_story")]


async def test_kill_may_name_the_story_as_we_do(admission: Admission, desk: Desk) -> None:
    (first,) = await send(admission, ninjs())
    await send(admission, ninjs(uri=f"urn:wireroom:story:{first.story_id}", pubStatus="canceled"))
    assert desk.urgent[0].data.newsroom.story_id == first.story_id


async def test_kill_keeps_the_uri_that_the_story_has(admission: Admission, desk: Desk) -> None:
    (first,) = await send(admission, ninjs())
    await send(admission, ninjs(uri=f"urn:wireroom:story:{first.story_id}", pubStatus="canceled"))
    assert desk.urgent[0].data.uri == "urn:example:ferry"


async def test_source_cannot_kill_the_story_of_another(admission: Admission, desk: Desk) -> None:
    (first,) = await send(admission, ninjs())
    kill = ninjs(uri=f"urn:wireroom:story:{first.story_id}", pubStatus="canceled")
    (refused,) = await send(admission, kill, source="hills")
    assert (refused.outcome, refused.code, desk.urgent) == (Outcome.DEAD_LETTERED, "no_such_story", [])


async def test_source_cannot_kill_a_story_that_is_still_to_come(admission: Admission, desk: Desk) -> None:
    kill = ninjs(uri="urn:wireroom:story:abc234abc234abc234", pubStatus="canceled")
    (refused,) = await send(admission, kill)
    assert (refused.code, desk.ingested) == ("no_such_story", [])


async def test_one_name_in_two_sources_is_two_stories(admission: Admission, desk: Desk) -> None:
    for source in ("harbour", "hills"):
        await send(admission, ninjs(), source=source)
    assert len({event.subject for event in desk.ingested}) == 2


async def test_nothing_of_embargoed_copy_leaves_ingest(admission: Admission, desk: Desk) -> None:
    lift = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    with capture_logs() as lines:
        await send(admission, ninjs(embargoedUntil=lift))
    assert "ferry is back" not in f"{desk.everything()!r} {lines}"


async def test_embargoed_copy_is_held(admission: Admission, desk: Desk) -> None:
    lift = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    await send(admission, ninjs(embargoedUntil=lift))
    assert [(o.outcome, o.code) for o in desk.outcomes] == [(Outcome.HELD, "embargoed")]


async def test_unreadable_copy_is_in_the_books(admission: Admission, desk: Desk) -> None:
    with pytest.raises(RefusedCopy):
        await send(admission, b"\x00\x01\x02\x03")
    assert [o.outcome for o in desk.outcomes] == [Outcome.DEAD_LETTERED]


async def test_unreadable_copy_is_in_the_archive(admission: Admission, archive: RawArchive) -> None:
    with pytest.raises(RefusedCopy) as refusal:
        await send(admission, b"\x00\x01\x02\x03")
    assert archive.path_of(refusal.value.raw).read_bytes() == b"\x00\x01\x02\x03"


async def test_fault_of_a_parser_refuses_the_copy_and_no_more(
    delivery: Delivery, archive: RawArchive, desk: Desk
) -> None:
    def faulty(*_: object, **__: object) -> Parsed:
        raise RecursionError

    admission = Admission(delivery, archive, CopyReader(at_once=1, seconds=5, parser=faulty), state_days=1)
    with pytest.raises(RefusedCopy), capture_logs():
        await send(admission, ninjs())
    assert [o.code for o in desk.outcomes] == ["parser_failed"]


async def test_each_entry_has_an_outcome_of_its_own(admission: Admission, desk: Desk) -> None:
    bad = "<item><guid>c</guid></item>"
    await send(admission, rss(entry("a", "Ferry returns"), entry("b", "Bridge shut"), bad))
    assert [o.outcome for o in desk.outcomes] == [Outcome.EMITTED, Outcome.EMITTED, Outcome.DEAD_LETTERED]


async def test_outcomes_name_their_inputs_apart(admission: Admission, desk: Desk) -> None:
    copy = Copy(source="harbour", config=HARBOUR, body=rss(entry("a"), entry("b", "Bridge")), content_type=None)
    taken = await admission.take(copy)
    for index, item in enumerate(taken.entries):
        await admission.admit(taken, index, item)
    assert [o.input for o in desk.outcomes] == [f"{copy.receipt}.0", f"{copy.receipt}.1"]


async def test_same_receipt_twice_is_booked_once(admission: Admission, desk: Desk) -> None:
    copy = Copy(source="harbour", config=HARBOUR, body=ninjs(), content_type=None)
    for _ in range(2):
        taken = await admission.take(copy)
        await admission.admit(taken, 0, taken.entries[0])
    assert len(desk.outcomes) == 1


async def test_senders_trace_is_the_events(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs(), traceparent=TRACE)
    assert trace_id(desk.ingested[0].traceparent) == trace_id(TRACE)


async def test_entries_without_a_senders_trace_have_one_each(admission: Admission, desk: Desk) -> None:
    await send(admission, rss(entry("a"), entry("b", "Bridge shut")))
    assert len({trace_id(event.traceparent) for event in desk.ingested}) == 2


async def test_each_input_has_one_canonical_line(admission: Admission) -> None:
    with capture_logs() as lines:
        (result,) = await send(admission, ninjs(), traceparent=TRACE)
    (line,) = lines
    told = {name: line[name] for name in ("event", "stage", "outcome", "story_id", "event_id", "trace_id")}
    assert told == {
        "event": "article_ingested",
        "stage": "ingest",
        "outcome": "emitted",
        "story_id": result.story_id,
        "event_id": result.emitted,
        "trace_id": trace_id(TRACE),
    }


async def test_state_of_a_live_story_is_let_go_in_time(admission: Admission, desk: Desk) -> None:
    (result,) = await send(admission, ninjs())
    days = desk.redis.ttl(f"ingest:story:{result.story_id}")
    assert 399 * 86_400 < int(str(days)) <= 400 * 86_400


async def test_tombstone_is_never_let_go(admission: Admission, desk: Desk) -> None:
    (result,) = await send(admission, KILL)
    assert desk.redis.ttl(f"ingest:story:{result.story_id}") == -1


async def test_same_copy_at_the_same_moment_is_one_story(admission: Admission, desk: Desk) -> None:
    await asyncio.gather(*(send(admission, ninjs()) for _ in range(8)))
    assert sorted(o.outcome for o in desk.outcomes) == ["duplicate"] * 7 + ["emitted"]


async def test_revisions_that_race_come_out_in_order(admission: Admission, desk: Desk) -> None:
    await asyncio.gather(*(send(admission, ninjs(headlines=[{"value": f"Take {n}"}])) for n in range(8)))
    revisions = [event.data.newsroom.revision for event in desk.ingested]
    assert (len(revisions), revisions) == (8, sorted(set(revisions)))
