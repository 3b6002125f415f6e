"""The page of a story, over real HTTP."""

from __future__ import annotations

import json
from datetime import timedelta, timezone
from itertools import pairwise

import httpx

from shared.article import AlsoFrom, Assumption, Change, Dateline, Kind, Named, Tag
from tests.publish.reading_pages import Publish, parsed, story_page, words
from tests.publish.written import START, article


def test_the_dateline_leads_the_first_paragraph_in(site: httpx.Client, publish: Publish) -> None:
    dateline = Dateline(text="BRAYHAVEN: Norland", place="Brayhaven", country="Norland")
    publish(article(body="<p>The wall held.</p>", newsroom={"dateline": dateline}))
    first = parsed(story_page(site)).xpath("//*[@class='body']/p[1]")[0]
    assert (words(first), words(first[0])) == ("BRAYHAVEN, Norland — The wall held.", "BRAYHAVEN, Norland")


def test_a_summary_that_the_story_begins_with_is_not_said_twice(site: httpx.Client, publish: Publish) -> None:
    lead = "<p>The wall held. Nobody was hurt.</p>"
    publish(article(body=lead, summary="The wall held."))
    publish(article(revision=2, body=lead, summary="A town breathes again."))
    assert "A town breathes again." in story_page(site).text
    publish(article(revision=3, body=lead, summary="The wall held."))
    assert words(parsed(story_page(site)).xpath("//article")[0]).count("The wall held.") == 1


def test_what_a_story_is_most_about_is_the_first_tag_and_what_it_only_mentions_is_none(
    site: httpx.Client, publish: Publish
) -> None:
    said = {"scheme": "name", "enricher": "names"}
    tags = (
        Tag(name="Northland", kind=Kind.PLACE, rel="mention", relevance=20, **said),
        Tag(name="Brayhaven", kind=Kind.PLACE, relevance=60, **said),
        Tag(name="Coast Guard", kind=Kind.ORGANISATION, relevance=100, **said),
    )
    places = (Named(name="Northland", rel="mention"), Named(name="Brayhaven", rel="about"))
    publish(article(places=places, newsroom={"tags": tags}))
    assert parsed(story_page(site)).xpath("//*[@class='tags']/li/*/text()") == ["Coast Guard", "Brayhaven"]


def test_a_corrected_story_says_so(site: httpx.Client, publish: Publish) -> None:
    publish(article(), article(revision=2, change=Change.CORRECTION, ed_note="Eds: desk only"))
    page = story_page(site)
    assert "has been corrected" in words(parsed(page).xpath("//*[contains(@class, 'correction')]")[0])


def test_a_note_to_editors_is_never_shown_to_readers(site: httpx.Client, publish: Publish) -> None:
    publish(article(), article(revision=2, change=Change.CORRECTION, ed_note="Eds: desk only"))
    assert "desk only" not in story_page(site).text


def test_times_are_the_sites_and_machine_readable(site: httpx.Client, publish: Publish) -> None:
    publish(article(first_created=START - timedelta(days=1)))
    (moment,) = parsed(story_page(site)).xpath("//*[@class='when']//time")
    assert (moment.get("datetime"), words(moment)) == ("2024-03-03T09:00:00Z", "3 March 2024, 20:00 AEDT")


def test_a_day_without_a_time_is_shown_as_the_day_that_was_printed(site: httpx.Client, publish: Publish) -> None:
    midnight = START.replace(day=1, hour=0, tzinfo=timezone(timedelta(hours=14)))
    assumed = (Assumption(code="time_of_day_assumed", detail="midnight"),)
    publish(article(first_created=midnight, newsroom={"assumptions": assumed}))
    (moment,) = parsed(story_page(site)).xpath("//*[@class='when']//time")
    assert (moment.get("datetime"), words(moment)) == ("2024-03-01", "1 March 2024")


def test_byline_source_tags_and_reading_time_are_shown(site: httpx.Client, publish: Publish) -> None:
    facts = {"url": "https://example.org/a", "keywords": ("ports",), "reading_minutes": 3}
    publish(article(by="By Mara Lindqvist", places=(Named(name="Brayhaven"),), newsroom=facts))
    page = parsed(story_page(site))
    shown = words(page.xpath("//*[@class='byline']")[0])
    assert "By Mara Lindqvist, Coastline Radio" in shown
    assert "3 min read" in shown
    assert page.xpath("//*[@class='credit']/a/@href") == ["https://example.org/a"]
    assert page.xpath("//*[@class='tags']/li/*/text()") == ["Brayhaven", "ports"]


def test_a_story_without_a_body_is_a_page_all_the_same(site: httpx.Client, publish: Publish) -> None:
    publish(article(headline="Flash: ferry stopped", body="", summary=""))
    assert "Only the headline" in story_page(site).text


def test_search_engines_are_told_what_the_page_says(site: httpx.Client, publish: Publish) -> None:
    publish(article(headline="Ferry sails", by="Mara Lindqvist"), article("b"))
    page = parsed(story_page(site))
    told = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
    assert (told["@type"], told["headline"], told["datePublished"]) == (
        "NewsArticle",
        "Ferry sails",
        "2024-03-04T09:00:00Z",
    )
    assert [told["url"]] == page.xpath("//link[@rel='canonical']/@href")


def test_headings_of_every_page_start_at_one_and_skip_no_level(site: httpx.Client, publish: Publish) -> None:
    publish(*(article(f"s{n}", newsroom={"section": f"desk {n % 3}"}) for n in range(30)))
    pages = [site.get("/"), site.get("/desk-1"), story_page(site, "s1"), site.get("/none")]
    for page in pages:
        levels = [int(h.tag[1]) for h in parsed(page).xpath("//*[self::h1 or self::h2 or self::h3 or self::h4]")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_others_that_carried_the_text_are_named_once(site: httpx.Client, publish: Publish) -> None:
    others = [("Hills Herald", "b"), ("Coastline Radio", "c"), ("Hills Herald", "d"), ("The Gull", "e")]
    copies = tuple(AlsoFrom(provider=name, source=story, story_id=story) for name, story in others)
    publish(article(newsroom={"also_from": copies}))
    shown = parsed(story_page(site)).xpath("//*[@class='credit']")
    assert [words(credit) for credit in shown][1:] == ["Also from Hills Herald, The Gull"]


def test_a_credit_alone_moves_no_date(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    before = words(parsed(story_page(site)).xpath("//*[@class='when']")[0])
    copies = (AlsoFrom(provider="Hills Herald", source="hills", story_id="b"),)
    publish(article(revision=2, change=Change.AMEND, newsroom={"also_from": copies}))
    assert words(parsed(story_page(site)).xpath("//*[@class='when']")[0]) == before


def test_a_name_of_another_provider_is_shown_as_text(site: httpx.Client, publish: Publish) -> None:
    copies = (AlsoFrom(provider="<b>Hills</b>", source="hills", story_id="b"),)
    publish(article(newsroom={"also_from": copies}))
    assert "<b>Hills" not in story_page(site).text
