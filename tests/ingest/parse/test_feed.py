from __future__ import annotations

import pytest

from services.ingest.items import Hints, Item
from services.ingest.parse import parse
from shared.article import PubStatus
from tests.ingest.parse.golden import HINTS
from tests.ingest.parse.reading import one, read, refusal

ATOM = "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:at='http://purl.org/atompub/tombstones/1.0'>{}</feed>"


def rss_item(inner: str) -> Item:
    return one(f"<rss version='2.0'><channel><link>https://x.example/</link><item>{inner}</item></channel></rss>")


@pytest.mark.parametrize(
    ("inner", "identity", "url"),
    [
        ("<guid isPermaLink='false'>n-1</guid><link>/a</link>", "n-1", "https://x.example/a"),
        ("<guid>https://x.example/b</guid>", "https://x.example/b", "https://x.example/b"),
        ("<guid>n-2</guid>", "n-2", None),
        ("<link>https://x.example/c?utm_source=rss</link>", "https://x.example/c", "https://x.example/c"),
        ("", None, None),
    ],
)
def test_an_entry_is_named_by_its_guid_or_else_its_link(inner: str, identity: str | None, url: str | None) -> None:
    item = rss_item(f"<title>A story</title>{inner}")
    assert (item.identity, item.url) == (identity, url)


def test_a_deleted_entry_kills_the_entry_of_that_id() -> None:
    entry = "<entry><id>story-1</id><title>A story</title></entry>"
    tombstone = "<at:deleted-entry ref='story-1' when='2024-03-04T05:00:00Z'/>"
    story, kill = read(ATOM.format(entry + tombstone)).items
    assert (kill.identity, kill.pub_status) == (story.identity, PubStatus.CANCELED)


def test_the_name_of_an_entry_does_not_hang_on_where_the_feed_was_fetched() -> None:
    body = ATOM.format("<entry><id>story-1</id><title>A story</title></entry>").encode()
    moved = Hints(
        provider="x", timezone=HINTS.timezone, timezone_name="x", received=HINTS.received, url="https://y.example/f"
    )
    assert parse(body, content_type=None, hints=moved).items[0].identity == "story-1"


def test_a_literal_title_keeps_what_looks_like_a_tag() -> None:
    title = "<title type='text'>The &lt;b&gt; key broke</title>"
    assert one(ATOM.format(f"<entry><id>a</id>{title}</entry>")).headline == "The <b> key broke"


def test_the_title_of_the_feed_names_nobody_when_the_source_is_configured() -> None:
    feed = "<rss version='2.0'><channel><title>Latest!</title><item><title>A story</title></item></channel></rss>"
    assert one(feed).provider is None


def test_the_title_of_the_feed_is_the_provider_when_there_is_no_other() -> None:
    feed = b"<rss version='2.0'><channel><title>Latest!</title><item><title>A story</title></item></channel></rss>"
    hints = Hints(provider="", timezone=HINTS.timezone, timezone_name="x", received=HINTS.received)
    assert parse(feed, content_type=None, hints=hints).items[0].provider == "Latest!"


def test_an_empty_feed_is_a_feed() -> None:
    assert read("<rss version='2.0'><channel><title>Quiet</title></channel></rss>").items == ()


def test_a_feed_that_stops_in_the_middle_gives_its_whole_entries_and_a_warning() -> None:
    whole = "<item><guid>a</guid><title>Whole</title></item>"
    parsed = read(f"<rss version='2.0'><channel>{whole}<item><guid>b</guid><title>Half a")
    assert ([i.headline for i in parsed.items], [w.code for w in parsed.warnings]) == (["Whole"], ["feed_cut_off"])


@pytest.mark.parametrize(
    "feed",
    [
        "<rss version='2.0'><channel><item><title>Bread & butter</title></item></channel></rss>",
        "<rss version='2.0'><channel><item><title>Bread &nbsp; butter</title></item></channel></rss>",
        "<rss version='2.0'><channel><item><title>Bread\x0b butter</title></item></channel></rss>",
        "<rss version='2.0'><channel><item><title>Bread <b>butter</title></item></channel></rss>",
        "<rss version='2.0'><channel><item><title>Bread, butter</title></item></channel>",
        "<rss version='2.0'><channel><item><guid isPermaLink=false>a</guid><title>Bread</title></item></channel></rss>",
    ],
    ids=["ampersand", "entity of html", "control character", "unclosed tag", "unclosed root", "bare attribute"],
)
def test_what_can_be_had_of_an_ill_formed_feed_is_had_and_said_to_be_repaired(feed: str) -> None:
    item = one(feed)
    assert ("Bread" in item.headline, item.assumptions[-1].code) == (True, "markup_repaired")


def test_an_ill_formed_feed_that_gives_no_entry_says_so() -> None:
    parsed = read("<rss version='2.0'><channel><title>a & b</title></channel></rss>")
    assert (parsed.items, [w.code for w in parsed.warnings]) == ((), ["invalid_xml"])


def test_ill_formed_xml_too_large_to_repair_is_refused() -> None:
    assert refusal("<rss><channel><title>a & b</title>" + "<item/>" * 200_000, "text/xml") == "invalid_xml"
