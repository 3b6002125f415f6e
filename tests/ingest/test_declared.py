"""What copy says of itself, and what was wrong with it, from the bytes to the topic."""

from __future__ import annotations

from services.ingest.admission.admit import Admission
from shared.article import PubStatus
from shared.events import Outcome
from tests.ingest.desk import Desk, send
from tests.ingest.making import entry, ninjs, rss

SUBJECT = {"name": "ferries", "uri": "http://cv.example/20000571", "relevance": 80, "creator": "desk"}
PERSON = {"name": "Ada Quay", "rel": "about"}


async def test_the_providers_own_tags_reach_the_article(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs(subjects=[SUBJECT], people=[PERSON], places=[{"name": "Port Ellis"}]))
    article = desk.ingested[0].data
    names = [article.subjects[0].name, article.people[0].name, article.places[0].name]
    assert (names, article.subjects[0].relevance) == (["ferries", "Ada Quay", "Port Ellis"], 80)


async def test_other_tags_amend_the_story(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs(subjects=[SUBJECT]))
    await send(admission, ninjs(subjects=[SUBJECT, {"name": "harbours"}]))
    assert desk.ingested[-1].data.newsroom.change == "amend"


async def test_a_kill_carries_no_tags(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs())
    await send(admission, ninjs(subjects=[SUBJECT], pubStatus="canceled"))
    killed = desk.ingested[-1].data
    assert (killed.pub_status, killed.subjects) == (PubStatus.CANCELED, ())


async def test_pictures_that_come_with_a_story_are_filtered_by_name(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs(associations=[{"name": "quay", "uri": "urn:x:1", "type": "picture"}]))
    told = [(outcome.outcome, outcome.code, outcome.detail) for outcome in desk.outcomes]
    assert told == [
        (Outcome.EMITTED, None, None),
        (Outcome.FILTERED, "media_ignored", "item 1: quay (picture)"),
    ]


async def test_how_the_bytes_were_read_is_on_the_article(admission: Admission, desk: Desk) -> None:
    await send(admission, rss(entry("n-1", "Café opens")), content_type="application/rss+xml; charset=latin-1")
    notes = {note.code: note.detail for note in desk.ingested[0].data.newsroom.assumptions}
    assert notes == {"charset_repaired": "utf-8, 99 of 100: declared latin-1, the bytes are utf-8"}


async def test_of_a_feed_that_is_cut_off_the_whole_entries_are_in_and_the_rest_is_booked(
    admission: Admission, desk: Desk
) -> None:
    cut = rss(entry("n-1"), entry("n-2", "Ferry stops again"))
    await send(admission, cut[: cut.index(b"stops again")])
    assert [(outcome.outcome, outcome.code) for outcome in desk.outcomes] == [
        (Outcome.EMITTED, None),
        (Outcome.DEAD_LETTERED, "feed_cut_off"),
    ]


async def test_an_entry_of_a_repaired_feed_says_so_on_the_topic(admission: Admission, desk: Desk) -> None:
    await send(admission, rss(entry("n-1", "Bread & butter")))
    assert "markup_repaired" in [note.code for note in desk.ingested[0].data.newsroom.assumptions]
