from __future__ import annotations

from typing import Any

import pytest

from services.enrich.additions import Additions, Found
from services.enrich.apply import apply, emptied
from shared.article import Applied, Article, Dateline, Enrichment, Kind, Named, Skipped, Tag
from tests.enrich.stories import story

TAG = Tag(scheme="geonames", code="184745", name="Nairobi", kind=Kind.PLACE, confidence=90, enricher="places")
PLACE = Named(name="Nairobi", rel="about", uri="https://sws.geonames.org/184745/")
ALL = Additions(language="en", word_count=70, reading_minutes=1, keywords=("ferries",), tags=(TAG,))


def found(additions: Additions, name: str = "one", version: str = "1") -> Found:
    return Found(name, version, additions)


def told(article: Article) -> dict[str, Any]:
    newsroom = article.newsroom
    return {
        "language": article.language,
        "word_count": newsroom.word_count,
        "reading_minutes": newsroom.reading_minutes,
        "keywords": newsroom.keywords,
        "tags": newsroom.tags,
        "places": article.places,
    }


@pytest.mark.parametrize("member", ["language", "word_count", "reading_minutes", "keywords", "tags"])
def test_what_was_found_is_in_the_article(member: str) -> None:
    assert told(apply(story(), [found(ALL)]))[member] == getattr(ALL, member)


def test_a_tag_of_a_place_is_a_ninjs_place_too() -> None:
    assert apply(story(), [found(ALL)]).places == (PLACE,)


def test_a_topic_is_a_ninjs_subject_with_its_relevance_confidence_and_creator() -> None:
    topic = Tag(
        scheme="mediatopic", code="medtop:15000000", name="sport", relevance=70, confidence=88, enricher="topics"
    )
    (subject,) = apply(story(), [found(Additions(tags=(topic,)))]).subjects
    assert subject.uri == "http://cv.iptc.org/newscodes/mediatopic/15000000"
    assert (subject.relevance, subject.confidence, subject.creator) == (70, 88, "urn:wireroom:enricher:topics:1")


def test_a_tag_that_is_hardly_sure_stays_out_of_ninjs() -> None:
    unsure = TAG.model_copy(update={"confidence": 20})
    article = apply(story(), [found(Additions(tags=(unsure,)))])
    assert (article.newsroom.tags, article.places) == ((unsure,), ())


def test_the_place_that_ingest_took_from_the_copy_stands_and_the_agency_is_added() -> None:
    taken = Dateline(text="NAIROBI (NWP) -", place="NAIROBI")
    read = Dateline(text="NAIROBI (NWP) -", place="Nairobi", agency="NWP", date="--06-17")
    dateline = apply(story(dateline=taken), [found(Additions(dateline=read))]).newsroom.dateline
    assert dateline == Dateline(text="NAIROBI (NWP) -", place="NAIROBI", agency="NWP", date="--06-17")


def test_a_declared_language_stands() -> None:
    assert apply(story(language="sw"), [found(ALL)]).language == "sw"


@pytest.mark.parametrize(("member", "declared"), [("keywords", ("lake",)), ("word_count", 0), ("reading_minutes", 9)])
def test_what_the_newsroom_already_says_stands(member: str, declared: Any) -> None:
    article = apply(story(newsroom={member: declared}), [found(ALL)])
    assert getattr(article.newsroom, member) == declared


def test_a_tag_that_is_there_is_not_added_again() -> None:
    theirs = TAG.model_copy(update={"enricher": "desk"})
    assert apply(story(newsroom={"tags": (theirs,)}), [found(ALL)]).newsroom.tags == (theirs,)


def test_tags_are_added_to_those_that_are_there() -> None:
    theirs = Tag(scheme="desk", name="Boats", enricher="desk")
    assert apply(story(newsroom={"tags": (theirs,)}), [found(ALL)]).newsroom.tags == (theirs, TAG)


def test_a_place_that_the_provider_names_is_not_added_again() -> None:
    theirs = Named(name="NAIROBI")
    assert apply(story(places=(theirs,)), [found(ALL)]).places == (theirs,)


def test_of_two_findings_the_first_wins() -> None:
    findings = [found(Additions(language="en")), found(Additions(language="de"), "two")]
    assert apply(story(), findings).language == "en"


def test_who_found_something_is_named_with_its_version() -> None:
    article = apply(story(), [found(Additions(), "language", "3")])
    assert article.newsroom.enrichment.applied == (Applied(name="language", version="3"),)


def test_who_was_skipped_is_named_with_the_reason() -> None:
    skipped = Skipped(name="keywords", reason="failed", detail="KeyError")
    assert apply(story(), [skipped]).newsroom.enrichment.skipped == (skipped,)


def test_an_enricher_that_was_skipped_and_then_applied_is_named_once() -> None:
    first = apply(story(), [Skipped(name="one", reason="late")])
    record = apply(first, [found(ALL)]).newsroom.enrichment
    assert (record.applied, record.skipped) == ((Applied(name="one", version="1"),), ())


def test_records_of_other_enrichers_are_kept() -> None:
    theirs = Applied(name="desk", version="9")
    article = story(newsroom={"enrichment": Enrichment(applied=(theirs,))})
    assert apply(article, [found(ALL)]).newsroom.enrichment.applied == (theirs, Applied(name="one", version="1"))


def test_no_findings_change_nothing() -> None:
    assert apply(story(), []) == story()


def test_applying_twice_changes_nothing_more() -> None:
    once = apply(story(), [found(ALL)])
    assert apply(once, [found(ALL)]) == once


def test_the_article_that_came_is_left_as_it_was() -> None:
    article = story()
    apply(article, [found(ALL)])
    assert article == story()


def test_members_that_this_version_does_not_know_are_kept() -> None:
    article = story(newsroom={"mood": "calm"})
    assert apply(article, [found(ALL)]).newsroom.model_extra == {"mood": "calm"}


def test_what_the_copy_left_open_and_enrich_filled_is_named_and_can_be_taken_out_again() -> None:
    filled = apply(story(slugline="FERRIES"), [found(ALL)])
    assert filled.newsroom.enrichment.filled == ("language", "keywords", "wordCount", "readingMinutes")
    left = emptied(filled)
    assert (left.language, left.newsroom.keywords, left.newsroom.word_count) == (None, (), None)
    assert left.slugline == "FERRIES"


def test_what_the_copy_said_itself_stays_when_what_enrich_filled_is_taken_out() -> None:
    filled = apply(story(language="sw", newsroom={"keywords": ("lake",)}), [found(ALL)])
    assert (emptied(filled).language, emptied(filled).newsroom.keywords) == ("sw", ("lake",))
