"""Articles over the content API, as a program reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from services.publish.site.web import site_app
from services.publish.store.database import Database
from shared.article import Change
from tests.contracts.test_contract_ninjs import problems
from tests.publish.api_serving import served
from tests.publish.reading_pages import SYDNEY, Publish
from tests.publish.serving import serving
from tests.publish.told_stories import stories, tagged
from tests.publish.written import article
from tests.waiting import wait_until_sync

API = "/api/v1"
NINJS = {"Accept": "application/ninjs+json"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A site with stories of every kind."""
    gone = (article("gone1"), article("gone1", 2, Change.KILL), article("held1", 2, Change.WITHHOLD))
    with served(tmp_path_factory.mktemp("told"), *stories(5), tagged(minutes=-10), *gone) as client:
        yield client


def listed(client: httpx.Client, path: str, **query: Any) -> list[str]:
    answer = client.get(API + path, params=query)
    assert answer.status_code == 200, answer.text
    return [one["newsroom"]["storyId"] for one in answer.json()["articles"]]


def test_the_newest_stories_are_listed_first(told: httpx.Client) -> None:
    assert listed(told, "/articles") == ["s4", "s3", "s2", "s1", "s0", "ferry1"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"section": "sport"}, ["s3", "s0"]),
        ({"topic": "20000337"}, ["s3", "s1", "ferry1"]),
        ({"source": "Hillside Press"}, ["s3", "s1"]),
        ({"q": "number 2"}, ["s2"]),
        ({"since": "2024-03-03T09:02:00Z"}, ["s4", "s3", "s2"]),
        ({"since": "2024-03-03T20:02:00+11:00", "until": "2024-03-03T09:03:00Z"}, ["s2"]),
        ({"until": "2024-03-03"}, []),
    ],
)
def test_what_is_asked_for_is_listed(told: httpx.Client, query: dict[str, str], expected: list[str]) -> None:
    assert listed(told, "/articles", **query) == expected


def test_following_next_lists_every_story_once(told: httpx.Client) -> None:
    found: list[str] = []
    following: str | None = f"{API}/articles?limit=2&topic=20000337"
    while following:
        answer = told.get(following)
        found += [one["newsroom"]["storyId"] for one in answer.json()["articles"]]
        following = answer.json()["next"]
        assert (answer.links.get("next") or {}).get("url") == following
    assert found == ["s3", "s1", "ferry1"]


def test_the_link_to_the_changes_tells_what_happened_since(site: httpx.Client, publish: Publish) -> None:
    publish(*stories(3))
    first = site.get(f"{API}/articles", params={"section": "local"})
    publish(article("s1", 2, Change.KILL))
    told = site.get(first.json()["changes"]).json()
    assert [(one["newsroom"]["storyId"], one["pubStatus"]) for one in told["articles"]] == [("s1", "canceled")]
    assert told["sequence"] == 4


def test_a_story_that_left_is_told_by_name_alone(site: httpx.Client, publish: Publish) -> None:
    publish(article(uri="https://coastline.example/harbour-ferry"), article(revision=2, change=Change.KILL))
    (gone,) = site.get(f"{API}/changes").json()["articles"]
    assert gone.keys() == {"uri", "type", "versionCreated", "pubStatus", "altIds", "standard", "newsroom"}
    assert gone["newsroom"] == {
        "storyId": "ferry1", "sequence": 2, "change": "kill", "alsoFrom": [], "keywords": [], "labels": [], "tags": [],
        "links": [],
    }  # fmt: skip
    assert "harbour" not in json.dumps(gone)


def test_a_story_is_told_with_the_newsrooms_facts(site: httpx.Client, publish: Publish) -> None:
    publish(tagged(), article("ferry2", headline="Second ferry ordered"))
    newsroom = site.get(f"{API}/articles/ferry1").json()["newsroom"]
    assert newsroom["links"] == [{"storyId": "ferry2", "headline": "Second ferry ordered", "rel": "event", "score": 80}]
    assert [(one["kind"], one["key"]) for one in newsroom["labels"]] == [
        ("place", "sydney-2147714"),
        ("topic", "20000337"),
    ]
    assert newsroom["page"].endswith("/story/harbour-ferry-returns-to-service-after-winter-refit-ferry1")


@pytest.mark.parametrize("inside", ["night-desk", "not to be named", "demo", "0" * 64])
def test_what_is_our_own_business_does_not_leave(told: httpx.Client, inside: str) -> None:
    for path in ("/articles", "/changes", "/articles/ferry1"):
        for headers in ({}, NINJS):
            assert inside not in told.get(API + path, headers=headers).text


def test_a_story_leaves_as_valid_ninjs(told: httpx.Client) -> None:
    answer = told.get(f"{API}/articles/ferry1", headers=NINJS)
    assert answer.headers["content-type"] == "application/ninjs+json"
    assert problems(answer.json()) == []
    assert {"role": "wireroom-story", "value": "ferry1"} in answer.json()["altIds"]


@pytest.mark.parametrize("path", ["/articles", "/articles?section=none", "/changes", "/articles?fields=headlines"])
def test_a_list_leaves_as_one_valid_ninjs_document(told: httpx.Client, path: str) -> None:
    document = told.get(API + path, headers=NINJS).json()
    assert problems(document) == []


def test_the_stories_of_a_ninjs_list_are_its_associations_by_name(told: httpx.Client) -> None:
    document = told.get(f"{API}/articles", headers=NINJS).json()
    names = [one["name"] for one in document["associations"]]
    assert (document["type"], names) == ("composite", ["s4", "s3", "s2", "s1", "s0", "ferry1"])


@pytest.mark.parametrize("path", ["/articles", "/changes", "/articles/ferry1"])
def test_a_form_that_we_have_not_is_refused_with_those_that_we_have(told: httpx.Client, path: str) -> None:
    answer = told.get(API + path, headers={"Accept": "application/xml"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")
    assert "application/ninjs+json" in answer.json()["available"]


def test_caches_are_told_that_there_are_other_forms(told: httpx.Client) -> None:
    assert told.get(f"{API}/articles/ferry1").headers["vary"] == "Accept-Encoding, Accept"


def test_fields_leave_out_the_rest(told: httpx.Client) -> None:
    answer = told.get(f"{API}/articles/ferry1", params={"fields": "headlines,newsroom.provider"})
    assert answer.json() == {
        "uri": "urn:wireroom:story:ferry1",
        "headlines": [{"value": "Harbour ferry returns to service after winter refit", "role": "main"}],
        "newsroom": {"storyId": "ferry1", "provider": "Coastline Radio"},
    }


def test_an_answer_that_the_client_has_is_not_sent_again(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    first = site.get(f"{API}/articles")
    again = site.get(f"{API}/articles", headers={"If-None-Match": first.headers["etag"]})
    publish(article(revision=2, change=Change.UPDATE, headline="Ferry stopped"))
    moved = site.get(f"{API}/articles", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, moved.status_code) == (304, b"", 200)


def test_an_answer_names_what_it_was_made_from(told: httpx.Client) -> None:
    headers = told.get(f"{API}/articles", params={"section": "sport"}).headers
    assert headers["surrogate-key"].split() == ["section:sport", "story:s0", "story:s3"]
    assert headers["cache-control"] == "public, max-age=0, must-revalidate"


def test_a_killed_story_is_gone_and_a_withheld_one_is_not_there_now(told: httpx.Client) -> None:
    answers = [told.get(f"{API}/articles/{name}") for name in ("gone1", "held1", "never1")]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [
        (410, "killed"),
        (404, "withheld"),
        (404, "not_found"),
    ]
    assert "retry-after" in answers[1].headers
    assert {one.headers["content-type"] for one in answers} == {"application/problem+json"}


@pytest.fixture
def watched(site_database: Database) -> Iterator[httpx.Client]:
    with serving(site_app(site_database, SYDNEY, checks={}, cached_pages=8, watch_every=0.05)) as client:
        yield client


@pytest.mark.parametrize("path", ["/articles", "/articles?section=local", "/articles?q=harbour", "/articles/ferry1"])
def test_a_killed_story_leaves_every_answer_in_memory(watched: httpx.Client, publish: Publish, path: str) -> None:
    publish(article())
    wait_until_sync(lambda: "Harbour ferry" in watched.get(API + path).text, timeout=1)
    publish(article(revision=2, change=Change.KILL))
    wait_until_sync(lambda: "Harbour ferry" not in watched.get(API + path).text, timeout=1)


def test_a_killed_story_leaves_the_links_of_others(watched: httpx.Client, publish: Publish) -> None:
    publish(tagged(), article("ferry2", headline="Second ferry ordered"))
    wait_until_sync(lambda: "Second ferry" in watched.get(f"{API}/articles/ferry1").text, timeout=1)
    publish(article("ferry2", 2, Change.KILL))
    wait_until_sync(lambda: watched.get(f"{API}/articles/ferry1").json()["newsroom"]["links"] == [], timeout=1)


def test_a_linked_story_that_comes_later_is_told(watched: httpx.Client, publish: Publish) -> None:
    publish(tagged())
    wait_until_sync(lambda: watched.get(f"{API}/articles/ferry1").status_code == 200, timeout=1)
    publish(article("ferry2", headline="Second ferry ordered"))
    wait_until_sync(lambda: "Second ferry" in watched.get(f"{API}/articles/ferry1").text, timeout=1)


def test_forms_of_one_address_are_kept_apart_in_memory(watched: httpx.Client, publish: Publish) -> None:
    publish(article())
    wait_until_sync(lambda: watched.get(f"{API}/articles/ferry1").status_code == 200)
    for _ in range(2):
        assert "newsroom" not in watched.get(f"{API}/articles/ferry1", headers=NINJS).json()
        assert "newsroom" in watched.get(f"{API}/articles/ferry1").json()


def test_head_tells_what_get_would(watched: httpx.Client, publish: Publish) -> None:
    publish(article())
    wait_until_sync(lambda: watched.get(f"{API}/articles/ferry1").status_code == 200)
    for _ in range(2):
        head = watched.head(f"{API}/articles/ferry1")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == watched.get(f"{API}/articles/ferry1").headers["etag"]
