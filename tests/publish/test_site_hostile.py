"""Copy and requests that mean harm come out inert, over real HTTP."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import httpx
import pytest
from lxml import etree

from services.publish.site.web import site_app
from services.publish.store.database import Database
from shared.article import Article, Change, Dateline, Named, Tag
from tests.publish.reading_pages import SYDNEY, Publish, parsed, story_page
from tests.publish.serving import serving
from tests.publish.written import START, article

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
        scripts = tree.xpath("//script[not(@type='application/ld+json')]")
        assert all(script.text is None and script.get("src").startswith("/static/") for script in scripts)
        assert tree.xpath("//img | //svg | //iframe | //b") == []
        assert tree.xpath("//@*[starts-with(name(), 'on')]") == []
        assert not [url for url in tree.xpath("//@href") if not re.match(r"^(/|#main$|#top$|https?://|mailto:\?)", url)]


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_copy_cannot_break_out_of_the_json(site: httpx.Client, publish: Publish, payload: str) -> None:
    publish(hostile_article(payload))
    (script,) = parsed(story_page(site)).xpath("//script[not(@src)]")
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


@pytest.mark.parametrize("path", ["/%00", "/topic/%00", "/%00/feed.xml", "/topic/%00/feed.xml"])
def test_an_address_that_no_database_can_look_for_leads_nowhere(database: Database, path: str) -> None:
    with serving(site_app(database, SYDNEY, checks={}, cached_pages=8, watch_every=0)) as client:
        assert client.get(path).status_code == 404


def test_a_killed_story_names_no_older_page_of_its_subject(site: httpx.Client, publish: Publish) -> None:
    def about(name: str) -> dict[str, tuple[Tag, ...]]:
        return {"tags": (Tag(scheme="mediatopic", code="1", name=name, confidence=90, enricher="x"),)}

    hours = [timedelta(hours=n) for n in range(22)]
    publish(*(article(f"s{n}", first_created=START - ago, newsroom=about("Ferries")) for n, ago in enumerate(hours)))
    publish(article("worst", first_created=START + timedelta(seconds=1), newsroom=about("Libellous")))
    (older,) = parsed(site.get("/topic/1")).xpath("//a[@rel='next']/@href")
    assert "Libellous" in site.get(older).text
    publish(article("worst", 2, Change.KILL))
    assert "Libellous" not in site.get(older).text


def test_a_withheld_story_says_when_to_ask_again(site: httpx.Client, publish: Publish) -> None:
    publish(article(), article(revision=2, change=Change.WITHHOLD))
    answer = story_page(site)
    assert (answer.status_code, answer.headers["retry-after"]) == (404, "3600")
