"""Dateline place: where the copy says that it was written, as a place that machines can tell from its namesakes.

It adds two tags, the city (scheme ``geonames``) and its country (scheme ``iso3166``, ISO 3166-1 alpha-2), and the same
two as ninjs places. A name that nothing tells apart is resolved to the largest place of that name, less surely.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.enrich.additions import Additions, Enrich, Enricher
from services.enrich.gazetteer import City, Country, Gazetteer, fold, load_gazetteer
from services.enrich.text import plain_text
from shared.article import Article, Named, Tag

__all__ = ["ENRICHER", "Printed", "printed_place", "resolve"]

NAME = "dateline_place"
CREDIT = re.compile(r"\([^)]*\)|\s[-–—]+\s*$")  # noqa: RUF001 - datelines end in real dashes
LONGEST_DATELINE = 200
READ = 5_000
"""Characters of the story that are searched for the name of a country."""

DECLARED, FROM_TEXT, LARGEST = 95, 80, 50
"""Confidence by what settled it: country in the dateline, country named in the story, nothing but population."""
UNREAD_WITHIN = 30
"""Taken off when the dateline names a region that the gazetteer does not know (*LONDON, Ontario*)."""
RIVAL = 0.25
"""Share of the largest namesake's people that a smaller one needs before the story's countries may choose it: copy
from Paris that speaks of the United States is not from Paris, Texas, but Cambridge may be the one in Massachusetts."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A dateline taken apart: the place, and what it says it is in (a country or a state), if it says."""

    text: str
    place: str
    within: str | None


def printed_place(article: Article) -> Printed | None:
    """Read the place from ``newsroom.dateline`` or, where there is none, from ``located``."""
    dateline = article.newsroom.dateline
    if dateline and dateline.place:
        return Printed(dateline.text, dateline.place, dateline.country)
    text = dateline.text if dateline else article.located or ""
    parts = [part.strip() for part in re.split(r"[,:]", CREDIT.sub("", text[:LONGEST_DATELINE])) if part.strip()]
    if not parts:
        return None
    return Printed(text[:LONGEST_DATELINE], parts[0], parts[-1] if len(parts) > 1 else None)


def resolve(printed: Printed, text: str, gazetteer: Gazetteer) -> tuple[City | None, Country | None, int]:
    """Return the city and country that are meant and how sure that is, from 0 to 100.

    ``Printed.within`` binds: where it names a country that has no such city, only the country is returned.
    """
    name = fold(printed.place)
    cities = gazetteer.cities.get(name) or gazetteer.alternates.get(name) or ()
    within = fold(printed.within or "")
    state, country = gazetteer.states.get(within), gazetteer.country_names.get(within)
    if state and not (country and any(city.country == country for city in cities)):
        cities, country = tuple(c for c in cities if (c.country, c.state) == ("US", state)), "US"
    if country:
        cities = tuple(city for city in cities if city.country == country)
        return next(iter(cities), None), gazetteer.countries[country], DECLARED
    if name in gazetteer.country_names and name not in gazetteer.cities:
        return None, gazetteer.countries[gazetteer.country_names[name]], DECLARED
    city, found_in, confidence = _unaided(cities, text, gazetteer)
    return city, found_in, confidence - UNREAD_WITHIN if city and within else confidence


def _unaided(cities: tuple[City, ...], text: str, gazetteer: Gazetteer) -> tuple[City | None, Country | None, int]:
    """Choose among namesakes: the largest in a country that the story names, else the largest of all."""
    if not cities:
        return None, None, 0
    words = fold(re.sub(r"[^\w.]+", " ", text[:READ]))
    for city in cities:
        country = gazetteer.countries.get(city.country)
        rivals = city.population >= RIVAL * cities[0].population
        if country and rivals and any(f" {name} " in f" {words} " for name in country.names):
            return city, country, FROM_TEXT
    city = cities[0]
    everyone = sum(other.population for other in cities) or 1
    return city, gazetteer.countries.get(city.country), LARGEST + round(30 * city.population / everyone)


def load() -> Enrich:
    """Read the gazetteer."""
    gazetteer = load_gazetteer()

    def find_dateline_place(article: Article) -> Additions:
        printed = printed_place(article)
        if printed is None:
            return Additions()
        city, country, confidence = resolve(printed, plain_text(article), gazetteer)
        return Additions(
            tags=(*_city_tag(printed, city, confidence), *_country_tag(printed, country, confidence)),
            places=(*_city_place(city), *_country_place(country)),
        )

    return find_dateline_place


def _city_tag(printed: Printed, city: City | None, confidence: int) -> tuple[Tag, ...]:
    if city is None:
        return ()
    why = f"dateline “{printed.text}”; {city.name}, {city.country}, population {city.population}"
    return (_tag("geonames", city.code, city.name, confidence, why),)


def _country_tag(printed: Printed, country: Country | None, confidence: int) -> tuple[Tag, ...]:
    return (_tag("iso3166", country.code, country.name, confidence, f"dateline “{printed.text}”"),) if country else ()


def _tag(scheme: str, code: str, name: str, confidence: int, why: str) -> Tag:
    return Tag(scheme=scheme, code=code, name=name, rel="about", confidence=confidence, enricher=NAME, explanation=why)


def _city_place(city: City | None) -> tuple[Named, ...]:
    return (Named(name=city.name, rel="about", uri=f"https://sws.geonames.org/{city.code}/"),) if city else ()


def _country_place(country: Country | None) -> tuple[Named, ...]:
    """The address is the one that the IPTC's own ninjs examples give a country."""
    if country is None:
        return ()
    return (Named(name=country.name, rel="about", uri=f"http://cvx.iptc.org/iso3166-1a2/{country.code.lower()}"),)


ENRICHER = Enricher(name=NAME, version="1", adds=("tags", "places"), load=load, instant=True)
