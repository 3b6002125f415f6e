"""A story as its page shows it: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from services.publish.excerpt import first_words
from services.publish.sanitise import clean_html, plain, safe_url
from services.publish.slug import story_path
from services.publish.store.reading import Teaser
from shared.article import Article, Association

__all__ = ["Credit", "StoryView", "body_with_dateline", "dateline_text", "view_of"]

MOST_TAGS = 12
MOST_OTHERS = 12
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Credit:
    """A provider by name, and the page of its copy where there is one."""

    name: str
    url: str | None


@dataclass(frozen=True, slots=True)
class StoryView:
    teaser: Teaser
    path: str
    uri: str
    standfirst: str
    """The copy's own summary: the teaser's may be the first words of the body, which would then stand here twice."""
    body: Markup
    byline: str
    provider: str
    source_url: str | None
    language: str | None
    minutes: int | None
    words: int | None
    tags: tuple[str, ...]
    dateline: str
    copyright_notice: str
    also_from: tuple[Credit, ...]
    """Other providers that carried the same text."""
    pictures: tuple[Association, ...] = ()
    """As the article has them; a page shows them through the filter ``pictures``."""

    @property
    def updated(self) -> bool:
        return self.teaser.modified > self.teaser.published


def view_of(teaser: Teaser, article: Article) -> StoryView:
    """Return the page's story. The body is sanitised here once more: this is the last gate before a browser."""
    newsroom = article.newsroom
    dateline = dateline_text(article)
    language = article.language or ""
    return StoryView(
        teaser=teaser,
        path=story_path(teaser.slug, teaser.story_id),
        uri=plain(article.uri),
        standfirst=_standfirst(article),
        body=body_with_dateline(clean_html(article.body_html), dateline),
        byline=re.sub(r"^by\s+", "", plain(article.by), flags=re.IGNORECASE),
        provider=teaser.provider,
        source_url=safe_url(newsroom.url),
        language=language if _LANGUAGE.fullmatch(language) else None,
        minutes=newsroom.reading_minutes,
        words=newsroom.word_count,
        tags=_tags(article),
        dateline=dateline,
        copyright_notice=plain(article.copyright_notice),
        also_from=_also_from(article, teaser.provider),
        pictures=article.pictures,
    )


def _standfirst(article: Article) -> str:
    """Return the summary, unless the story begins with it: enrich proposes the first sentence where there is none."""
    summary = plain(article.summary)
    return "" if plain(first_words(article.body_html)).startswith(summary) else summary


def dateline_text(article: Article) -> str:
    """Return the dateline in our style, ``TOKYO, Japan``, or as printed where the place was not told."""
    dateline = article.newsroom.dateline
    if dateline is None:
        return ""
    if not dateline.place:
        return plain(dateline.text)
    country = plain(dateline.country)
    return plain(dateline.place).upper() + (f", {country}" if country else "")


def body_with_dateline(body: str, dateline: str) -> Markup:
    """Return the body, sanitised before, with its dateline as a bold lead-in to the first paragraph."""
    if not dateline or not body:
        return Markup(body)  # noqa: S704 - sanitised by the caller, as the name of the module's gate says
    lead_in = Markup('<strong class="dateline">{}</strong> \u2014 ').format(dateline)
    if body.startswith("<p>"):
        return Markup("<p>") + lead_in + Markup(body.removeprefix("<p>"))  # noqa: S704 - as above
    return Markup("<p>") + lead_in + Markup("</p>") + Markup(body)  # noqa: S704 - as above


def _also_from(article: Article, provider: str) -> tuple[Credit, ...]:
    """Return the other providers, each once, in the order in which their copies came."""
    others: dict[str, Credit] = {}
    for other in article.newsroom.also_from:
        name = plain(other.provider)
        if name and name != provider:
            others.setdefault(name, Credit(name, safe_url(other.url)))
    return tuple(others.values())[:MOST_OTHERS]


def _tags(article: Article) -> tuple[str, ...]:
    """Return what the story is about, most so first: the copy's own places, tags, keywords; each once."""
    newsroom = article.newsroom
    found = newsroom.tags
    ours = {tag.name for tag in found}
    names: Iterable[str] = (
        *(place.name for place in article.places if place.rel != "mention" and place.name not in ours),
        *(tag.name for tag in sorted(found, key=lambda tag: -tag.relevance) if tag.rel == "about"),
        *newsroom.keywords,
    )
    seen: dict[str, str] = {}
    for name in map(plain, names):
        if 0 < len(name) <= 60:
            seen.setdefault(name.casefold(), name)
    return tuple(seen.values())[:MOST_TAGS]
