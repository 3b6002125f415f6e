"""What stands with a story on its page: what was corrected, links to tags, related stories, sharing, comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from services.publish.site.web import site_app
from services.publish.store.database import Database
from shared.article import AlsoFrom, Assumption, Change, Dateline, Kind, Link, Tag
from shared.branding import Comments
from tests.publish.reading_pages import SYDNEY, Publish, parsed, story_page, words
from tests.publish.serving import serving
from tests.publish.written import article

FERRY = Tag(scheme="name", name="Harbour Ferries", kind=Kind.ORGANISATION, enricher="names", confidence=80)
TALK = Comments.model_validate(
    {
        "provider": "Talkboard",
        "script": "https://talk.example/embed.js",
        "attributes": {"class": "talk", "data-address": "{url}"},
        "origins": ["https://*.talk-frames.example"],
    }
)


def link(story_id: str, rel: Any, score: int) -> Link:
    return Link(story_id=story_id, headline="An old headline", rel=rel, score=score, enricher="links")


def headlines(page: httpx.Response, heading: str) -> list[str]:
    return [words(a) for a in parsed(page).xpath(f"//aside[@aria-labelledby='{heading}']//a")]


def test_a_corrected_story_says_what_was_corrected_and_when(site: httpx.Client, publish: Publish) -> None:
    publish(article(), article(revision=2, change=Change.CORRECTION, ed_note="Eds: Corrects the hour. Call us, desk."))
    (note,) = parsed(story_page(site)).xpath("//aside[contains(@class, 'correction')]")
    assert words(note) == "Correction 4 March 2024, 20:02 AEDT Corrects the hour."


def test_an_update_after_a_correction_leaves_its_text(site: httpx.Client, publish: Publish) -> None:
    publish(article(), article(revision=2, change=Change.CORRECTION, ed_note="Corrects the hour."))
    publish(article(revision=3, change=Change.UPDATE, ed_note="Adds the captain's answer."))
    notes = [words(p) for p in parsed(story_page(site)).xpath("//aside[contains(@class, 'note')]/p[@dir]")]
    assert notes == ["Corrects the hour.", "Adds the captain's answer."]


def test_corrections_from_before_a_kill_are_not_told_after_a_reinstatement(
    site: httpx.Client, publish: Publish
) -> None:
    publish(article(), article(revision=2, change=Change.CORRECTION, ed_note="Corrects the hour."))
    publish(article(revision=3, change=Change.KILL), article(revision=4, change=Change.REINSTATE))
    assert "Corrects the hour" not in story_page(site).text


def test_a_tag_leads_to_its_page_and_a_keyword_without_one_is_plain(site: httpx.Client, publish: Publish) -> None:
    publish(article(newsroom={"tags": (FERRY,), "keywords": ("ports",)}))
    tags = parsed(story_page(site)).xpath("//*[@class='tags']/li/*")
    assert [(tag.tag, words(tag), tag.get("href")) for tag in tags] == [
        ("a", "Harbour Ferries", "/organisation/harbour-ferries"),
        ("span", "ports", None),
    ]
    assert site.get(tags[0].get("href")).status_code == 200


def test_related_stories_are_those_of_the_event_first_and_never_the_same_text(
    site: httpx.Client, publish: Publish
) -> None:
    links = (link("a", "related", 90), link("b", "event", 60), link("c", "duplicate", 99), link("gone", "event", 99))
    publish(*(article(name, headline=f"Story {name}") for name in "abc"), article(newsroom={"links": links}))
    page = story_page(site)
    assert headlines(page, "related") == ["Story b", "Story a"]
    assert "Story b" not in headlines(page, "more")


def test_a_related_story_leaves_the_page_when_it_is_killed(site: httpx.Client, publish: Publish) -> None:
    publish(article("a", headline="Story a"), article(newsroom={"links": (link("a", "event", 90),)}))
    assert "Story a" in story_page(site).text
    publish(article("a", 2, Change.KILL))
    assert "Story a" not in story_page(site).text


def test_a_related_story_that_comes_back_is_shown_again(site: httpx.Client, publish: Publish) -> None:
    publish(article("a", headline="Story a"), article(newsroom={"links": (link("a", "event", 90),)}))
    publish(article("a", 2, Change.WITHHOLD))
    assert "Story a" not in story_page(site).text
    publish(article("a", 3, Change.REINSTATE, headline="Story a"))
    assert headlines(story_page(site), "related") == ["Story a"]


def test_other_carriers_are_linked_to_their_own_pages(site: httpx.Client, publish: Publish) -> None:
    copies = (
        AlsoFrom(provider="The Gull", source="gull", story_id="g", url="https://gull.example/1"),
        AlsoFrom(provider="Hills Herald", source="hills", story_id="h", url="javascript:alert(1)"),
    )
    publish(article(newsroom={"also_from": copies}))
    credit = parsed(story_page(site)).xpath("//p[starts-with(normalize-space(), 'Also from')]")[0]
    assert words(credit) == "Also from The Gull, Hills Herald"
    assert credit.xpath("./a/@href") == ["https://gull.example/1"]


def test_a_story_is_handed_on_by_plain_links_that_say_nothing_of_the_reader(
    site: httpx.Client, publish: Publish
) -> None:
    publish(article(headline="Ferry & tram"))
    links = parsed(story_page(site)).xpath("//*[@class='share']//a")
    assert links[0].get("href").startswith("mailto:?subject=Ferry%20%26%20tram&body=http%3A%2F%2F127.0.0.1")
    assert all("noreferrer" in a.get("rel") for a in links)


def test_a_place_says_what_country_it_is_in(site: httpx.Client, publish: Publish) -> None:
    city = {"scheme": "geonames", "kind": Kind.PLACE, "enricher": "places", "confidence": 90}
    tags = (Tag(name="Tokyo", code="1850147", country="JP", **city),)
    publish(article(newsroom={"tags": tags}))
    page = parsed(site.get("/place/tokyo-1850147"))
    assert [words(part) for part in page.xpath("//main//header/*")] == ["Place", "Tokyo", "Japan"]
    assert page.xpath("//meta[@name='description']/@content") == [
        "Tokyo, Japan: the latest stories about it from The Harbour Wire."
    ]


def test_a_story_in_the_shape_of_a_radio_stations_page_keeps_all_that_the_page_had(
    site: httpx.Client, publish: Publish
) -> None:
    """The provider's name, the headline, the day without a time, a bold dateline, the text, a way back to the top."""
    dateline = Dateline(text="SEOUL: South Korea", place="Seoul", country="South Korea")
    day = (Assumption(code="time_of_day_assumed", detail="midnight"),)
    facts = {"dateline": dateline, "provider": "Harbour FM World News", "section": "world", "assumptions": day}
    publish(article(headline="Union to open office in Seoul", body="<p>It has plans.</p><p>More.</p>", newsroom=facts))
    page = parsed(story_page(site))
    assert words(page.xpath("//article//h1")[0]) == "Union to open office in Seoul"
    assert words(page.xpath("//*[@class='when']")[0]) == "4 March 2024"
    assert words(page.xpath("//*[@class='byline']/p[1]")[0]) == "Harbour FM World News"
    assert words(page.xpath("//*[@class='body']/p[1]/strong")[0]) == "SEOUL, South Korea"
    assert [words(p) for p in page.xpath("//*[@class='body']/p")][1:] == ["More."]
    assert page.xpath("//a[@href='#top']/text()") == ["Back to top"]


@pytest.fixture
def talking_site(site_database: Database) -> Iterator[httpx.Client]:
    site = SYDNEY.model_copy(update={"comments": TALK})
    with serving(site_app(site_database, site, checks={}, cached_pages=8, watch_every=0)) as client:
        yield client


def test_comments_are_off_unless_a_site_says_so(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    assert parsed(story_page(site)).xpath("//*[@class='comments']") == []


def test_comments_wait_for_the_reader_and_know_their_story(talking_site: httpx.Client, publish: Publish) -> None:
    publish(article())
    page = parsed(story_page(talking_site))
    (slot,) = page.xpath("//*[@class='talk']")
    assert [slot.get("data-address")] == page.xpath("//link[@rel='canonical']/@href")
    assert [src for src in page.xpath("//script/@src") if not src.startswith("/static/")] == []
    assert words(page.xpath("//*[@class='comments']//button")[0]) == "Load comments from Talkboard"


def test_only_the_page_with_comments_lets_their_provider_in(talking_site: httpx.Client, publish: Publish) -> None:
    publish(article())
    story = story_page(talking_site).headers["content-security-policy"]
    home = talking_site.get("/").headers["content-security-policy"]
    assert "script-src 'self' https://talk.example https://*.talk-frames.example;" in story
    assert "frame-src https://talk.example https://*.talk-frames.example" in story
    assert "'unsafe-inline'" not in story
    assert "talk" not in home
