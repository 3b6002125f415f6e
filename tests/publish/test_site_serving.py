"""How the site is served: policy, caches, and what happens without the store."""

from __future__ import annotations

import httpx
import pytest

from services.publish.site.web import site_app
from services.publish.store.database import Database
from shared.article import Change
from tests.publish.reading_pages import SYDNEY, Publish, parsed, story_page
from tests.publish.serving import serving
from tests.publish.written import article


@pytest.mark.parametrize("path", ["/", "/local", "/feed.xml", "/none", "/story/x-killed", "/story/x-ferry1", "/readyz"])
def test_every_answer_has_the_strict_policy(site: httpx.Client, publish: Publish, path: str) -> None:
    publish(article(), article("killed", 2, Change.KILL))
    headers = site.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
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
    assert len(site.get(path).content) < 18_000  # all kinds of pages; about 4 kB of it packed


def test_a_change_is_on_the_next_answer(site: httpx.Client, publish: Publish) -> None:
    publish(article(headline="First"))
    assert "First" in site.get("/").text
    publish(article(revision=2, change=Change.UPDATE, headline="Second"))
    page = site.get("/").text
    assert ("First" in page, "Second" in page) == (False, True)


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
    with serving(site_app(site_database, SYDNEY, checks={}, cached_pages=8, watch_every=0)) as client:
        answer = story_page(client)
    assert (answer.status_code, "Something went wrong" in answer.text) == (500, True)
    assert "content-security-policy" in answer.headers
