"""The site as a reader meets it, over real HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree, html

from services.publish.__main__ import store_check
from services.publish.database import Database
from services.publish.store import Store
from services.publish.web import site_app
from shared.article import Article, Assumption, Change, Dateline, Named, Tag
from shared.settings import SiteIdentity
from tests.publish.serving import serving
from tests.publish.written import START, article

SYDNEY = SiteIdentity(name="The Harbour Wire", timezone="Australia/Sydney")
Publish = Callable[..., None]


@pytest.fixture
def site_database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def publish(site_database: Database) -> Publish:
    def apply(*articles: Article) -> None:
        Store(site_database).apply(articles)

    return apply


@pytest.fixture
def site(site_database: Database) -> Iterator[httpx.Client]:
    checks = {"store": store_check(site_database)}
    with serving(site_app(site_database, SYDNEY, checks=checks, cached_pages=8)) as client:
        yield client


@pytest.fixture
def broken_site(tmp_path: Path) -> Iterator[httpx.Client]:
    """A site whose store cannot be reached."""
    (tmp_path / "var").write_text("a file where the folder should be")
    database = Database(f"sqlite:///{tmp_path / 'var' / 'site.db'}")
    with serving(site_app(database, SYDNEY, checks={"store": store_check(database)}, cached_pages=8)) as client:
        yield client
    database.close()


def parsed(response: httpx.Response) -> Any:
    return html.fromstring(response.content)


def story_page(site: httpx.Client, story_id: str = "ferry1") -> httpx.Response:
    return site.get(f"/story/x-{story_id}", follow_redirects=True)


def words(element: Any) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


# ---------------------------------------------------------------- what is where


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


# ---------------------------------------------------------------- killed, withheld


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


# ---------------------------------------------------------------- the story page


def test_the_dateline_leads_the_first_paragraph_in(site: httpx.Client, publish: Publish) -> None:
    dateline = Dateline(text="BRAYHAVEN: Norland", place="Brayhaven", country="Norland")
    publish(article(body="<p>The wall held.</p>", newsroom={"dateline": dateline}))
    first = parsed(story_page(site)).xpath("//*[@class='body']/p[1]")[0]
    assert (words(first), words(first[0])) == ("BRAYHAVEN, Norland — The wall held.", "BRAYHAVEN, Norland")


def test_a_corrected_story_says_so(site: httpx.Client, publish: Publish) -> None:
    publish(article(), article(revision=2, change=Change.CORRECTION, ed_note="Eds: desk only"))
    page = story_page(site)
    assert "has been corrected" in words(parsed(page).xpath("//*[@class='correction']")[0])


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
    assert page.xpath("//*[@class='tags']/li/text()") == ["Brayhaven", "ports"]


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


# ---------------------------------------------------------------- hostile copy

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "<!-- --><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "]]><b>\u2028\u202e\x00\x0b",
    "javascript:alert(1)",
]


def hostile_article(payload: str) -> Article:
    facts = {
        "provider": payload,
        "section": payload,
        "url": f"javascript:{payload}",
        "keywords": (payload,),
        "dateline": Dateline(text=payload, place=payload, country=payload),
        "tags": (Tag(scheme=payload, name=payload, enricher=payload),),
    }
    body = '<p onclick="alert(1)">x</p><a href="javascript:alert(1)">y</a><iframe src="//x"></iframe>'
    return article(
        uri=f"urn:x:{payload}",
        headline=payload,
        summary=payload,
        body=f"<p>{payload}</p>{body}",
        by=payload,
        language=payload,
        copyright_notice=payload,
        places=(Named(name=payload),),
        newsroom=facts,
    )


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_copy_is_inert_on_every_page(site: httpx.Client, publish: Publish, payload: str) -> None:
    publish(hostile_article(payload), article("other", newsroom={"section": payload}))
    section = parsed(site.get("/")).xpath("//nav//a/@href")[-1]
    for page in [site.get("/"), story_page(site), site.get(section), story_page(site, "other")]:
        tree = parsed(page)
        assert page.status_code == 200
        assert tree.xpath("//script[not(@type='application/ld+json')] | //img | //svg | //iframe | //b") == []
        assert tree.xpath("//@*[starts-with(name(), 'on')]") == []
        assert not [url for url in tree.xpath("//@href") if not re.match(r"^(/|#main$|https?://)", url)]


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_copy_cannot_break_out_of_the_json(site: httpx.Client, publish: Publish, payload: str) -> None:
    publish(hostile_article(payload))
    (script,) = parsed(story_page(site)).xpath("//script")
    assert json.loads(script.text)["@type"] == "NewsArticle"


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_copy_leaves_the_feed_well_formed(site: httpx.Client, publish: Publish, payload: str) -> None:
    publish(hostile_article(payload))
    assert etree.fromstring(site.get("/feed.xml").content).xpath("count(//item)") == 1


def test_links_in_copy_pass_on_no_standing(site: httpx.Client, publish: Publish) -> None:
    publish(article(body='<p><a href="https://example.org/" target="_blank">x</a></p>'))
    (link,) = parsed(story_page(site)).xpath("//*[@class='body']//a")
    assert dict(link.attrib) == {"href": "https://example.org/", "rel": "nofollow noopener"}


@pytest.mark.parametrize("host", ["evil.example/path", "a b", '"><script>', "x@y", "", "a..b/", "[::1"])
def test_a_host_that_cannot_be_one_gets_no_page_with_its_name(site: httpx.Client, publish: Publish, host: str) -> None:
    publish(article())
    answer = site.get("/", headers={"Host": host})
    assert (answer.status_code, host in answer.text if host else False) == (400, False)


# ---------------------------------------------------------------- headers, caches


@pytest.mark.parametrize("path", ["/", "/local", "/feed.xml", "/none", "/story/x-killed", "/story/x-ferry1", "/readyz"])
def test_every_answer_has_the_strict_policy(site: httpx.Client, publish: Publish, path: str) -> None:
    publish(article(), article("killed", 2, Change.KILL))
    headers = site.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"


def test_a_page_that_has_not_changed_is_not_sent_again(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    etag = site.get("/").headers["etag"]
    again = site.get("/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_may_be_kept_but_must_be_asked_for(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    assert site.get("/").headers["cache-control"] == "public, max-age=0, must-revalidate"


def test_the_style_sheet_may_be_kept_for_ever(site: httpx.Client) -> None:
    (path,) = parsed(site.get("/")).xpath("//link[@rel='stylesheet']/@href")
    answer = site.get(path)
    assert (answer.headers["content-type"], "immutable" in answer.headers["cache-control"]) == (
        "text/css; charset=utf-8",
        True,
    )


def test_the_style_sheet_is_small(site: httpx.Client) -> None:
    (path,) = parsed(site.get("/")).xpath("//link[@rel='stylesheet']/@href")
    assert len(site.get(path).content) < 12_000


def test_a_change_is_on_the_next_answer(site: httpx.Client, publish: Publish) -> None:
    publish(article(headline="First"))
    assert "First" in site.get("/").text
    publish(article(revision=2, change=Change.UPDATE, headline="Second"))
    page = site.get("/").text
    assert ("First" in page, "Second" in page) == (False, True)


# ---------------------------------------------------------------- without the store


def test_without_the_store_readers_are_asked_to_come_back(broken_site: httpx.Client) -> None:
    answer = broken_site.get("/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "content-security-policy" in answer.headers


def test_readiness_names_the_store(broken_site: httpx.Client) -> None:
    answer = broken_site.get("/readyz")
    assert (answer.status_code, list(answer.json()["missing"])) == (503, ["store"])


def test_health_asks_nothing_of_the_store(broken_site: httpx.Client) -> None:
    assert broken_site.get("/healthz").status_code == 200


def test_a_fault_of_ours_is_a_page_with_the_policy(site_database: Database, publish: Publish) -> None:
    publish(article())
    with site_database.writing() as connection:
        connection.exec_driver_sql("UPDATE story SET article = 'not an article'")
    with serving(site_app(site_database, SYDNEY, checks={}, cached_pages=8)) as client:
        answer = story_page(client)
    assert (answer.status_code, "Something went wrong" in answer.text) == (500, True)
    assert "content-security-policy" in answer.headers
