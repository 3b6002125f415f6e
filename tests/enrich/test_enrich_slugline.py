from __future__ import annotations

from typing import Any

import pytest

from services.enrich.additions import Additions
from services.enrich.copy import Copy
from services.enrich.enrichers.slugline import ENRICHER
from shared.article import Kind, Tag
from tests.enrich.stories import story


def slugline(*tags: Tag, keywords: tuple[str, ...] = (), **members: Any) -> str | None:
    found = {"names": Additions(tags=tags), "keyphrases": Additions(keywords=keywords)}
    return ENRICHER.load()([Copy.of(story(**members)).knowing(found)])[0].slugline


def tag(kind: Kind, name: str, relevance: int = 80, **members: Any) -> Tag:
    facts: dict[str, Any] = {"scheme": "name", "confidence": 90, "enricher": "x"}
    return Tag(kind=kind, name=name, relevance=relevance, **facts | members)


KENYA = tag(Kind.PLACE, "Kenya", scheme="iso3166", code="KE")
LAKE = tag(Kind.PLACE, "Lake Turkana", relevance=95)
LINES = tag(Kind.ORGANISATION, "Maji Lines")
ECONOMY = tag(Kind.TOPIC, "economy, business and finance", scheme="mediatopic", code="medtop:04000000")


def test_it_says_who_where_and_what() -> None:
    assert slugline(KENYA, LINES, keywords=("Kenya", "electric ferries")) == "MAJILINES-KENYA/FERRIES"


def test_a_country_goes_before_a_lake() -> None:
    assert slugline(LAKE, KENYA, LINES) == "MAJILINES-KENYA"


def test_the_topic_stands_in_where_there_is_nobody() -> None:
    assert slugline(KENYA, ECONOMY, keywords=("ferries",)) == "ECONOMY-KENYA/FERRIES"


def test_the_topic_is_the_detail_where_there_is_no_other() -> None:
    assert slugline(KENYA, LINES, ECONOMY) == "MAJILINES-KENYA/ECONOMY"


def test_a_person_is_called_by_the_surname() -> None:
    assert slugline(KENYA, tag(Kind.PERSON, "Wanjiru Odede")) == "ODEDE-KENYA"


def test_what_the_headline_says_is_the_better_detail() -> None:
    assert slugline(KENYA, LINES, keywords=("passengers", "ferries")) == "MAJILINES-KENYA/FERRIES"


def test_a_long_name_is_its_initials() -> None:
    body = tag(Kind.ORGANISATION, "Kenya Ferry and Harbour Services")
    assert slugline(KENYA, body, keywords=("fares",)) == "KFHS-KENYA/FARES"


def test_letters_are_those_of_ascii() -> None:
    assert slugline(tag(Kind.PLACE, "Côte d’Ivoire"), tag(Kind.PERSON, "Ana Peña-Núñez")) == "PENANUNEZ-COTEDIVOIRE"  # noqa: RUF001 - as printed


def test_what_is_only_mentioned_is_not_in_it() -> None:
    assert slugline(tag(Kind.ORGANISATION, "Maji Lines", relevance=15), ECONOMY, KENYA) == "ECONOMY-KENYA"


def test_what_is_not_sure_is_not_in_it() -> None:
    assert slugline(tag(Kind.ORGANISATION, "Maji Lines", confidence=20), ECONOMY, KENYA) == "ECONOMY-KENYA"


def test_one_word_is_no_slugline() -> None:
    assert slugline(ECONOMY) is None


def test_copy_that_has_a_slugline_gets_none() -> None:
    assert slugline(KENYA, LINES, slugline="FERRIES") is None


@pytest.mark.parametrize("name", ["", "日本", "…", "x" * 300, "A & B"])
def test_no_name_makes_it_longer_than_forty_characters(name: str) -> None:
    found = (
        slugline(tag(Kind.ORGANISATION, name), tag(Kind.PLACE, name * 2), KENYA, ECONOMY, keywords=(name,) * 3) or ""
    )
    assert len(found) <= 40
    assert found.isascii()
