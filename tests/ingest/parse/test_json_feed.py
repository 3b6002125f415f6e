from __future__ import annotations

import json
from typing import Any

import pytest

from services.ingest.items import Hints, Item
from services.ingest.parse import parse
from tests.ingest.parse.golden import HINTS
from tests.ingest.parse.reading import one, read, refusal

VERSION = "https://jsonfeed.org/version/1.1"


def entry(**members: Any) -> Item:
    return one(json.dumps({"version": VERSION, "items": [{"title": "A story", **members}]}), "application/json")


@pytest.mark.parametrize("version", [VERSION, "https://jsonfeed.org/version/1", "http://www.jsonfeed.org/version/1"])
@pytest.mark.parametrize("content_type", ["application/feed+json", "application/json", "text/plain", None])
def test_a_json_feed_is_told_by_its_version_whatever_it_is_sent_as(version: str, content_type: str | None) -> None:
    document = {"items": [{"id": "a", "title": "A story"}], "version": version}
    assert read(json.dumps(document), content_type).media_type == "application/feed+json"


def test_a_feed_without_its_version_is_believed_to_be_what_it_is_sent_as() -> None:
    assert one('{"items": [{"id": "a", "title": "A story"}]}', "application/feed+json").identity == "a"


def test_ninjs_sent_as_a_json_feed_is_read_as_ninjs() -> None:
    body = '{"uri": "a:1", "headline": "A story"}'
    assert read(body, "application/feed+json").media_type == "application/ninjs+json"


@pytest.mark.parametrize(
    ("members", "identity"),
    [
        ({"id": "a", "url": "https://x.example/a"}, "a"),
        ({"id": 17}, "17"),
        ({"url": "https://x.example/a?utm_source=f"}, "https://x.example/a"),
        ({"id": None}, None),
        ({"id": ["a"]}, None),
    ],
)
def test_an_entry_is_named_by_its_id_or_else_its_address(members: dict[str, Any], identity: str | None) -> None:
    assert entry(**members).identity == identity


def test_html_is_taken_before_text() -> None:
    assert entry(content_text="Plain.", content_html="<p>Marked up.</p>").body_html == "<p>Marked up.</p>"


def test_a_summary_is_the_body_of_an_entry_that_has_no_other() -> None:
    assert (entry(summary="All there is.").body_html, entry(summary="All there is.").summary) == (
        "<p>All there is.</p>",
        "",
    )


def test_the_author_of_1_0_is_read() -> None:
    assert entry(author={"name": "Sam Lee"}).by == "Sam Lee"


def test_the_title_of_the_feed_is_the_provider_when_there_is_no_other() -> None:
    body = json.dumps({"version": VERSION, "title": "Coast FM", "items": [{"id": "a", "title": "A story"}]}).encode()
    hints = Hints(provider="", timezone=HINTS.timezone, timezone_name="x", received=HINTS.received)
    assert parse(body, content_type=None, hints=hints).items[0].provider == "Coast FM"


@pytest.mark.parametrize("items", ["{}", "null", '"a"'])
def test_a_feed_without_a_list_of_items_is_refused(items: str) -> None:
    assert refusal(f'{{"version": "{VERSION}", "items": {items}}}') == "invalid_json_feed"


def test_an_entry_that_cannot_be_used_costs_the_feed_nothing() -> None:
    document = {"version": VERSION, "items": [7, {"id": "a", "title": "A story"}, {"id": "b" * 3_000, "title": "B"}]}
    parsed = read(json.dumps(document))
    assert ([i.identity for i in parsed.items], [w.code for w in parsed.warnings]) == (
        ["a"],
        ["invalid_json_feed", "too_large"],
    )


def test_an_empty_feed_is_a_feed() -> None:
    assert read(json.dumps({"version": VERSION, "items": []})).items == ()
