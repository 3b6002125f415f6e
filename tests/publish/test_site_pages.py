"""The site as a reader meets it, over real HTTP: what is where, and what is gone."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from shared.article import Change
from tests.publish.reading_pages import Publish, parsed, story_page, words
from tests.publish.written import START, article


def test_the_home_page_has_the_story_and_a_link_to_it(site: httpx.Client, publish: Publish) -> None:
    publish(article(headline="Ferry sails"))
    links = parsed(site.get("/")).xpath("//main//a[normalize-space()='Ferry sails']/@href")
    assert set(links) == {"/story/ferry-sails-ferry1"}


def test_an_old_story_that_has_just_come_in_is_on_the_home_page(site: httpx.Client, publish: Publish) -> None:
    publish(*(article(f"s{n}") for n in range(210)))
    publish(article("old", headline="From last year", first_created=START - timedelta(days=365)))
    assert "From last year" in site.get("/").text


def test_the_lead_is_the_most_urgent_of_the_newest(site: httpx.Client, publish: Publish) -> None:
    publish(article("a", urgency=5), article("b", 2, urgency=2, headline="Flood warning"), article("c", 3))
    assert words(parsed(site.get("/")).xpath("//*[@class='lead']/h2")[0]) == "Flood warning"


def test_a_section_shows_its_stories_and_no_other(site: httpx.Client, publish: Publish) -> None:
    publish(article("a", headline="Goal", newsroom={"section": "Sport"}), article("b", headline="Vote"))
    page = site.get("/sport")
    assert ("Goal" in page.text, "Vote" in page.text) == (True, False)


def test_a_section_without_stories_is_not_a_page(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    assert site.get("/no-such-section").status_code == 404


def test_older_stories_are_a_link_away(site: httpx.Client, publish: Publish) -> None:
    publish(*(article(f"s{n}", headline=f"Story {n}.", first_created=START - timedelta(hours=n)) for n in range(25)))
    (older,) = parsed(site.get("/local")).xpath("//a[@rel='next']/@href")
    assert [words(h) for h in parsed(site.get(older)).xpath("//main//h2")] == [f"Story {n}." for n in range(20, 25)]


def test_a_cursor_that_is_none_is_the_first_page(site: httpx.Client, publish: Publish) -> None:
    publish(article(headline="Ferry sails"))
    assert "Ferry sails" in site.get("/local?before=%27;DROP").text


def test_a_site_without_stories_says_so(site: httpx.Client) -> None:
    assert "Nothing yet" in site.get("/").text


def test_the_right_address_answers_and_a_former_one_leads_to_it(site: httpx.Client, publish: Publish) -> None:
    publish(article(headline="Ferry sails"))
    former = site.get("/story/ferry-to-sail-ferry1")
    assert (former.status_code, former.headers["location"]) == (301, "/story/ferry-sails-ferry1")
    assert site.get(former.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    "path", ["/story/x-unknown", "/story/", "/story/UPPER", "/story/%2e%2e%2f", "/a/b/c", "/story/x-"]
)
def test_what_is_not_there_is_404(site: httpx.Client, path: str) -> None:
    assert site.get(path).status_code == 404


def test_a_method_that_is_not_reading_is_refused(site: httpx.Client) -> None:
    assert site.post("/").status_code in {404, 405}


def test_a_killed_story_is_410_at_every_address_it_had(site: httpx.Client, publish: Publish) -> None:
    publish(article(headline="Ferry sails"), article(revision=2, change=Change.KILL))
    answers = [site.get(path).status_code for path in ("/story/ferry-sails-ferry1", "/story/other-ferry1")]
    assert answers == [410, 410]


def test_a_killed_story_leaves_no_word_on_any_page(site: httpx.Client, publish: Publish) -> None:
    publish(article(headline="Zanzibarine", body="<p>Zanzibarine</p>"), article("other"))
    before = [site.get(path).text for path in ("/", "/local", "/feed.xml")]
    publish(article(revision=2, change=Change.KILL))
    after = [site.get(path).text for path in ("/", "/local", "/feed.xml", "/story/zanzibarine-ferry1")]
    assert all("Zanzibarine" in text for text in before)
    assert not any("Zanzibarine" in text for text in after)


def test_nothing_older_brings_a_killed_page_back(site: httpx.Client, publish: Publish) -> None:
    publish(article(revision=3, change=Change.KILL))
    publish(article(revision=1), article(revision=2, change=Change.CORRECTION))
    assert story_page(site).status_code == 410


def test_a_kept_copy_of_a_killed_page_is_not_confirmed(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    etag = story_page(site).headers["etag"]
    publish(article(revision=2, change=Change.KILL))
    assert site.get("/story/x-ferry1", headers={"If-None-Match": etag}).status_code == 410


def test_a_withheld_story_is_404_and_comes_back(site: httpx.Client, publish: Publish) -> None:
    publish(article(), article(revision=2, change=Change.WITHHOLD))
    assert story_page(site).status_code == 404
    publish(article(revision=3, change=Change.REINSTATE))
    assert story_page(site).status_code == 200
