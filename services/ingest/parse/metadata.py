"""What a page says of itself to machines: JSON-LD, OpenGraph, meta elements, ``time``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import html as lxml_html

from services.ingest.parse.page_pictures import Declared, declared_picture
from services.ingest.parse.text import bounded, plain, same_words

__all__ = ["Metadata", "keyword_list", "language_tag", "read_metadata"]

ARTICLE_TYPES = re.compile(r"(?:\w*NewsArticle|Article|\w*BlogPosting|Report|ReportageNewsArticle|LiveBlogPosting)")
MOST_NODES = 2_000
BYLINE_CLASS = "//*[contains(concat(' ', normalize-space(@class), ' '), ' byline ')]"
LONGEST_SCRIPT = 1 << 20
TITLE_PARTS = re.compile(r"\s+[|\u2013—·»-]\s+|\s*[|»]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Every value is one clean line, None where the page does not say."""

    headline: str | None = None
    title_alone: bool = False
    """Nothing but ``title`` gives the headline."""
    site: str | None = None
    published: str | None = None
    modified: str | None = None
    by: str | None = None
    summary: str | None = None
    language: str | None = None
    canonical: str | None = None
    base: str | None = None
    copyright_notice: str | None = None
    keywords: tuple[str, ...] = ()
    picture: Declared | None = None


def language_tag(text: str | None) -> str | None:
    """Return a BCP 47 tag that looks like one, else None."""
    tag = (text or "").strip().replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", tag) else None


def read_metadata(tree: lxml_html.HtmlElement, ld_json: list[str]) -> Metadata:
    """Read a page's own account of itself; JSON-LD first, since it is written for this and nothing else."""
    meta, node = _meta(tree), _article(ld_json)
    h1 = _first(tree, "//h1")
    title, title_site = _title_and_site(_first(tree, "//title"), h1)
    graph_title = meta.get("og:title") or meta.get("twitter:title")
    site = meta.get("og:site_name") or _name(node.get("publisher")) or meta.get("application-name") or title_site
    declared = _text(node.get("headline")) or _without_site(graph_title, site)
    return Metadata(
        headline=declared or title or h1,
        title_alone=declared is None and h1 is None,
        site=bounded(site, 200),
        published=_text(node.get("datePublished")) or _date(tree, meta, "published") or _time(tree),
        modified=_text(node.get("dateModified")) or _date(tree, meta, "modified"),
        by=_name(node.get("author")) or meta.get("author") or _author_element(tree),
        summary=_text(node.get("description")) or meta.get("og:description") or meta.get("description"),
        language=language_tag(_text(node.get("inLanguage")) or tree.get("lang") or meta.get("og:locale")),
        canonical=_attribute(tree, "//link[@rel='canonical']/@href") or meta.get("og:url") or _text(node.get("url")),
        base=_attribute(tree, "//base/@href"),
        copyright_notice=_text(node.get("copyrightNotice")) or meta.get("copyright"),
        keywords=keyword_list(node.get("keywords") or meta.get("news_keywords") or meta.get("keywords")),
        picture=declared_picture(node.get("image"), meta),
    )


def _article(scripts: list[str]) -> dict[str, Any]:
    for script in scripts:
        if len(script) > LONGEST_SCRIPT:
            continue
        try:
            document = json.loads(script.strip().removesuffix(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(document):
            types = node.get("@type")
            names = types if isinstance(types, list) else [types]
            if any(isinstance(name, str) and ARTICLE_TYPES.fullmatch(name) for name in names):
                return node
    return {}


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    waiting, seen = [document], 0
    while waiting and seen < MOST_NODES:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            yield node
            waiting.extend(v for k, v in node.items() if k in {"@graph", "mainEntity"})


def _meta(tree: lxml_html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        content = _text(element.get("content"))
        if name and content:
            found.setdefault(name, content)
    return found


def _text(value: Any) -> str | None:
    return bounded(plain(value[:4_000]), 1_000) if isinstance(value, str) else None


def _name(value: Any) -> str | None:
    """Return the names of schema.org persons or organisations."""
    if isinstance(value, list):
        names = [name for item in value[:10] if not isinstance(item, list) and (name := _name(item))]
        return ", ".join(names) or None
    return _text(value.get("name") if isinstance(value, dict) else value)


def keyword_list(value: Any) -> tuple[str, ...]:
    """Return keywords from a list or from a line with commas, each once and of bounded length."""
    words = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    clean = (bounded(word, 80) for word in words[:100] if isinstance(word, str))
    return tuple(dict.fromkeys(word for word in clean if word))[:20]


def _date(tree: lxml_html.HtmlElement, meta: dict[str, str], which: str) -> str | None:
    prop = {"published": "datepublished", "modified": "datemodified"}[which]
    names = (f"article:{which}_time", f"og:{which}_time", prop, *(("date", "pubdate") if which == "published" else ()))
    for name in names:
        if meta.get(name):
            return meta[name]
    for element in tree.iter():
        if str(element.get("itemprop", "")).lower() == prop:
            return _text(element.get("datetime") or element.get("content") or element.text_content())
    return None


def _time(tree: lxml_html.HtmlElement) -> str | None:
    """Return the first ``time`` at or after the main heading: those above it are of other stories."""
    heading_seen = tree.find(".//h1") is None
    for element in tree.iter("h1", "time"):
        if element.tag == "h1":
            heading_seen = True
        elif heading_seen:
            return _text(element.get("datetime") or element.text_content())
    return _text(next((t.get("datetime") or t.text_content() for t in tree.iter("time")), None))


def _author_element(tree: lxml_html.HtmlElement) -> str | None:
    named = (_first(tree, path) for path in ("//*[@rel='author']", "//*[@itemprop='author']", BYLINE_CLASS))
    return next((name for name in named if name and len(name) <= 100), None)


def _first(tree: lxml_html.HtmlElement, path: str) -> str | None:
    found = tree.xpath(path)
    return _text(found[0].text_content()) if isinstance(found, list) and found else None


def _attribute(tree: lxml_html.HtmlElement, path: str) -> str | None:
    found = tree.xpath(path)
    return _text(str(found[0])) if isinstance(found, list) and found else None


def _title_and_site(title: str | None, h1: str | None) -> tuple[str | None, str | None]:
    """Take ``Headline - Site`` apart; by the heading when there is one, else at the last separator."""
    parts = TITLE_PARTS.split(title) if title else []
    if not title or len(parts) < 2:
        return h1 or title, None
    if h1:
        others = [part for part in parts if not same_words(part, h1)]
        if len(others) == len(parts):
            return h1, None
        # Older sites make a heading of their own name, above that of the story.
        if len(others) == 1 and len(h1.split()) <= 5 and len(others[0].split()) > len(h1.split()):
            return others[0], h1
        return h1, others[-1] if others else None
    site = parts[-1]
    return title[: title.rindex(site)].rstrip(" |\u2013—·»-"), site


def _without_site(title: str | None, site: str | None) -> str | None:
    parts = TITLE_PARTS.split(title) if title and site else []
    if title and site and len(parts) > 1 and same_words(parts[-1], site):
        return title[: title.rindex(parts[-1])].rstrip(" |\u2013—·»-")
    return title
