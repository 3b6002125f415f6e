"""What the gazetteer knows of a place, and looking one up by its folded name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from services.enrich.gazetteer.folding import fold

__all__ = ["City", "Country", "Gazetteer", "Region", "Term"]


class City(NamedTuple):
    code: str
    """GeoNames id."""
    name: str
    country: str
    """ISO 3166-1 alpha-2."""
    region: str
    """GeoNames' first-order division; in the USA the postal code of the state."""
    population: int
    lat: float
    lon: float
    own_name: bool
    """Asked for by its own name, not by another one that it goes by."""


class Country(NamedTuple):
    code: str
    """ISO 3166-1 alpha-2."""
    name: str
    geonames: str | None
    capital: tuple[float, float] | None
    """Latitude and longitude of the capital; None where there is none, or none that GeoNames has among cities."""


class Region(NamedTuple):
    name: str
    country: str | None
    """ISO 3166-1 alpha-2; a continent or a sea has none."""
    division: str | None
    """GeoNames' code of a first-order division within the country."""
    geonames: str | None


class Term(NamedTuple):
    """A name that is looked for in every text."""

    kind: Literal["country", "adjective", "region", "city"]
    key: str
    """A country's ISO code, or the folded name of a region or city."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    countries: Mapping[str, Country]
    regions: Mapping[str, tuple[Region, ...]]
    """By folded name; *Georgia* is one too, beside the country."""
    terms: Mapping[str, Term]
    phrases: Mapping[str, tuple[str, ...]]
    """The terms by their first word, longest first."""
    cities: Mapping[str, tuple[int, ...]]
    """Rows by folded name."""
    rows: Sequence[str]
    """Cities as the data file has them, largest first: a tenth of what they would take taken apart."""

    def cities_named(self, name: str) -> list[City]:
        """Return the cities of a folded name, largest first."""
        name = name.removeprefix("the ") if name not in self.cities else name
        return [self._city(row, name) for row in self.cities.get(name, ())]

    def country_named(self, name: str) -> str | None:
        """Return the ISO code of the country of a folded name; adjectives are none."""
        term = self.terms.get(name.removeprefix("the "))
        return term.key if term and term.kind == "country" else None

    def regions_named(self, name: str) -> tuple[Region, ...]:
        """Return the regions of a folded name."""
        return self.regions.get(name.removeprefix("the "), ())

    def is_city(self, name: str) -> bool:
        """Tell whether a name, as copy has it, is a city's own, and not one that it also goes by."""
        return any(city.own_name for city in self.cities_named(fold(name)))

    def _city(self, row: int, asked: str) -> City:
        _, code, name, country, region, population, lat, lon, _ = self.rows[row].split("\t")
        own = fold(name) in {asked, f"{asked} city"}
        return City(code, name, country, region, int(population), float(lat), float(lon), own)
