"""Who and what a story is about, and who and what it only mentions, in the words of schema.org. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.publish.sanitise import plain, safe_url
from shared.article import Article, Kind, Named, Tag
from shared.uris import as_uri

__all__ = ["Subjects", "subjects_of"]

Subjects = tuple[list[dict[str, Any]], list[dict[str, Any]]]
"""What it is about; what it mentions."""
MOST = 12
LEAST_CONFIDENCE = 40
MEDIA_TOPICS = "http://cv.iptc.org/newscodes/mediatopic/"
TYPES = {Kind.PERSON: "Person", Kind.ORGANISATION: "Organization", Kind.PLACE: "Place", Kind.TOPIC: "Thing"}
# A code becomes part of an address only where it is what its scheme's codes are.
_CODES = {
    "mediatopic": (re.compile(r"(?:medtop:)?([0-9]{8})"), MEDIA_TOPICS),
    "geonames": (re.compile(r"([0-9]{1,9})"), "https://sws.geonames.org/"),
    "wikidata": (re.compile(r"(Q[0-9]{1,12})"), "http://www.wikidata.org/entity/"),
}
_Found = tuple[Kind, bool, dict[str, Any]]


def subjects_of(article: Article, pages: Mapping[tuple[Kind, str], str] | None = None) -> Subjects:
    """Return both lists, most relevant first, each name once and at most twelve to a list.

    ``pages`` gives the absolute address of the site's own page by kind and name, small letters all, where there is one.
    """
    about: dict[tuple[Kind, str], dict[str, Any]] = {}
    mentions: dict[tuple[Kind, str], dict[str, Any]] = {}
    for kind, is_about, thing in _found(article):
        key = (kind, thing["name"].casefold())
        if not thing["name"] or key in about or key in mentions:
            continue
        page = (pages or {}).get(key)
        (about if is_about else mentions)[key] = {**thing, "url": page} if page else thing
    return list(about.values())[:MOST], list(mentions.values())[:MOST]


def _found(article: Article) -> Iterator[_Found]:
    tags = sorted(article.newsroom.tags, key=lambda tag: (tag.rel != "about", -tag.relevance))
    for tag in tags:
        if tag.confidence >= LEAST_CONFIDENCE:
            yield tag.kind, tag.rel == "about", _of_tag(tag)
    yield from _declared(Kind.PLACE, article.places)
    yield from _declared(Kind.PERSON, article.people)
    yield from _declared(Kind.ORGANISATION, article.organisations)


def _of_tag(tag: Tag) -> dict[str, Any]:
    thing: dict[str, Any] = {"@type": TYPES[tag.kind], "name": plain(tag.name)}
    pattern, prefix = _CODES.get(tag.scheme, (None, ""))
    code = pattern.fullmatch(tag.code or "") if pattern else None
    if code and tag.scheme == "mediatopic":
        thing |= {"@type": "DefinedTerm", "termCode": f"medtop:{code[1]}", "inDefinedTermSet": MEDIA_TOPICS}
    if code:
        slash = "/" if tag.scheme == "geonames" else ""
        thing["sameAs"] = f"{prefix}{code[1]}{slash}"
    if tag.scheme == "iso3166" and tag.code:
        thing |= {"@type": "Country", "identifier": plain(tag.code)}
    if tag.point:
        thing["geo"] = {"@type": "GeoCoordinates", "latitude": tag.point.lat, "longitude": tag.point.lon}
    return thing


def _declared(kind: Kind, names: Iterable[Named]) -> Iterator[_Found]:
    for named in names:
        thing = {"@type": TYPES[kind], "name": plain(named.name)}
        address = as_uri(safe_url(named.uri) or "")
        yield kind, named.rel != "mention", {**thing, "sameAs": address} if address else thing
