"""RSS, Atom and JSON Feed: each read back by a reader that is not ours, and held to its format's rules."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from services.publish.feeds.atom import atom_feed
from services.publish.feeds.entry import Channel, Entry, latest_change, moment
from services.publish.feeds.jsonfeed import json_feed
from services.publish.feeds.legal import add, document, legal
from services.publish.feeds.rss import rss_feed
from services.publish.site.jsonld import Picture
from services.publish.store.feeding import Tombstone
from shared.article import Named
from tests.publish.told import CHANNEL, HOSTILE, MINUTE, NOON, complaints, entry, held_to
from tests.publish.written import article

GONE = (Tombstone("dead1", NOON + MINUTE, killed=True), Tombstone("held1", NOON, killed=False))
ATOM = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
BODY = "<p>The ferry sailed at dawn.</p><p>It was full by noon.</p>"


def full() -> Entry:
    facts = {"url": "https://coast.example/é?a=1&b=2", "keywords": ("ports", "Ferries & trams")}
    story = article(
        by="By Mara Lindqvist",
        language="en-AU",
        copyright_notice="© Coastline Radio",
        places=(Named(name="Brayhaven"),),
        newsroom=facts,
    )
    picture = Picture("https://news.example/picture/ferry1.jpg", caption="The quay & the ferry.", credit="Ada Quay")
    return replace(entry(story, modified=NOON + MINUTE), picture=picture)


def read(document: bytes) -> Any:
    feed = feedparser.parse(document)
    assert not feed.bozo, feed.bozo_exception
    return feed


@pytest.mark.parametrize(("write", "version"), [(rss_feed, "rss20"), (atom_feed, "atom10")])
def test_a_feed_reader_reads_what_was_told(write: Any, version: str) -> None:
    feed = read(write(CHANNEL, [full()]))
    (told,) = feed.entries
    assert (feed.version, feed.feed.title, feed.feed.link) == (version, "The Harbour Wire", "https://news.example/")
    assert (told.id, told.link, told.title) == (
        "urn:wireroom:story:ferry1",
        "https://news.example/story/ferry-ferry1",
        "Harbour ferry returns to service after winter refit",
    )
    assert (told.author, told.summary) == ("Mara Lindqvist", "The first crossing left at dawn with forty passengers.")
    assert told.content[0].value == BODY
    assert [tag.term for tag in told.tags] == ["Local", "Brayhaven", "ports", "Ferries & trams"]
    assert told.published_parsed[:5] == (2024, 3, 4, 9, 0)
    assert told.updated_parsed[:5] == (2024, 3, 4, 9, 1)


def test_a_picture_comes_with_its_words() -> None:
    (told,) = read(rss_feed(CHANNEL, [full()])).entries
    assert told.media_content == [
        {"url": "https://news.example/picture/ferry1.jpg", "medium": "image", "type": "image/jpeg"}
    ]
    assert told.media_credit[0]["content"] == "Ada Quay"
    (told,) = read(atom_feed(CHANNEL, [full()])).entries
    assert [link.href for link in told.enclosures] == ["https://news.example/picture/ferry1.jpg"]


def test_json_feed_tells_the_same() -> None:
    (told,) = json.loads(json_feed(CHANNEL, [full()]))["items"]
    assert told == {
        "id": "urn:wireroom:story:ferry1",
        "url": "https://news.example/story/ferry-ferry1",
        "title": "Harbour ferry returns to service after winter refit",
        "summary": "The first crossing left at dawn with forty passengers.",
        "content_html": BODY,
        "date_published": "2024-03-04T09:00:00+00:00",
        "date_modified": "2024-03-04T09:01:00+00:00",
        "authors": [{"name": "Mara Lindqvist"}],
        "tags": ["Local", "Brayhaven", "ports", "Ferries & trams"],
        "language": "en-AU",
        "image": "https://news.example/picture/ferry1.jpg",
    }


@pytest.mark.parametrize(
    "entries", [[], [full()], [entry(article(body="", summary=""))]], ids=["none", "full", "flash"]
)
def test_atom_keeps_the_rules_of_its_rfcs(entries: list[Entry]) -> None:
    assert len(held_to("atom.rng", atom_feed(CHANNEL, entries, GONE)).findall("a:entry", ATOM)) == len(entries)


@pytest.mark.parametrize(
    "entries", [[], [full()], [entry(article(body="", summary=""))]], ids=["none", "full", "flash"]
)
def test_json_feed_keeps_the_rules_of_its_specification(entries: list[Entry]) -> None:
    assert complaints(json_feed(CHANNEL, entries)) == []


def test_every_rss_item_and_channel_has_what_rss_demands() -> None:
    channel = etree.fromstring(rss_feed(CHANNEL, [full(), entry(article(body="", summary=""))]))[0]
    assert [channel.findtext(name) for name in ("title", "link", "description")] == [
        CHANNEL.title,
        CHANNEL.page,
        CHANNEL.description,
    ]
    assert all(item.findtext("title") and item.findtext("description") for item in channel.findall("item"))


def test_the_rules_are_rules() -> None:
    """The schemas refuse what they should: each of these breaks one rule."""
    good = atom_feed(CHANNEL, [full()], GONE)
    for broken in (
        good.replace(b"<updated>2024-03-04T09:01:00+00:00</updated>", b"<updated>2024-03-04T09:01:00</updated>"),
        good.replace(b"<id>urn:wireroom:story:ferry1</id>", b""),
        good.replace(b' when="2024-03-04T09:01:00+00:00"', b""),
        good.replace(b"<author><name>The Harbour Wire</name></author>", b""),
    ):
        assert broken != good
        with pytest.raises(etree.DocumentInvalid):
            held_to("atom.rng", broken)
    feed = json.loads(json_feed(CHANNEL, [full()]))
    feed["items"][0] |= {"date_published": "yesterday", "url": "/story/a"}
    assert len(complaints(json.dumps(feed).encode())) >= 2


def test_a_tombstone_names_the_entry_that_was_and_nothing_else() -> None:
    root = held_to("atom.rng", atom_feed(CHANNEL, [], GONE))
    told = [(stone.get("ref"), stone.get("when")) for stone in root.findall("at:deleted-entry", ATOM)]
    assert told == [
        ("urn:wireroom:story:dead1", "2024-03-04T09:01:00+00:00"),
        ("urn:wireroom:story:held1", "2024-03-04T09:00:00+00:00"),
    ]
    assert root.findtext("a:updated", namespaces=ATOM) == "2024-03-04T09:01:00+00:00"


def test_a_corrected_entry_begins_with_the_notice_that_it_is_one() -> None:
    corrected = entry(modified=NOON + MINUTE, corrected=NOON + MINUTE)
    assert corrected.content == (
        "<p><strong>Correction</strong> This story has been corrected since it was first published.</p>" + BODY
    )


def test_hubs_are_linked_where_there_is_one_and_not_otherwise() -> None:
    without = replace(CHANNEL, hub=None)
    for write in (rss_feed, atom_feed):
        rels = [
            link.get("rel") for link in etree.fromstring(write(CHANNEL, [])).iter("{http://www.w3.org/2005/Atom}link")
        ]
        assert ("self" in rels, "hub" in rels) == (True, True)
        assert b'rel="hub"' not in write(without, [])
    assert json.loads(json_feed(CHANNEL, []))["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    assert "hubs" not in json.loads(json_feed(without, []))


def test_an_empty_feed_says_a_date_that_does_not_move() -> None:
    assert latest_change([]) == moment(0)


@pytest.mark.parametrize("write", [rss_feed, atom_feed])
def test_copy_cannot_break_the_document(write: Any) -> None:
    hostile = entry(article(body=f"<p>{HOSTILE}</p>", by=HOSTILE, copyright_notice=HOSTILE), headline=HOSTILE)
    root = etree.fromstring(write(CHANNEL, [hostile]))
    titles = [node.text or "" for node in root.iter("{*}title")]
    assert titles[1] == legal(HOSTILE)
    assert "]]> <b>&amp;" in titles[1]


def test_copy_cannot_break_json_either() -> None:
    document = json_feed(CHANNEL, [entry(article(body=f"<p>{HOSTILE}</p>"), headline=HOSTILE)])
    assert complaints(document) == []
    assert json.loads(document)["items"][0]["title"] == legal(HOSTILE)


@given(text=st.text(st.characters(codec=None), max_size=30))
def test_any_text_is_written_and_read_back_without_what_xml_forbids(text: str) -> None:
    root = ET.Element("r")
    add(root, "t", text, {"a": text})
    read_back = etree.fromstring(document(root))[0]
    assert (read_back.text or "").replace("\r", "\n") == legal(text).replace("\r\n", "\n").replace("\r", "\n")
    assert read_back.get("a") == legal(text)


def test_the_same_stories_give_the_same_bytes() -> None:
    channel: Channel = CHANNEL
    assert atom_feed(channel, [full()], GONE) == atom_feed(channel, [full()], GONE)
