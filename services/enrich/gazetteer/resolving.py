"""Telling a place from its namesakes."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from services.enrich.gazetteer.places import City, Gazetteer, Region

__all__ = ["Context", "Resolved", "regions_and_country", "resolve_city"]

OF_THE_COUNTRY, OF_THE_REGION = 1.3, 2.2
"""What a story that is all about one country, or that names the state, is worth against population, in powers of ten:
it moves *London* to Ontario when Canada alone is spoken of, and *Paris* to Texas only when Texas is."""
OTHER_NAME = 0.5
SURE_BY = 1.0
"""The lead over the next namesake from which more lead says nothing more."""
FAR_KNOWN = 300_000


@dataclass(frozen=True, slots=True)
class Context:
    """What a story says of where it is."""

    countries: Mapping[str, float] = field(default_factory=dict)
    """ISO code to its share of what points to countries, together 1."""
    regions: Collection[Region] = ()


class Resolved(NamedTuple):
    city: City
    sure: float
    """From 0 to 1."""
    why: str


def regions_and_country(within: str, gazetteer: Gazetteer) -> tuple[tuple[Region, ...], str | None]:
    """Read the name after a place (*Texas*, *Ga*, *Japan*) as regions and as a country; *Georgia* is both."""
    return gazetteer.regions_named(within), gazetteer.country_named(within)


def resolve_city(name: str, within: str | None, context: Context, gazetteer: Gazetteer) -> Resolved | None:
    """Return the city that a folded name means; None where nobody knows one, or none within what the copy names."""
    cities = gazetteer.cities_named(name)
    if within:
        regions, country = regions_and_country(within, gazetteer)
        inside = [city for city in cities if _is_within(city, regions, country)]
        if inside:
            return Resolved(inside[0], 1.0, f"printed with “{within.title()}”")
        if country or any(region.country for region in regions):
            return None
    if not cities:
        return None
    scored = sorted(((_score(city, context), -number) for number, city in enumerate(cities)), reverse=True)
    best = cities[-scored[0][1]]
    lead = scored[0][0] - scored[1][0] if len(scored) > 1 else SURE_BY * 2
    share = context.countries.get(best.country, 0.0)
    known = 0.55 if best.population > FAR_KNOWN else 0.45
    sure = min(1.0, known + 0.3 * min(lead, SURE_BY) + 0.25 * min(1.0, 2 * share))
    why = f"the story speaks of {gazetteer.countries[best.country].name}" if share else "the largest of that name"
    return Resolved(best, sure, f"{why}, population {best.population}")


def _is_within(city: City, regions: tuple[Region, ...], country: str | None) -> bool:
    return city.country == country or any(_in_region(city, region) for region in regions)


def _in_region(city: City, region: Region) -> bool:
    return region.country == city.country and region.division in {None, city.region}


def _score(city: City, context: Context) -> float:
    score = math.log10(city.population + 1_000) + OF_THE_COUNTRY * context.countries.get(city.country, 0.0)
    if any(region.division and _in_region(city, region) for region in context.regions):
        score += OF_THE_REGION * (context.countries.get(city.country, 0.0) or 0.5)
    return score if city.own_name else score - OTHER_NAME
