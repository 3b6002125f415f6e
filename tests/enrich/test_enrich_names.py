"""The enricher names with its model."""

from __future__ import annotations

import time

import pytest

from services.enrich.additions import Additions, Enrich
from services.enrich.copy import Copy
from services.enrich.enrichers import names
from shared.article import Kind, Tag
from tests.enrich.stories import story

HEADLINE = "NATO to open office in Tokyo"
BODY = (
    "<p>TOKYO (NWP) - NATO will open an office in Tokyo, the Lake Transport Authority (LTA) and Prime Minister Fumio "
    "Kishida said.</p><p>Kishida met Ngozi Bello of the Department of Public Works. The LTA is for it.</p>"
    "<p>Photo: Harold Stone/Getty Images</p><p>Follow us on Facebook</p>"
)


@pytest.fixture(scope="module")
def find() -> Enrich:
    return names.ENRICHER.load()


@pytest.fixture(scope="module")
def found(find: Enrich) -> Additions:
    return find([Copy.of(story(headline=HEADLINE, body=BODY))])[0]


def tags(additions: Additions, kind: Kind) -> dict[str, Tag]:
    return {tag.name: tag for tag in additions.tags if tag.kind is kind}


def test_people_are_tagged_once_each_and_without_titles(found: Additions) -> None:
    assert set(tags(found, Kind.PERSON)) == {"Fumio Kishida", "Ngozi Bello"}


def test_organisations_are_tagged_once_each(found: Additions) -> None:
    assert set(tags(found, Kind.ORGANISATION)) == {"NATO", "Lake Transport Authority", "Department of Public Works"}


def test_a_tag_tells_where_its_names_stand(found: Additions) -> None:
    positions = tags(found, Kind.PERSON)["Fumio Kishida"].positions
    assert [(one.part, one.paragraph) for one in positions] == [("body", 0), ("body", 1)]


def test_a_tag_tells_why(found: Additions) -> None:
    assert '"Prime Minister" before it' in (tags(found, Kind.PERSON)["Fumio Kishida"].explanation or "")


def test_a_name_of_the_table_has_its_code(found: Additions) -> None:
    assert (tags(found, Kind.ORGANISATION)["NATO"].scheme, tags(found, Kind.ORGANISATION)["NATO"].code) == (
        "wikidata",
        "Q7184",
    )


def test_a_name_of_the_headline_is_what_the_story_is_about(found: Additions) -> None:
    assert tags(found, Kind.ORGANISATION)["NATO"].rel == "about"


def test_places_are_mentions_for_what_comes_after(found: Additions) -> None:
    assert [one.name for one in found.mentions if one.kind is Kind.PLACE] == ["Tokyo", "TOKYO", "Tokyo"]


def test_a_story_in_capitals_throughout_keeps_its_names(find: Enrich) -> None:
    body = "<p>PRIME MINISTER FUMIO KISHIDA MET THE DEPARTMENT OF PUBLIC WORKS.</p>"
    assert find([Copy.of(story(headline="", body=body))])[0].tags


def test_the_same_copy_gives_the_same_beside_other_copy(find: Enrich, found: Additions) -> None:
    assert find([Copy.of(story()), Copy.of(story(headline=HEADLINE, body=BODY))])[1] == found


def test_copy_in_another_language_gives_nothing(find: Enrich) -> None:
    assert (
        find([Copy.of(story(language="de", body="<p>Die Reederei erprobt zwei Fähren in Kiel.</p>"))])[0] == Additions()
    )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>" + "a" * 1_000_000 + "</p>",
        "<p>" + "WORD " * 200_000 + "</p>",
        "<p>السفينة في البحر 😀😀😀 שלום</p>",
        "<p>船会社は五月から Tokyo で Привет мир Athènes Ελλάδα 서울</p>",
        "<p>Leeds 1 Hull 2</p>" * 500,
    ],
)
def test_odd_copy_takes_bounded_time_and_is_no_error(find: Enrich, body: str) -> None:
    started = time.perf_counter()
    find([Copy.of(story(headline="", body=body))])
    assert time.perf_counter() - started < 5
