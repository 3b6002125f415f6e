from __future__ import annotations

import pytest

from services.enrich.additions import Additions, Mention
from services.enrich.copy import Copy
from services.enrich.enrichers import dateline, places
from shared.article import Kind, Position, Tag
from tests.enrich.stories import story

READ, FIND = dateline.ENRICHER.load(), places.ENRICHER.load()


def tags(body: str, headline: str = "", names: tuple[Mention, ...] = ()) -> dict[str, Tag]:
    copy = Copy.of(story(headline=headline, body=f"<p>{body}</p>"))
    found = {"dateline": READ([copy])[0], "names": Additions(mentions=names)}
    return {tag.code or tag.name: tag for tag in FIND([copy.knowing(found)])[0].tags}


def mention(kind: Kind, name: str, body: str) -> Mention:
    start = body.index(name)
    return Mention(kind, name, Position(part="body", paragraph=0, start=start, end=start + len(name)))


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("PARIS, Texas (NWP) - The mayor of Paris spoke.", {"4717560", "4736286", "US"}),
        ("LONDON, Ontario - The mayor spoke.", {"6058560", "6093943", "CA"}),
        ("TBILISI (NWP) - Georgia votes on Sunday.", {"611717", "GE"}),
        ("ATLANTA (NWP) - Georgia votes on Sunday.", {"4180439", "4197000", "US"}),
        ("TOKYO: Japan: The ministry spoke.", {"1850147", "JP"}),
        ("Lawmakers in Kenya met. Kenyan papers said so.", {"KE"}),
        ("Kenya cheered. In Berlin it rained, and Berlin slept.", {"2950159", "DE", "KE"}),
        ("A pupil from Lebanon, Ohio, won.", {"4516412", "5165418", "US"}),
        ("Talks in Washington went on.", {"4140963", "US"}),
        ("Rain fell on Scotland.", {"2638360", "GB"}),
    ],
)
def test_a_story_has_its_cities_regions_and_countries(body: str, codes: set[str]) -> None:
    assert set(tags(body)) == codes


def test_a_city_has_its_country_and_where_it_lies() -> None:
    oslo = tags("OSLO (NWP) - Snow fell.")["3143244"]
    assert (oslo.country, oslo.point and round(oslo.point.lat)) == ("NO", 60)


def test_a_country_has_the_point_of_its_capital() -> None:
    norway = tags("Snow fell in Norway.")["NO"]
    assert norway.point
    assert (round(norway.point.lat), round(norway.point.lon)) == (60, 11)


def test_a_city_named_once_within_the_text_is_no_tag_of_its_country() -> None:
    copy = Copy.of(story(body="<p>Kenya votes on Sunday.</p><p>Her brother drives a bus in Berlin.</p>"))
    assert {tag.code for tag in FIND([copy])[0].tags} == {"KE", "2950159"}


def test_a_dateline_alone_makes_its_country_sure_enough_to_be_told_outside() -> None:
    assert tags("OSLO (NWP) - Snow fell.")["NO"].confidence > tags("Snow fell on Oslo and Bergen.")["NO"].confidence


def test_the_dateline_is_what_a_story_is_about() -> None:
    assert tags("OSLO (NWP) - Snow fell.")["NO"].rel == "about"


def test_positions_are_those_of_the_text() -> None:
    at = tags("Snow fell in Norway.")["NO"].positions[0]
    assert "Snow fell in Norway."[at.start : at.end] == "Norway"


def test_a_persons_name_is_no_place() -> None:
    body = "The award went to Sydney Paris of Kenya."
    assert set(tags(body, names=(mention(Kind.PERSON, "Sydney Paris", body),))) == {"KE"}


def test_an_organisation_is_no_city() -> None:
    body = "The University of Tokyo published it."
    assert "1850147" not in tags(body, names=(mention(Kind.ORGANISATION, "University of Tokyo", body),))


def test_a_country_that_could_be_a_persons_name_is_one_where_names_says_so() -> None:
    body = "Odede and Jordan Talks were named."
    assert set(tags(body, names=(mention(Kind.PLACE, "Jordan", body),))) == {"JO"}


def test_a_company_of_a_citys_name_is_no_city() -> None:
    body = "Workers at Melbourne voted."
    assert tags(body, names=(mention(Kind.ORGANISATION, "Melbourne", body),)) == {}


def test_a_state_in_short_after_a_city_is_that_state() -> None:
    body = "Rain fell on Birmingham, Ala., on Monday."
    names = (mention(Kind.PLACE, "Birmingham", body), mention(Kind.PLACE, "Ala.", body))
    assert set(tags(body, names=names)) == {"4049979", "4829764", "US"}


def test_a_place_that_nobody_knows_has_a_name_and_no_code() -> None:
    body = "Floods reached Qwrtzville."
    tag = tags(body, names=(mention(Kind.PLACE, "Qwrtzville", body),))["Qwrtzville"]
    assert (tag.scheme, tag.code) == ("name", None)


def test_more_evidence_is_surer() -> None:
    assert tags("Kenya votes. Kenya waits. Kenyans vote.")["KE"].confidence > tags("The Kenyan cup.")["KE"].confidence


@pytest.mark.parametrize(
    "body", ["", "x" * 20_000, "Paris " * 4_000, "CHINA, " * 3_000, "日本 العربية 🏴 " * 500, "A-" * 9_000]
)
def test_odd_copy_gives_tags_or_none(body: str) -> None:
    assert len(tags(body)) < 5
