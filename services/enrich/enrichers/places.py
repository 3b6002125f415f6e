"""Places: cities, regions and countries, each told from its namesakes, with GeoNames id, country and coordinates.

Read are the places among the names that ``names`` found, the dateline, and the gazetteer's own finds: countries, their
adjectives, regions and well-known cities. Every city and every adjective speaks for its country; a country becomes a
tag when enough does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.enrich.additions import Additions, Cost, Enrich, Enricher, Mention, each
from services.enrich.copy import Copy
from services.enrich.gazetteer import Country, Gazetteer, Region, load_gazetteer
from services.enrich.gazetteer.evidence import Evidence, evidence_of
from services.enrich.gazetteer.resolving import Context, Resolved, resolve_city
from services.enrich.gazetteer.standing import CONFIDENCE, standing_of
from shared.article import Kind, Point, Position, Tag
from shared.places import as_written

__all__ = ["ENOUGH", "ENRICHER", "find_places", "places_seen"]

NAME, VERSION = "places", "2"
MOST_POSITIONS, MOST_WORDS = 20, 4
ENOUGH = 0.5
"""Evidence from which a country becomes a tag."""
LEAST = 33
"""Countries of a class that is right less than one time in three are not told."""
UNKNOWN, REGION = 45, 80
"""Confidence in a place that the gazetteer does not have, and in a region."""


Meant = Resolved | Region | Country | str
"""What a name stands for; a name alone where the gazetteer has no such place."""


@dataclass(slots=True)
class Seen:
    """All that a story says of one place."""

    positions: list[Position] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    count: int = 0
    weight: float = 0.0
    dateline: bool = False
    kinds: set[str] = field(default_factory=set)
    """Of evidence: dateline, country, region, city."""

    def add(self, item: Evidence, weight: float) -> None:
        """Count one mention."""
        self.weight += weight
        self.kinds.add("dateline" if item.position is None else item.kind)
        if item.printed not in self.words and len(self.words) < MOST_WORDS:
            self.words.append(item.printed)
        if item.position is None:
            self.dateline = True
        else:
            self.count += 1
            if len(self.positions) < MOST_POSITIONS:
                self.positions.append(item.position)

    @property
    def relevance(self) -> int:
        """Return how much the story is about it: where it stands, and how often."""
        told = {(p.part, p.paragraph == 0) for p in self.positions}
        at = 35 * (("headline", True) in told) + 20 * (("body", True) in told) + 15 * self.dateline
        return min(100, 20 + at + 6 * self.count)

    @property
    def about(self) -> bool:
        """Return whether the story is about it or only names it."""
        return self.dateline or self.count > 2 or any(p.part == "headline" or not p.paragraph for p in self.positions)


def find_places(copy: Copy, gazetteer: Gazetteer) -> Additions:
    """Return the places of a story as tags, cities and regions first."""
    tags = [_tag(meant, told) for meant, told in places_seen(copy, gazetteer).items()]
    ordered = sorted(filter(None, tags), key=lambda tag: (tag.scheme == "iso3166", -tag.relevance))
    return Additions(tags=tuple(ordered), mentions=tuple(_mentions(ordered, copy)))


def places_seen(copy: Copy, gazetteer: Gazetteer) -> dict[Meant, Seen]:
    """Return every place that a story speaks of, those too that too little speaks for."""
    evidence = evidence_of(copy, gazetteer)
    context = _context(evidence, gazetteer)
    # A name means one place throughout a story: what is printed with it once (*Paris, Texas*) holds everywhere.
    within = {item.key: item.within for item in evidence if item.within}
    seen: dict[Meant, Seen] = {}
    for item in evidence:
        meant, country, sure = _meant(item, within.get(item.key), context, gazetteer)
        if meant is not None and not item.in_organisation:
            seen.setdefault(meant, Seen()).add(item, item.weight)
        if country is not None:
            seen.setdefault(gazetteer.countries[country], Seen()).add(item, item.weight * sure)
    return seen


def _meant(
    item: Evidence, within: str | None, context: Context, gazetteer: Gazetteer
) -> tuple[Meant | None, str | None, float]:
    """Return the city or region that is meant, if one is, and the country that it speaks for and how surely."""
    if item.kind == "country":
        return None, item.key, 1.0
    if item.kind == "region":
        region = _region(item.key, context, gazetteer)
        return (None if region.country == "GE" else region), region.country, 1.0
    resolved = resolve_city(item.key, within, context, gazetteer)
    if resolved is None:
        return as_written(item.printed), None, 0.0
    return resolved, resolved.city.country, 0.6 + 0.4 * resolved.sure


def _context(evidence: Iterable[Evidence], gazetteer: Gazetteer) -> Context:
    """Weigh the countries of the story by what needs no telling apart: countries' names, adjectives, regions."""
    weights: dict[str, float] = {}
    regions: list[Region] = []
    for item in evidence:
        if item.kind == "country":
            weights[item.key] = weights.get(item.key, 0) + item.weight
        elif item.kind == "region":
            for region in gazetteer.regions_named(item.key)[: None if item.key != "georgia" else 0]:
                regions.append(region)
                if region.country:
                    weights[region.country] = weights.get(region.country, 0) + item.weight
        elif item.kind == "city" and not item.within:
            top = gazetteer.cities_named(item.key)[:2]
            if top and (len(top) == 1 or top[0].population > 20 * top[1].population):
                weights[top[0].country] = weights.get(top[0].country, 0) + item.weight / 2
    total = sum(weights.values()) or 1.0
    return Context({code: weight / total for code, weight in weights.items()}, regions)


def _region(name: str, context: Context, gazetteer: Gazetteer) -> Region:
    found = gazetteer.regions_named(name)
    return max(found, key=lambda region: context.countries.get(region.country or "", 0.0))


def _tag(meant: Meant, told: Seen) -> Tag | None:
    words = ", ".join(f"“{word}”" for word in told.words)
    if isinstance(meant, Resolved):
        city = meant.city
        known = {"country": city.country, "point": _point((city.lat, city.lon))}
        sure = round(30 + 67 * meant.sure)
        return _made("geonames", city.code, city.name, told, sure, explanation=f"{words}; {meant.why}", **known)
    if isinstance(meant, Region):
        scheme = "geonames" if meant.geonames else "name"
        return _made(scheme, meant.geonames, meant.name, told, REGION, explanation=words, country=meant.country)
    if isinstance(meant, str):
        return _made("name", None, meant, told, UNKNOWN, explanation=f"{words}; not in the gazetteer")
    sure = CONFIDENCE[standing_of(told.weight, told.kinds)]
    if told.weight < ENOUGH or sure < LEAST:
        return None
    known = {"country": meant.code, "point": _point(meant.capital)}
    return _made(
        "iso3166", meant.code, meant.name, told, sure, explanation=f"{words}; GeoNames {meant.geonames}", **known
    )


def _point(at: tuple[float, float] | None) -> Point | None:
    return Point(lat=at[0], lon=at[1]) if at else None


def _made(scheme: str, code: str | None, name: str, told: Seen, confidence: int, **known: Any) -> Tag:
    return Tag(
        scheme=scheme,
        code=code,
        name=name,
        kind=Kind.PLACE,
        rel="about" if told.about else "mention",
        relevance=told.relevance,
        confidence=confidence,
        positions=tuple(told.positions),
        enricher=NAME,
        version=VERSION,
        **known,
    )


def _mentions(tags: Iterable[Tag], copy: Copy) -> Iterable[Mention]:
    """Yield where places stand, once each: a city goes before the country that it speaks for."""
    told: set[tuple[str, int, int]] = set()
    for tag in tags:
        for at in tag.positions:
            if (at.part, at.paragraph, at.start) not in told:
                told.add((at.part, at.paragraph, at.start))
                text = copy.headline if at.part == "headline" else copy.paragraphs[at.paragraph]
                yield Mention(Kind.PLACE, text[at.start : at.end], at, tag.name)


def load() -> Enrich:
    """Read the gazetteer."""
    gazetteer = load_gazetteer()
    return each(lambda copy: find_places(copy, gazetteer))


ENRICHER = Enricher(
    name=NAME, version=VERSION, adds=("tags", "mentions"), load=load, cost=Cost.LIGHT, after=("dateline", "names")
)
