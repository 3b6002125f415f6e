# ruff: noqa: RUF001 - copy has typographic quotes and other alphabets

from __future__ import annotations

import pytest

from services.enrich.gazetteer import fold, fold_in_place, load_gazetteer
from services.enrich.gazetteer.finding import find_terms
from services.enrich.gazetteer.resolving import Context, resolve_city
from services.enrich.gazetteer.standing import Standing, standing_of

GAZETTEER = load_gazetteer()


def countries(text: str) -> list[str]:
    return [find.term.key for find in find_terms(text, GAZETTEER) if find.term.kind in {"country", "adjective"}]


def city(name: str, within: str | None = None, *, countries: dict[str, float] | None = None) -> str | None:
    found = resolve_city(fold(name), within, Context(countries or {}), GAZETTEER)
    return found.city.code if found else None


@pytest.mark.parametrize(
    ("name", "folded"),
    [("São Paulo", "sao paulo"), ("U.S.", "us"), ("  ST.  JOHN’S ", "st john's"), ("Guinea-Bissau", "guinea bissau")],
)
def test_names_are_looked_up_without_case_accents_and_points(name: str, folded: str) -> None:
    assert fold(name) == folded


@pytest.mark.parametrize("text", ["İstanbul", "ﬃ ß Å", "日本 🏴", "e\u0301", "\U0010ffff"])
def test_folding_moves_no_character(text: str) -> None:
    assert len(fold_in_place(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S.-led talks in South Korea", ["US", "KR"]),
        ("US and U.K. officials", ["US", "GB"]),
        ("JAPAN BEATS GUINEA-BISSAU", ["JP", "GW"]),
        ("Côte d’Ivoire’s president", ["CI"]),
        ("Nigerians and Nigeriens", ["NG", "NE"]),
        ("the Democratic Republic of Congo", ["CD"]),
        ("Türkiye and Bosnia and Herzegovina", ["TR", "BA"]),
        ("French cities", ["FR"]),
        ("President Macron flew to Jordan.", ["JO"]),
    ],
)
def test_countries_and_their_adjectives_are_found(text: str, expected: list[str]) -> None:
    assert countries(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Jordan Henderson and Michael Jordan played",
        "Tom Holland met Chad Smith",
        "He told us to roast a turkey and polish the china",
        "Guinea pigs and French fries",
        "New Mexico and New Jersey",
        "a woman in Romanesque style",
        "She spoke in French.",
        "How to Roast a Turkey",
    ],
)
def test_what_only_sounds_of_a_country_is_left_out(text: str) -> None:
    assert countries(text) == []


@pytest.mark.parametrize(
    ("name", "within", "code"),
    [
        ("NAIROBI", "kenya", "184745"),
        ("KIEV", None, "703448"),
        ("THE HAGUE", None, "2747373"),
        ("Zürich", None, "2657896"),
        ("Cologne", None, "2886242"),
        ("PARIS", "texas", "4717560"),
        ("London", "ontario", "6058560"),
        ("ATLANTA", "ga", "4180439"),
        ("New York", None, "5128581"),
        ("Washington", None, "4140963"),
        ("Odessa", None, "698740"),
        ("Tokyo", "norway", None),
        ("Qwrtz", None, None),
    ],
)
def test_a_city_is_told_from_its_namesakes(name: str, within: str | None, code: str | None) -> None:
    assert city(name, within) == code


def test_a_story_of_one_country_chooses_among_namesakes_of_like_size() -> None:
    assert (city("Cambridge"), city("Cambridge", countries={"US": 1.0})) == ("2653941", "4931972")


def test_a_story_of_one_country_does_not_make_a_capital_a_village() -> None:
    assert city("Paris", countries={"US": 1.0}) == "2988507"


def test_every_country_with_a_capital_has_its_point() -> None:
    without = {code for code, country in GAZETTEER.countries.items() if country.capital is None}
    assert without <= {"AQ", "BQ", "BV", "HM", "PW", "TK", "UM"}


def test_no_id_stands_for_two_regions() -> None:
    regions = {region for named in GAZETTEER.regions.values() for region in named if region.geonames}
    assert len({region.geonames for region in regions}) == len({(r.country, r.division, r.geonames) for r in regions})


@pytest.mark.parametrize(("name", "is_city"), [("Leeds", True), ("LEEDS", True), ("Kiev", False), ("Odede", False)])
def test_a_citys_own_name_is_told_from_another_that_it_goes_by(name: str, is_city: bool) -> None:  # noqa: FBT001
    assert GAZETTEER.is_city(name) is is_city


@pytest.mark.parametrize(
    ("weight", "kinds", "expected"),
    [
        (0.67, {"city"}, Standing.CITY_ONCE),
        (1.1, {"city"}, Standing.CITIES),
        (1.9, {"dateline"}, Standing.EARLY),
        (0.45, {"country"}, Standing.ADJECTIVE),
        (1.0, {"country"}, Standing.ONCE),
        (1.6, {"country", "city"}, Standing.EARLY),
        (3.0, {"city"}, Standing.OFTEN),
    ],
)
def test_a_country_is_put_in_a_class_by_what_speaks_for_it(weight: float, kinds: set[str], expected: Standing) -> None:
    assert standing_of(weight, kinds) is expected
