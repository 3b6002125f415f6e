"""Stories as feeds are given them, without a store, and the rules that feeds are held against."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from lxml import etree

from services.publish.feeds.entry import Channel, Entry, entry_of
from services.publish.site.story_view import StoryView, view_of
from services.publish.store.reading import Teaser
from shared.article import Article
from tests.publish.written import START, article

__all__ = ["BASE", "CHANNEL", "HOSTILE", "MINUTE", "NOON", "complaints", "entry", "held_to", "view"]

SCHEMAS = Path(__file__).parent / "schemas"
BASE = "https://news.example"
NOON = int(START.timestamp() * 1000)
MINUTE = 60_000
HOSTILE = "Harbour ]]> <b>&amp;\x00\x0b\x1b\x7f\x85 \ud800 \udfff \ufffe\uffff \U0001f6a2 <!-- <?x ?> \u202e done"
"""What copy may hold: XML's own marks, and characters that no XML document may have."""
CHANNEL = Channel(
    title="The Harbour Wire",
    description="News from the quay.",
    language="en-AU",
    site_name="The Harbour Wire",
    page=f"{BASE}/",
    address=f"{BASE}/feed",
    hub="https://hub.example/",
)


def view(story: Article | None = None, **teaser: Any) -> StoryView:
    """Return the story as its page shows it; ``teaser`` replaces what the store made of it."""
    story = story or article()
    told = {
        "story_id": story.newsroom.story_id,
        "number": 1,
        "slug": "ferry",
        "section": "local",
        "headline": story.headline,
        "summary": story.summary,
        "provider": story.newsroom.provider,
        "urgency": None,
        "published": NOON,
        "day": None,
        "modified": NOON,
        "corrected": None,
    }
    return view_of(Teaser(**{**told, **teaser}), story)


def entry(story: Article | None = None, **teaser: Any) -> Entry:
    return entry_of(view(story, **teaser), BASE)


def held_to(schema: str, document: bytes) -> etree._Element:
    """Return the document, which keeps the rules of the schema: a ``.rng`` or a ``.xsd``.

    Raises:
        lxml.etree.DocumentInvalid: it does not, and where.
    """
    rules = etree.parse(SCHEMAS / schema)
    checker = etree.RelaxNG(rules) if schema.endswith(".rng") else etree.XMLSchema(rules)
    root = etree.fromstring(document)
    checker.assertValid(root)
    return root


def complaints(document: bytes | str, schema_file: str = "jsonfeed.json") -> list[str]:
    """Return in what a JSON document breaks the rules, formats of addresses and dates among them."""
    schema = json.loads((SCHEMAS / schema_file).read_text())
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.message for error in checker.iter_errors(json.loads(document))]
