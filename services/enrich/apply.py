"""Merging findings into the article. Pure: the same findings in the same order give the same article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic.alias_generators import to_camel

from services.enrich.additions import Additions, Finding, Found
from shared.article import Applied, Article, Dateline, Description, Enrichment, Kind, Named, Skipped, Subject, Tag

__all__ = ["CREATOR", "apply", "emptied", "with_tags"]

R = TypeVar("R", Applied, Skipped)

CREATOR = "urn:wireroom:enricher:"
LEAST_SURE = 40
"""Confidence under which a tag stays ours alone: a reader of plain ninjs sees no confidence of people and places."""

ADDRESSES = {
    "mediatopic": "http://cv.iptc.org/newscodes/mediatopic/{}",
    "geonames": "https://sws.geonames.org/{}/",
    "iso3166": "http://cvx.iptc.org/iso3166-1a2/{}",
    "wikidata": "http://www.wikidata.org/entity/{}",
}
"""Where the codes of a scheme are defined; the IPTC's own ninjs examples give topics and countries these addresses."""


def apply(article: Article, findings: Sequence[Finding]) -> Article:
    """Return the article with what was found, and with who found it or was skipped.

    What the copy already says stands: a declared language, dateline, summary, word count or keyword list is never
    replaced, and tags are added to those that are there. Among findings the first to say something wins.
    """
    if not findings:
        return article
    before = _open(article)
    for finding in findings:
        if isinstance(finding, Found):
            article = _add(article, finding.additions)
    record = _record(article.newsroom.enrichment, findings)
    filled = (*record.filled, *(name for name in before if name not in _open(article)))
    record = record.model_copy(update={"filled": filled})
    return article.model_copy(update={"newsroom": article.newsroom.model_copy(update={"enrichment": record})})


def emptied(article: Article) -> Article:
    """Return the article without what enrich filled in: as open as the copy left it. Its tags are another matter."""
    filled = set(article.newsroom.enrichment.filled)
    outside: dict[str, Any] = {name: None for name in ("language", "slugline") if name in filled}
    if "descriptions" in filled:
        outside["descriptions"] = ()
    empty: dict[str, Any] = {"keywords": (), "dateline": None, "word_count": None, "reading_minutes": None}
    inside = {name: value for name, value in empty.items() if to_camel(name) in filled} | {"enrichment": Enrichment()}
    return article.model_copy(update=outside | {"newsroom": article.newsroom.model_copy(update=inside)})


def _open(article: Article) -> list[str]:
    """Name the members that may be filled and are not."""
    newsroom = article.newsroom
    values = {
        "language": article.language,
        "slugline": article.slugline,
        "descriptions": article.descriptions or None,
        "keywords": newsroom.keywords or None,
        "dateline": newsroom.dateline,
        "wordCount": newsroom.word_count,
        "readingMinutes": newsroom.reading_minutes,
    }
    return [name for name, value in values.items() if value is None]


def with_tags(article: Article, tags: Sequence[Tag]) -> Article:
    """Return the article with these tags too, in our own list and, as far as ninjs has a place for them, in ninjs'."""
    newsroom = article.newsroom
    told = [tag for tag in tags if tag.confidence >= LEAST_SURE]
    return article.model_copy(
        update={
            "subjects": _with_new(article.subjects, map(_subject, _of(Kind.TOPIC, told)), _named_key),
            "people": _with_new(article.people, map(_named, _of(Kind.PERSON, told)), _named_key),
            "organisations": _with_new(article.organisations, map(_named, _of(Kind.ORGANISATION, told)), _named_key),
            "places": _with_new(article.places, map(_named, _of(Kind.PLACE, told)), _named_key),
            "newsroom": newsroom.model_copy(update={"tags": _with_new(newsroom.tags, tags, _tag_key)}),
        }
    )


def _add(article: Article, additions: Additions) -> Article:
    newsroom = article.newsroom
    told: dict[str, Any] = {
        "word_count": _first(newsroom.word_count, additions.word_count),
        "reading_minutes": _first(newsroom.reading_minutes, additions.reading_minutes),
        "dateline": _dateline(newsroom.dateline, additions.dateline),
        "keywords": newsroom.keywords or additions.keywords,
    }
    described: dict[str, Any] = {}
    if additions.summary and not article.descriptions:
        described["descriptions"] = (Description(value=additions.summary),)
    article = article.model_copy(
        update={
            "language": article.language or additions.language,
            "slugline": article.slugline or additions.slugline,
            "newsroom": newsroom.model_copy(update=told),
            **described,
        }
    )
    return with_tags(article, additions.tags)


def _dateline(taken: Dateline | None, read: Dateline | None) -> Dateline | None:
    """Keep the dateline that ingest took out of the body; who wrote the copy and when may be added to it."""
    if taken is None or not taken.place or read is None:
        return read or taken
    told = {name: getattr(read, name) for name in ("country", "agency", "date", "also")}
    return taken.model_copy(update={name: value for name, value in told.items() if value and not getattr(taken, name)})


def _first(declared: int | None, found: int | None) -> int | None:
    return found if declared is None else declared


def _of(kind: Kind, tags: Iterable[Tag]) -> list[Tag]:
    return [tag for tag in tags if tag.kind is kind]


def _named(tag: Tag) -> Named:
    return Named(name=tag.name, rel=tag.rel, uri=_address(tag))


def _subject(tag: Tag) -> Subject:
    return Subject(
        name=tag.name,
        rel=tag.rel,
        uri=_address(tag),
        literal=None if _address(tag) else tag.code,
        creator=f"{CREATOR}{tag.enricher}:{tag.version}".replace(" ", "-"),
        relevance=tag.relevance,
        confidence=tag.confidence,
    )


def _address(tag: Tag) -> str | None:
    if tag.code is None or tag.scheme not in ADDRESSES:
        return None
    code = tag.code.removeprefix("medtop:")
    return ADDRESSES[tag.scheme].format(code.lower() if tag.scheme == "iso3166" else code)


def _with_new(there: tuple[Any, ...], found: Iterable[Any], key: Any) -> tuple[Any, ...]:
    known = {key(item) for item in there}
    added = []
    for item in found:
        if key(item) not in known:
            known.add(key(item))
            added.append(item)
    return (*there, *added)


def _tag_key(tag: Tag) -> tuple[str, str, str]:
    return tag.scheme, tag.code or tag.name.casefold(), tag.kind


def _named_key(named: Named | Subject) -> str:
    """A provider's *Tokyo* and our own are one place to a reader, whatever the one or the other calls it by."""
    return named.name.casefold()


def _record(before: Enrichment, findings: Sequence[Finding]) -> Enrichment:
    """Name every enricher once; entries of names that are not among these findings are kept."""
    applied = [Applied(name=f.name, version=f.version) for f in findings if isinstance(f, Found)]
    skipped = [f for f in findings if isinstance(f, Skipped)]
    ours = {finding.name for finding in findings}
    return before.model_copy(
        update={
            "applied": (*_others(before.applied, ours), *applied),
            "skipped": (*_others(before.skipped, ours), *skipped),
        }
    )


def _others(records: Iterable[R], ours: set[str]) -> list[R]:
    return [record for record in records if record.name not in ours]
