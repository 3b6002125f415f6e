"""Slugline: what a desk would call the story, in the style of the wires, where the copy has no slugline of its own.

``NATO-JAPAN/OFFICE``: who or what, where, and after the stroke what sets it apart from others of the kind. It is a
proposal: the same findings always give the same one.
"""

# ruff: noqa: RUF001 - copy is full of typographic quotes, and they are matched here

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from services.enrich.additions import Additions, Cost, Enrich, Enricher, each
from services.enrich.copy import Copy
from shared.article import Kind, Tag

__all__ = ["ENRICHER", "find_slugline"]

LONGEST = 40
LONGEST_WORD = 16
ABOUT = 45
"""Relevance from which a name is what the story is about: in the headline, or in the lead and again."""
PLACED = 30
"""Relevance from which a story is filed under a place."""
SHORTEST_DETAIL = 4
STEM = 5
"""Letters in which two words are alike."""
LEAST_SURE = 45
TOPICS = {
    "medtop:01000000": "ARTS",
    "medtop:02000000": "CRIME",
    "medtop:03000000": "DISASTER",
    "medtop:04000000": "ECONOMY",
    "medtop:05000000": "EDUCATION",
    "medtop:06000000": "ENVIRONMENT",
    "medtop:07000000": "HEALTH",
    "medtop:08000000": "PEOPLE",
    "medtop:09000000": "LABOUR",
    "medtop:10000000": "LIFESTYLE",
    "medtop:11000000": "POLITICS",
    "medtop:12000000": "RELIGION",
    "medtop:13000000": "SCIENCE",
    "medtop:14000000": "SOCIETY",
    "medtop:15000000": "SPORT",
    "medtop:16000000": "CONFLICT",
    "medtop:17000000": "WEATHER",
}
SMALL = frozenset({"A", "AN", "AND", "AT", "DE", "DEL", "FOR", "IN", "OF", "ON", "THE", "TO"})
COUNTRIES = {"United States": "USA", "United Kingdom": "BRITAIN", "United Arab Emirates": "UAE"}


def find_slugline(copy: Copy) -> Additions:
    """Return a slugline, unless the copy has one or too little is known of it."""
    if (copy.article.slugline or "").strip():
        return Additions()
    tags = [tag for found in copy.found.values() for tag in found.tags if tag.confidence >= LEAST_SURE]
    keywords = copy.found["keyphrases"].keywords if "keyphrases" in copy.found else ()
    where = next(_places(tags), None)
    whom = next((word for word in _names(tags) if word != where), None)
    topic = next((TOPICS[tag.code] for tag in _best(tags, Kind.TOPIC) if tag.code in TOPICS), None)
    said = [word for word in (whom or topic, where) if word]
    headline = " ".join(_words(copy.headline))
    details = [word for word in _details(keywords, tags) if not _is_said(word, said)]
    details.sort(key=lambda word: f" {word} " not in f" {headline} ")
    detail = next(iter(details), topic if whom else None)
    if len(said) + bool(detail) < 2 or not said:
        return Additions()
    slugline = "-".join(said)
    if detail and len(slugline) + 1 + len(detail) <= LONGEST:
        slugline = f"{slugline}/{detail}"
    return Additions(slugline=slugline)


def _is_said(word: str, said: Iterable[str]) -> bool:
    """Tell whether a word is there already, or is one for the people of a place that is: *AFRICAN* beside *AFRICA*."""
    return any(word[:STEM] == other[:STEM] for other in said)


def _best(tags: Iterable[Tag], *kinds: Kind) -> list[Tag]:
    """Return tags of these kinds, most relevant first, in the order of their enrichers where they are alike."""
    return sorted((tag for tag in tags if tag.kind in kinds), key=lambda tag: -tag.relevance)


def _names(tags: list[Tag]) -> Iterator[str]:
    """Yield a word for each body and person that the story is about: *NATO*, *WORLDBANK*, *KISHIDA*."""
    for tag in _best(tags, Kind.ORGANISATION, Kind.PERSON):
        if tag.relevance >= ABOUT:
            words = _words(tag.name)
            word = words[-1] if tag.kind is Kind.PERSON and words else _of_body(words)
            if len(word) > 1:
                yield word


def _of_body(words: list[str]) -> str:
    """Return the body's name in one word, or the initials of a long one."""
    whole = "".join(words)
    if len(words) > 2 and len(whole) > LONGEST_WORD // 2:
        return "".join(word[0] for word in words)[:LONGEST_WORD]
    return whole if len(whole) <= LONGEST_WORD else words[0][:LONGEST_WORD]


def _places(tags: list[Tag]) -> Iterator[str]:
    """Yield a word for each country, then for each other place; a country is what other desks file by."""
    places = [tag for tag in _best(tags, Kind.PLACE) if tag.rel == "about" or tag.relevance >= PLACED]
    for tag in sorted(places, key=lambda tag: (tag.rel != "about", tag.scheme != "iso3166")):
        word = COUNTRIES.get(tag.name) or "".join(_words(tag.name))
        if word:
            yield word[:LONGEST_WORD]


def _details(keywords: Iterable[str], tags: list[Tag]) -> Iterator[str]:
    """Yield the last word of each keyphrase that is no name: *liaison office* as *OFFICE*."""
    named = {word for tag in tags if tag.kind is not Kind.TOPIC for word in _words(tag.name)}
    for keyword in keywords:
        words = _words(keyword)
        if words and words[-1] not in named and SHORTEST_DETAIL <= len(words[-1]) <= LONGEST_WORD:
            yield words[-1]


def _words(name: str) -> list[str]:
    """Return a name's words in capitals of ASCII; letters that have no such form are left out."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'")).encode("ascii", "ignore").decode()
    return [word for word in re.findall(r"[A-Z0-9]+", re.sub(r"[.'&-]", "", plain).upper()) if word not in SMALL]


def load() -> Enrich:
    """There is no model."""
    return each(find_slugline)


ENRICHER = Enricher(
    name="slugline",
    version="1",
    adds=("slugline",),
    load=load,
    cost=Cost.INSTANT,
    after=("names", "places", "topics", "keyphrases"),
)
