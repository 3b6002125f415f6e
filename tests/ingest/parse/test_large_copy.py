"""A megabyte of honest copy is read whole, whatever it comes in, and in time."""

from __future__ import annotations

import html
import json
import time

import pytest

from tests.ingest.parse.reading import one

SENTENCE = "The ferry sailed again on Monday, and the whole of the harbour came out to see it go past the mole. "
PARAGRAPHS = [SENTENCE * 5] * 1_900
TEXT = "\n\n".join(PARAGRAPHS)
HTML = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
BODIES = {
    "plain": f"A long story\n\nMarch 4, 2024\n\n{TEXT}",
    "page": f"<!DOCTYPE html><title>A long story</title><article><h1>A long story</h1>{HTML}</article>",
    "rss": "<rss version='2.0'><channel><item><title>A long story</title>"
    f"<description>{html.escape(HTML)}</description></item></channel></rss>",
    "atom": "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id><title>A long story</title>"
    f"<content type='html'>{html.escape(HTML)}</content></entry></feed>",
    "ninjs": json.dumps({"uri": "a:1", "headline": "A long story", "body_html": HTML}),
    "json-feed": json.dumps(
        {"version": "https://jsonfeed.org/version/1", "items": [{"title": "A long story", "content_html": HTML}]}
    ),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_megabyte_of_body_is_read_whole(body: str) -> None:
    began = time.process_time()
    item = one(body)
    assert (item.headline, item.body_html.count("<p>"), time.process_time() - began < 4) == (
        "A long story",
        1_900,
        True,
    )
