# ruff: noqa: RUF001 - copy has typographic quotes and other alphabets

from __future__ import annotations

from typing import Any

import pytest

from services.enrich.additions import Additions, Enrich, Mention
from services.enrich.copy import Copy
from services.enrich.enrichers import keyphrases
from services.enrich.frequencies import load_rarity, stem
from services.enrich.stop_words import ENGLISH
from shared.article import Kind, Position, Tag
from tests.enrich.stories import BODY, story

FIND: Enrich = keyphrases.ENRICHER.load()


def phrases(found: dict[str, Additions] | None = None, **members: Any) -> tuple[str, ...]:
    return FIND([Copy.of(story(**members)).knowing(found or {})])[0].keywords


def person(name: str, *mentions: tuple[str, int, int]) -> Additions:
    """Found in paragraphs of the body: what is printed, the paragraph and where it starts."""
    told = [
        Mention(
            Kind.PERSON, printed, Position(part="body", paragraph=number, start=start, end=start + len(printed)), name
        )
        for printed, number, start in mentions
    ]
    tag = Tag(scheme="name", name=name, kind=Kind.PERSON, confidence=90, enricher="names")
    return Additions(tags=(tag,), mentions=tuple(told))


def test_the_keyphrases_of_a_story_are_what_it_keeps_saying() -> None:
    assert set(phrases()[:5]) == {"Kenya", "Lake Turkana", "ferries", "Maji Lines", "Wanjiru Odede"}


def test_names_that_were_found_are_merged_into_one() -> None:
    found = {"names": person("Wanjiru Odede", ("Wanjiru Odede", 0, 108), ("Odede", 2, 51))}
    assert phrases(found).count("Wanjiru Odede") == 1
    assert "Odede" not in phrases(found)


def test_a_name_that_is_none_of_ours_to_be_sure_of_is_left_out() -> None:
    found = person("Quiet Fish", ("fish", 2, 42))
    unsure = found.tags[0].model_copy(update={"confidence": 20})
    assert "Quiet Fish" not in phrases({"names": Additions(tags=(unsure,), mentions=found.mentions)})


def test_a_phrase_is_said_whole() -> None:
    body = "<p>The ferry needs a charging post. A charging post costs little, and a charging post lasts.</p>"
    assert phrases(headline="", body=body)[0] == "charging post"


def test_neither_part_of_a_phrase_is_said_again() -> None:
    body = "<p>The ferry needs a charging post. A charging post costs little, and a charging post lasts.</p>"
    assert not {"post", "charging"} & set(phrases(headline="", body=body))


def test_rarer_words_come_first() -> None:
    body = "<p>There was a turbine and a school. The turbine stood by the school.</p>"
    assert phrases(headline="", body=body) == ("turbine", "school")


def test_what_the_headline_says_counts_for_more() -> None:
    body = "<p>There is a school and there is a market by the school, which is the market of the town.</p>"
    assert phrases(headline="The market", body=body)[0] == "market"


def test_one_and_many_are_one_keyphrase() -> None:
    body = "<p>There is one turbine here. There are two turbines there, and the turbines turn.</p>"
    assert phrases(headline="", body=body) == ("turbines",)


def test_a_verb_after_to_is_none() -> None:
    body = "<p>They want to electrify it, and to electrify it is slow; nobody else is going to electrify it.</p>"
    assert phrases(headline="", body=body) == ()


def test_a_place_in_the_dateline_alone_is_not_what_the_story_is_about() -> None:
    position = Position(part="body", paragraph=0, start=0, end=7)
    found = {"names": Additions(mentions=(Mention(Kind.PLACE, "NAIROBI", position),))}
    assert "Nairobi" not in phrases(found)[:5]


def test_there_are_ten_at_most() -> None:
    names = " ".join(f"met Anna{chr(97 + n)} and" for n in range(26))
    assert len(phrases(body=f"<p>They {names} the others of the town.</p>")) <= 10


def test_names_leave_room_for_what_is_said_of_them() -> None:
    names = " ".join(f"met Anna{chr(97 + n)} and" for n in range(26))
    assert "ferries" in phrases(body=f"<p>They {names} had ferries. The ferries went.</p>")


def test_no_stop_word_is_a_keyphrase() -> None:
    assert not {word.casefold() for word in phrases(body=BODY * 3)} & ENGLISH


def test_a_word_that_comes_once_is_none() -> None:
    assert "passengers" not in phrases()


def test_the_first_word_of_a_sentence_is_no_name() -> None:
    body = "<p>Turbines were slow at the lake. Turbines were slow, and the turbines are slow again.</p>"
    assert "turbines" in phrases(headline="", body=body)


def test_a_possessive_counts_as_the_name() -> None:
    body = "<p>In the town of Odda’s north and in Odda itself it was the same.</p>"
    assert phrases(headline="", body=body) == ("Odda",)


def test_capitals_of_a_headline_make_no_names() -> None:
    found = phrases(headline="Quiet Boats Please Town", body="<p>The boats were quiet and it was the town.</p>")
    assert set(found) == {"quiet", "boats", "town"}


def test_a_story_in_capitals_is_read_as_common_words() -> None:
    found = phrases(headline="BOATS PLEASE TOWN", body="<p>THE BOATS WERE QUIET AND IT WAS THE TOWN.</p>")
    assert set(found) == {"BOATS", "TOWN"}


@pytest.mark.parametrize("declared", ["de", "fr-CA", "sw"])
def test_copy_declared_in_another_language_gets_none(declared: str) -> None:
    assert phrases(language=declared) == ()


@pytest.mark.parametrize("declared", ["en", "en-AU", "EN"])
def test_copy_declared_english_gets_some(declared: str) -> None:
    assert phrases(language=declared)


def test_copy_that_was_found_to_be_in_another_language_gets_none() -> None:
    assert phrases({"language": Additions(language="de")}) == ()


def test_copy_of_no_known_language_is_told_by_its_stop_words() -> None:
    body = "<p>Die Reederei Maji Lines erprobt ab Mai zwei Fähren auf dem Turkanasee. Die Fähren sind leise.</p>"
    assert phrases(headline="Leise Fähren auf dem Turkanasee", body=body) == ()


@pytest.mark.parametrize("body", ["", "<p></p>", "<p>1 2 3</p>", "<p>” “ ’</p>"])
def test_copy_without_words_gets_none(body: str) -> None:
    assert phrases(headline="", body=body) == ()


def test_the_same_story_gets_the_same_in_the_same_order() -> None:
    assert len({phrases() for _ in range(5)}) == 1


@pytest.mark.parametrize(
    ("word", "root"),
    [("Ferries", "ferry"), ("ferry", "ferry"), ("taxes", "tax"), ("glass", "glass"), ("gas", "gas"), ("boats", "boat")],
)
def test_the_ending_of_a_plural_is_taken_off(word: str, root: str) -> None:
    assert stem(word) == root


def test_the_commonest_words_weigh_nothing_and_rare_ones_most() -> None:
    rarity = load_rarity()
    assert rarity["the"] == 0 < rarity["school"] < rarity["turbine"] <= 1
