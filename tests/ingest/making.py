"""Copy and stories for the tests of ingest: invented, and small enough to read in a failure."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from services.ingest.items import Item
from services.ingest.lifecycle.decide import Decision, decide
from services.ingest.lifecycle.state import StoryState
from shared.article import PubStatus

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
URI = "https://harbour.example/ferry"

STORY = Item(
    headline="Ferry returns to Port Ellis",
    body_html="<p>The ferry is back.</p>",
    identity=URI,
    published=NOON - timedelta(hours=2),
)
KILL = Item(headline="", identity=URI, pub_status=PubStatus.CANCELED)
WITHHOLD = Item(headline="", identity=URI, pub_status=PubStatus.WITHHELD)


class ByAda(NamedTuple):
    """What Ada at the desk orders, who may do what no provider can."""

    item: Item


Sent = Item | ByAda


def decided(known: StoryState | None, sent: Sent, *, now: datetime = NOON) -> Decision:
    """Decide on an item of one source's one story."""
    item, operator = (sent.item, "Ada") if isinstance(sent, ByAda) else (sent, "")
    return decide(known, item, source="harbour", uri=URI, now=now, place="bytes", operator=operator)


def after(*items: Sent, now: datetime = NOON) -> StoryState:
    """Return the story's state after these items, a minute apart, the last at ``now``."""
    state: StoryState | None = None
    for ago, item in zip(range(len(items) - 1, -1, -1), items, strict=True):
        state = decided(state, item, now=now - timedelta(minutes=ago)).state or state
    assert state is not None
    return state


def version(number: int, item: Item = STORY, **changes: Any) -> Item:
    """Return a numbered revision with a body of its own."""
    return replace(item, **{"version": number, "body_html": f"<p>Take {number}.</p>", **changes})


def ninjs(**members: Any) -> bytes:
    """Return a ninjs 3.1 text item as pushed."""
    document = {
        "uri": "urn:example:ferry",
        "type": "text",
        "headlines": [{"role": "main", "value": "Ferry returns to Port Ellis"}],
        "bodies": [{"role": "main", "contentType": "text/html", "value": "<p>The ferry is back.</p>"}],
    }
    return json.dumps({**document, **members}).encode()


def rss(*entries: str, title: str = "Harbour Weekly") -> bytes:
    """Return an RSS feed of these entries."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>{title}</title><link>https://harbour.example/</link>
<description>News of the harbour</description>{"".join(entries)}</channel></rss>""".encode()


def entry(guid: str, headline: str = "Ferry returns", text: str = "The ferry is back.") -> str:
    """Return one RSS entry."""
    return (
        f'<item><guid isPermaLink="false">{guid}</guid><title>{headline}</title>'
        f"<description>{text}</description><pubDate>Mon, 04 May 2026 10:00:00 GMT</pubDate></item>"
    )
