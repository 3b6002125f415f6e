from __future__ import annotations

import pytest

from tests.ingest.parse.reading import one

SITE, HEADLINE, DATE = "Coastal FM", "Ferry operator to trial two electric boats", "Mar 04, 2024"
COPY = (
    "HOBART: Australia: The operator has announced plans to trial two boats. However, Danish",
    "Captain Astrid Holm voiced doubts about the timetable for them both.",
    "“We shall see,” she said, and went back to her yard in the north of the island.",
)
BODY = (
    "<p>The operator has announced plans to trial two boats. However, Danish Captain Astrid Holm voiced doubts about"
    " the timetable for them both.</p>\n<p>“We shall see,” she said, and went back to her yard in the north of the"
    " island.</p>"
)
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in COPY)
NAV = '<nav><a href="/">Home</a> <a href="/news">News</a></nav>'
FOOT = (
    "<div class='fb-comments'>Facebook Comment</div><a href='#'>top</a><footer>© 2024 <a href='/'>Privacy</a></footer>"
)
HEAD = f"<title>{HEADLINE} - {SITE}</title>"
LINES = f"<p>{SITE}</p><p>{HEADLINE}</p><p>{DATE}</p>"
SHAPES = {
    "title and heading": f"{HEAD}{NAV}<h1>{HEADLINE}</h1><p>{DATE}</p>{PARAGRAPHS}{FOOT}",
    "title is the site": f"<title>{SITE}</title>{NAV}{LINES}{PARAGRAPHS}{FOOT}",
    "heading is the site": f"{HEAD}<h1>{SITE}</h1><h2>{HEADLINE}</h2><i>{DATE}</i>{PARAGRAPHS}",
    "line breaks": f"<title>{SITE}</title><div>{SITE}</div><h1>{HEADLINE}</h1><div>{DATE}</div>"
    + "<br><br>".join(COPY),
    "preformatted": "<pre>" + "\n\n".join((SITE, HEADLINE, DATE, *COPY, "Facebook Comment\ntop")) + "</pre>",
    "article": f"{HEAD}<article><h1>{HEADLINE}</h1><time>{DATE}</time>{PARAGRAPHS}</article>{FOOT}",
    "no head at all": f"<p>{SITE}</p><p>{HEADLINE}</p><p>{DATE}</p>{PARAGRAPHS}<p>Facebook Comment<br>top</p>",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_page_is_the_same_story_however_it_is_built(shape: str) -> None:
    item = one(f"<!DOCTYPE html><html><body>{SHAPES[shape]}</body></html>", "text/html; charset=utf-8")
    found = (item.provider, item.headline, item.body_html, item.dateline and item.dateline.place, str(item.published))
    assert found == (SITE, HEADLINE, BODY, "Hobart", "2024-03-04 00:00:00+11:00")


def test_short_lists_and_subheadings_are_copy() -> None:
    item = one(f"<html><h1>{HEADLINE}</h1>{PARAGRAPHS}<h3>The boats</h3><ul><li>one</li><li>two</li></ul>{PARAGRAPHS}")
    assert "<h3>The boats</h3>\n<ul><li>one</li><li>two</li></ul>" in item.body_html


def test_a_layout_class_that_sounds_like_furniture_does_not_cost_the_copy() -> None:
    item = one(f"<html><h1>{HEADLINE}</h1><div class='layout sidebar'><form>{PARAGRAPHS}</form></div></html>")
    assert item.body_html == BODY


def test_a_canonical_link_to_the_front_page_is_no_identity() -> None:
    page = f"<html><link rel='canonical' href='https://x.example/'><h1>{HEADLINE}</h1>{PARAGRAPHS}</html>"
    assert one(page).identity is None


def test_json_ld_that_is_broken_costs_nothing() -> None:
    page = f"<html><script type='application/ld+json'>{{'x': [</script><h1>{HEADLINE}</h1>{PARAGRAPHS}</html>"
    assert one(page).headline == HEADLINE
