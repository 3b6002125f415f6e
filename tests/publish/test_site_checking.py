"""What a crawl finds wrong with one page, given what the store says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.publish.checking.findings import Finding, in_list, in_story, missing
from services.publish.checking.truth import Truth
from shared.article import PubStatus

NOON = 1_709_553_600_000
LIVE = Truth("ferry1", 1, PubStatus.USABLE, "/story/ferry-sails-ferry1", "Ferry & crew sail", NOON, NOON, None)
KILLED = Truth("quake1", 2, PubStatus.CANCELED, "/story/quake1", "", 0, NOON, None)
WITHHELD = Truth("heldup1", 3, PubStatus.WITHHELD, "/story/heldup1", "", 0, NOON, None)
KNOWN = {truth.story_id: truth for truth in (LIVE, KILLED, WITHHELD)}


def codes(found: Any) -> list[tuple[str, str]]:
    return [(finding.code, finding.story_id) for finding in found]


def page(headline: str = "Ferry &amp; crew sail", **dates: str) -> str:
    data = {"@type": "NewsArticle", "datePublished": "2024-03-04T12:00:00Z", "dateModified": "2024-03-04T12:00:00Z"}
    told = json.dumps({**data, **dates})
    return f'<h1 dir="auto">{headline}</h1><script type="application/ld+json">{told}</script>'


def test_a_list_may_link_to_what_is_live_alone() -> None:
    text = "".join(f'<a href="/story/some-words-{name}">x</a>' for name in ("ferry1", "quake1", "heldup1", "nobody1"))
    assert codes(in_list("/", text, KNOWN)) == [("ghost", "heldup1"), ("ghost", "nobody1"), ("ghost", "quake1")]


def test_what_a_list_lacks_is_named() -> None:
    assert list(missing("/feed.xml", {"a"}, ["a", "b"])) == [Finding("missing", "/feed.xml", "b")]


def test_a_page_as_the_store_says_is_right() -> None:
    assert list(in_story(LIVE, 200, page())) == []


@pytest.mark.parametrize(
    ("status", "text", "code"),
    [
        (404, "", "missing"),
        (200, page(headline="Ferry sails"), "stale"),
        (200, page(datePublished="2024-03-04T12:00:05Z"), "wrong_date"),
        (200, page(dateModified="yesterday"), "wrong_date"),
        (200, "<h1>Ferry &amp; crew sail</h1>", "unreadable"),
    ],
)
def test_a_page_that_the_store_contradicts_is_found(status: int, text: str, code: str) -> None:
    assert codes(in_story(LIVE, status, text)) == [(code, "ferry1")]


@pytest.mark.parametrize(("truth", "right"), [(KILLED, 410), (WITHHELD, 404)], ids=["killed", "withheld"])
@pytest.mark.parametrize("status", [200, 404, 410, 503])
def test_a_story_off_the_site_has_its_own_answer(truth: Truth, right: int, status: int) -> None:
    assert [code for code, _ in codes(in_story(truth, status, ""))] == ([] if status == right else ["ghost"])
