"""Reading the gazetteer's data files."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from services.enrich.gazetteer.folding import fold
from services.enrich.gazetteer.places import Country, Gazetteer, Region, Term

__all__ = ["load_gazetteer"]

DATA = Path(__file__).parent.parent / "data" / "places"
SHORT = 3
LOOKED_FOR = 250_000
"""People from which a city is looked for in every text; smaller ones are where names have been found."""

OFTEN_OTHER = """
nice reading mobile lincoln charlotte lancaster victoria jackson madison austin dallas orlando aurora irving leon
valencia florence bath split tours bari buffalo phoenix columbus arlington anderson jordan surrey salem norman
franklin troy tema bobo goma maria merida trinidad union soledad puebla surat bursa mission young independence male
kent hull derby central man most police batman moroni chandler gilbert garland glendale enterprise kingston stamford
hamilton newport mason mandela mary moreno nelson dalton ferrari newton henderson cali queens mercedes apple
"""
NOT_LOOKED_FOR = frozenset({*OFTEN_OTHER.split(), "santa maria", "san jose", "san juan", "santa cruz"})
"""Names of cities that are as often something else: they count where names were found to be places."""

NICKNAMES = {
    "washington": "4140963",
    "washington dc": "4140963",
    "washington d c": "4140963",
    "new york": "5128581",
    "kiev": "703448",
    "gaza": "281133",
    "st petersburg": "498817",
    "st louis": "4407066",
    "rio": "3451190",
}
"""Names that mean one city before all others, by GeoNames id."""

STATES = (
    "AL Ala|AZ Ariz|AR Ark|CA Calif|CO Colo|CT Conn|DE Del|FL Fla|GA Ga|IL Ill|IN Ind|KS Kan|KY Ky|LA La|MD Md|MA Mass"
    "|MI Mich|MN Minn|MS Miss|MO Mo|MT Mont|NE Neb|NV Nev|NH N.H.|NJ N.J.|NM N.M.|NY N.Y.|NC N.C.|ND N.D.|OK Okla"
    "|OR Ore|PA Pa|RI R.I.|SC S.C.|SD S.D.|TN Tenn|TX Tex|VT Vt|VA Va|WA Wash|WV W.Va.|WI Wis|WY Wyo"
)
"""States as agencies shorten them after a place; the names in full come from GeoNames."""


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """Read the data files (half a second); the enrichers of a process share one."""
    lines = gzip.decompress((DATA / "geonames.tsv.gz").read_bytes()).decode().split("\n")
    rows = [line for line in lines if line.startswith("C\t")]
    others = [line.split("\t") for line in lines if not line.startswith("C\t")]
    cities = _cities(rows)
    known = {iso: (code, _point(*more[2:])) for kind, code, iso, *more in others if kind == "N"}
    capitals = {fold(more[1]) for kind, _, _, *more in others if kind == "N" and more[1]}
    states = {iso: Region(more[0], "US", iso, code) for kind, code, iso, *more in others if kind == "S"}
    countries, terms = _countries(known)
    regions = _regions(states)
    regions["georgia"] = (Region("Georgia", "GE", None, None), *regions["georgia"])
    for name in regions:
        if len(name) > SHORT and name not in NICKNAMES:  # *Ga* and *WA* mean something after a place alone
            terms.setdefault(name, Term("region", name))
    for name, numbers in cities.items():
        if name not in NOT_LOOKED_FOR and (name in capitals or _is_large(rows, numbers, name)):
            terms.setdefault(name, Term("city", name))
    return Gazetteer(
        countries=countries,
        regions=regions,
        terms=terms,
        phrases=_by_first_word(terms),
        cities=cities,
        rows=rows,
    )


def _cities(rows: list[str]) -> dict[str, tuple[int, ...]]:
    cities: dict[str, tuple[int, ...]] = {}
    by_code: dict[str, int] = {}
    for number, row in enumerate(rows):
        _, code, name, *_, others = row.split("\t")
        by_code[code] = number
        for known in dict.fromkeys([fold(name), *filter(None, others.split(";"))]):
            cities[known] = (*cities.get(known, ()), number)
    for name, code in NICKNAMES.items():
        if code in by_code:
            cities[name] = tuple(dict.fromkeys([by_code[code], *cities.get(name, ())]))
    return cities


def _is_large(rows: list[str], numbers: tuple[int, ...], name: str) -> bool:
    """Tell a city that is written of everywhere, by its own name and not by one that it also goes by."""
    fields = rows[numbers[0]].split("\t")
    known = name in NICKNAMES or fold(fields[2]) in {name, f"{name} city"}
    return int(fields[5]) >= LOOKED_FOR and known and len(name) > SHORT


def _point(lat: str, lon: str) -> tuple[float, float] | None:
    return (float(lat), float(lon)) if lat else None


def _countries(known: dict[str, tuple[str, tuple[float, float] | None]]) -> tuple[dict[str, Country], dict[str, Term]]:
    countries: dict[str, Country] = {}
    terms: dict[str, Term] = {}
    for code, names, adjectives in _table("countries.tsv"):
        spoken = names.split(";")
        countries[code] = Country(code, spoken[0], *known.get(code, (None, None)))
        for adjective in filter(None, adjectives.split(";")):
            terms.update(dict.fromkeys([fold(adjective), f"{fold(adjective)}s"], Term("adjective", code)))
        for name in spoken:
            terms.update(dict.fromkeys(_spellings(name), Term("country", code)))
    return countries, terms


def _spellings(name: str) -> set[str]:
    folded = fold(name)
    spellings = {folded, folded.replace("saint ", "st "), folded.replace(" and ", " & ")}
    return spellings | ({" ".join(folded)} if name.isupper() and len(name) <= 4 else set())  # u s: as *U.S.* is folded


def _regions(states: dict[str, Region]) -> dict[str, tuple[Region, ...]]:
    regions: dict[str, tuple[Region, ...]] = {}
    for name, country, division, code, others in _table("regions.tsv"):
        region = Region(name, *(None if value == "-" else value for value in (country, division, code)))
        for known in filter(None, [name, *others.split(";")]):
            regions[fold(known)] = (*regions.get(fold(known), ()), region)
    shortened = [pair.split(" ") for pair in STATES.split("|")]
    spoken = [*((code, state.name) for code, state in states.items()), *((code, code) for code in states), *shortened]
    for code, name in spoken:
        known = fold(name)
        if states[code] not in regions.get(known, ()):
            regions[known] = (*regions.get(known, ()), states[code])
    return regions


def _by_first_word(terms: Iterable[str]) -> dict[str, tuple[str, ...]]:
    phrases: dict[str, list[str]] = {}
    for term in terms:
        phrases.setdefault(term.split(" ")[0], []).append(term)
    return {word: tuple(sorted(found, key=len, reverse=True)) for word, found in phrases.items()}


def _table(name: str) -> Iterator[list[str]]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")
