# ruff: noqa: RUF001 - copy has typographic quotes and other alphabets

from __future__ import annotations

import pytest

from services.enrich.additions import Enrich
from services.enrich.enrichers import dateline_place
from services.enrich.gazetteer import fold
from shared.article import Article, Dateline
from tests.enrich.stories import story


@pytest.fixture(scope="module")
def find() -> Enrich:
    return dateline_place.ENRICHER.load()


def codes(find: Enrich, article: Article) -> dict[str, str | None]:
    return {tag.scheme: tag.code for tag in find(article).tags}


def written_in(place: str, country: str | None = None, **members: str) -> Article:
    dateline = Dateline(text=f"{place}: {country}", place=place, country=country)
    return story(**{"headline": "", "body": "", **members}, dateline=dateline)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "country", "city", "iso"),
    [
        ("NAIROBI", "Kenya", "184745", "KE"),
        ("TOKYO", "Japan", "1850147", "JP"),
        ("Zürich", "Switzerland", "2657896", "CH"),
        ("SAO PAULO", "Brazil", "3448439", "BR"),
        ("KIEV", "Ukraine", "703448", "UA"),
        ("THE HAGUE", "Netherlands", "2747373", "NL"),
        ("LONDON", "England", "2643743", "GB"),
        ("SEOUL", "South Korea", "1835848", "KR"),
        ("PARIS", "Texas", "4717560", "US"),
        ("ATLANTA", "Ga.", "4180439", "US"),
        ("ATLANTA", "Georgia", "4180439", "US"),
        ("TBILISI", "Georgia", "611717", "GE"),
    ],
)
def test_a_place_with_its_country_or_state_is_that_place(
    find: Enrich, place: str, country: str, city: str, iso: str
) -> None:
    assert codes(find, written_in(place, country)) == {"geonames": city, "iso3166": iso}


@pytest.mark.parametrize(("place", "city"), [("PARIS", "2988507"), ("LONDON", "2643743"), ("NEW YORK", "5128581")])
def test_a_bare_name_is_the_largest_place_of_that_name(find: Enrich, place: str, city: str) -> None:
    assert codes(find, written_in(place))["geonames"] == city


def test_the_countries_of_the_story_choose_among_namesakes_of_like_size(find: Enrich) -> None:
    article = written_in("CAMBRIDGE", body="<p>The mayor said that the United States would follow.</p>")
    assert codes(find, article) == {"geonames": "4931972", "iso3166": "US"}


def test_the_countries_of_the_story_do_not_make_a_capital_a_village(find: Enrich) -> None:
    article = written_in("PARIS", body="<p>Talks with the United States went on.</p>")
    assert codes(find, article)["iso3166"] == "FR"


def test_a_country_that_has_no_such_city_leaves_the_country(find: Enrich) -> None:
    assert codes(find, written_in("TOKYO", "Norway")) == {"iso3166": "NO"}


def test_a_dateline_that_is_a_country_gives_the_country(find: Enrich) -> None:
    assert codes(find, written_in("JAPAN")) == {"iso3166": "JP"}


@pytest.mark.parametrize("place", ["ABOARD THE FERRY", "-", "…", "Qwrtz"])
def test_a_place_that_nobody_knows_gives_nothing(find: Enrich, place: str) -> None:
    assert find(written_in(place)).tags == ()


def test_copy_without_a_dateline_gives_nothing(find: Enrich) -> None:
    assert find(story()).tags == ()


@pytest.mark.parametrize("located", ["Nairobi, Kenya", "NAIROBI, Kenya (Maji) --", "Nairobi: Kenya"])
def test_located_is_read_where_there_is_no_dateline(find: Enrich, located: str) -> None:
    assert codes(find, story(located=located)) == {"geonames": "184745", "iso3166": "KE"}


def test_a_dateline_goes_before_located(find: Enrich) -> None:
    article = story(located="Bergen, Norway", dateline=Dateline(text="NAIROBI", place="NAIROBI", country="Kenya"))
    assert codes(find, article)["iso3166"] == "KE"


def test_a_dateline_that_was_only_printed_is_taken_apart(find: Enrich) -> None:
    assert codes(find, story(dateline=Dateline(text="NAIROBI, Kenya (Maji) —")))["geonames"] == "184745"


def test_a_tag_names_the_place_as_geonames_does(find: Enrich) -> None:
    assert [tag.name for tag in find(written_in("KIEV", "Ukraine")).tags] == ["Kyiv", "Ukraine"]


def test_what_the_dateline_settles_is_surer_than_what_population_does(find: Enrich) -> None:
    declared, guessed = find(written_in("LONDON", "England")).tags[0], find(written_in("LONDON")).tags[0]
    assert declared.confidence > guessed.confidence


def test_a_region_that_the_gazetteer_does_not_know_makes_it_less_sure(find: Enrich) -> None:
    unread, bare = find(written_in("LONDON", "Ontario")).tags[0], find(written_in("LONDON")).tags[0]
    assert unread.confidence < bare.confidence


def test_the_story_is_about_the_place(find: Enrich) -> None:
    assert {tag.rel for tag in find(written_in("NAIROBI", "Kenya")).tags} == {"about"}


def test_city_and_country_are_places_with_addresses(find: Enrich) -> None:
    places = [(place.name, place.uri) for place in find(written_in("NAIROBI", "Kenya")).places]
    assert places == [
        ("Nairobi", "https://sws.geonames.org/184745/"),
        ("Kenya", "http://cvx.iptc.org/iso3166-1a2/ke"),
    ]


def test_the_explanation_shows_the_dateline_as_printed(find: Enrich) -> None:
    assert "NAIROBI: Kenya" in (find(written_in("NAIROBI", "Kenya")).tags[0].explanation or "")


@pytest.mark.parametrize(
    ("name", "folded"),
    [("São Paulo", "sao paulo"), ("U.S.", "us"), ("  ST.  JOHN’S ", "st john's"), ("ØRSTA", "ørsta")],
)
def test_names_are_looked_up_without_case_accents_and_points(name: str, folded: str) -> None:
    assert fold(name) == folded
