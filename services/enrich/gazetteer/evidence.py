"""What in a story points to places: its dateline, the places among its names, and the gazetteer's own finds."""

# ruff: noqa: RUF001 - copy is full of typographic quotes, and they are matched here

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Literal, NamedTuple

from services.enrich.additions import Mention
from services.enrich.copy import Copy
from services.enrich.gazetteer.finding import Find, find_terms
from services.enrich.gazetteer.folding import fold
from services.enrich.gazetteer.places import Gazetteer
from shared.article import Kind, Position

__all__ = ["Evidence", "evidence_of", "within_after"]

WITHIN = re.compile(r",\s+([^\W\d_](?:[^\W\d_]|[.' -]){0,30}?)(?=[,.;:)\s]|$)")
LONG_WITHIN = re.compile(r",\s+((?:[^\W\d_]|\.)+(?: [A-Z][^\W\d_]+){0,2})")
DATELINE, NAME, ADJECTIVE, REGION, CITY = 2.0, 1.0, 0.45, 0.7, 0.7
"""What one mention is worth."""
EARLY = 1.6
"""Times as much in the headline and the first paragraph."""
IN_ORGANISATION, UNSURE = 0.35, 0.3
"""Times as much in the name of an organisation (*Bank of England*), and where it may be something else."""


POSSESSIVE = frozenset({"'s", "’s"})
SHORT = 3
"""*Ga* and *WA* are regions only after a place."""


class Evidence(NamedTuple):
    kind: Literal["country", "region", "city"]
    key: str
    """ISO code of a country, folded name of a region or city."""
    printed: str
    position: Position | None
    """None in the dateline."""
    weight: float
    within: str | None = None
    """Folded: *texas* of ``Paris, Texas``."""
    in_organisation: bool = False


def evidence_of(copy: Copy, gazetteer: Gazetteer) -> list[Evidence]:
    """Return everything that points to a place, the dateline first."""
    named = copy.found.get("names")
    mentions: dict[tuple[str, int], list[Mention]] = {}
    for mention in named.mentions if named else ():
        mentions.setdefault((mention.position.part, mention.position.paragraph), []).append(mention)
    found = [*_of_dateline(copy, gazetteer)]
    found += _of_text(copy.headline, "headline", 0, mentions.get(("headline", 0), []), gazetteer)
    for number, paragraph in enumerate(copy.paragraphs):
        found += _of_text(paragraph, "body", number, mentions.get(("body", number), []), gazetteer)
    return found


def within_after(text: str, end: int, gazetteer: Gazetteer) -> str | None:
    """Return the region or country printed after a place (*Paris, Texas*), folded."""
    for shape in (LONG_WITHIN, WITHIN):
        found = shape.match(text, end)
        words = found[1].split(" ") if found else []
        for count in range(len(words), 0, -1):
            name = fold(" ".join(words[:count]).rstrip("."))
            if text[end + 2 :][:1].isupper() and (gazetteer.regions_named(name) or gazetteer.country_named(name)):
                return name
    return None


def _of_dateline(copy: Copy, gazetteer: Gazetteer) -> Iterator[Evidence]:
    read = copy.found.get("dateline")
    dateline = (read.dateline if read else None) or copy.article.newsroom.dateline
    if dateline is None:
        return
    within = fold(dateline.country) if dateline.country else None
    country = gazetteer.country_named(within) if within else None
    regions = gazetteer.regions_named(within) if within else ()
    if within and country and not (regions and _is_city_of_region(dateline.place, within, gazetteer)):
        yield Evidence("country", country, dateline.country or "", None, DATELINE)
    elif within and regions:
        yield Evidence("region", within, dateline.country or "", None, DATELINE)
    for place in filter(None, [dateline.place, *dateline.also]):
        name = fold(place)
        country = gazetteer.country_named(name)
        if country and not within:
            yield Evidence("country", country, place, None, DATELINE)
        elif name in gazetteer.regions and name not in gazetteer.cities:
            yield Evidence("region", name, place, None, DATELINE)
        elif gazetteer.cities_named(name):
            yield Evidence("city", name, place, None, DATELINE, within if place == dateline.place else None)


def _is_city_of_region(place: str | None, within: str, gazetteer: Gazetteer) -> bool:
    """Tell *ATLANTA, Georgia* from *TBILISI, Georgia*."""
    regions = {(region.country, region.division) for region in gazetteer.regions_named(within)}
    return any((city.country, city.region) in regions for city in gazetteer.cities_named(fold(place or ""))[:1])


def _of_text(
    text: str, part: Literal["headline", "body"], number: int, mentions: list[Mention], gazetteer: Gazetteer
) -> Iterator[Evidence]:
    early = EARLY if part == "headline" or number == 0 else 1.0
    mentions = sorted(mentions, key=lambda mention: mention.position.start)
    starts = [mention.position.start for mention in mentions]
    read: set[int] = set()
    for find in find_terms(text, gazetteer, headline=part == "headline"):
        around = bisect_left(starts, find.end) - 1
        mention = mentions[around] if around >= 0 and mentions[around].position.end > find.start else None
        longer = mention is not None and mention.position.end - mention.position.start > find.end - find.start
        if mention is not None and _is_not_read(mention, find, text, gazetteer, longer=longer):
            continue
        inside = longer and mention is not None and mention.kind is not Kind.PERSON and find.term.kind != "country"
        inside = inside or (longer and mention is not None and mention.kind is Kind.ORGANISATION)
        if mention is not None and not (inside and mention.kind is Kind.PLACE):
            read.add(around)
        worth = (
            early * (IN_ORGANISATION if inside else 1.0) * (UNSURE if find.unsure and not _is_place(mention) else 1.0)
        )
        at = Position(part=part, paragraph=number, start=find.start, end=find.end)
        yield _evidence(find, text, at, worth, gazetteer)._replace(in_organisation=inside)
    for index, mention in enumerate(mentions):
        if mention.kind is Kind.PLACE and index not in read:
            yield _of_mention(mention, text, early, gazetteer)


def _is_not_read(mention: Mention, find: Find, text: str, gazetteer: Gazetteer, *, longer: bool) -> bool:
    """Tell a find in a person's name, in another place's (*New Delhi*), or that is a company's (*Toyota*)."""
    if mention.kind is Kind.PERSON:  # but *Kenya's Odede*
        return not (longer and text[find.end : find.end + 2] in POSSESSIVE)
    if mention.kind is Kind.ORGANISATION:
        return not longer and find.term.kind == "city"
    name = fold(mention.name)
    return longer and find.term.kind != "country" and (name in gazetteer.cities or name in gazetteer.regions)


def _is_place(mention: Mention | None) -> bool:
    return mention is not None and mention.kind is Kind.PLACE


def _of_mention(mention: Mention, text: str, worth: float, gazetteer: Gazetteer) -> Evidence:
    name = fold(mention.name)
    within = within_after(text, mention.position.end, gazetteer)
    country = gazetteer.country_named(name)
    if country and name not in gazetteer.regions and not within:
        return Evidence("country", country, mention.name, mention.position, NAME * worth)
    after_place = text[: mention.position.start].endswith(", ")
    is_region = name in gazetteer.regions and (len(name) > SHORT or after_place) and not within
    kind: Literal["region", "city"] = "region" if is_region else "city"
    return Evidence(kind, name, mention.name, mention.position, CITY * worth, within)


def _evidence(find: Find, text: str, at: Position, worth: float, gazetteer: Gazetteer) -> Evidence:
    kind, key = find.term
    weight = {"country": NAME, "adjective": ADJECTIVE, "region": REGION, "city": CITY}[kind] * worth
    printed = text[find.start : find.end]
    within = within_after(text, find.end, gazetteer) if kind in {"city", "country"} else None
    if kind == "country" and within and gazetteer.regions_named(within) and fold(printed) in gazetteer.cities:
        return Evidence("city", fold(printed), printed, at, weight, within)  # *Lebanon, Ohio*
    if kind == "country" and fold(printed) in gazetteer.regions:  # *Scotland* and *Georgia* are both
        return Evidence("region", fold(printed), printed, at, weight)
    told: Literal["country", "region", "city"] = "country" if kind == "adjective" else kind
    return Evidence(told, key, printed, at, weight, within)
