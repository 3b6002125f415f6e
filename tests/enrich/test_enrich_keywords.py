# ruff: noqa: RUF001 - copy has typographic quotes and other alphabets

from __future__ import annotations

import time

import pytest

from services.enrich.enrichers.keywords import find_keywords
from services.enrich.stop_words import ENGLISH
from tests.enrich.stories import BODY, story


def test_the_keywords_of_a_story_are_what_it_keeps_saying() -> None:
    assert find_keywords(story()).keywords[:4] == ("Kenya", "Lake Turkana", "ferries", "Maji Lines")


@pytest.mark.parametrize("name", ["Maji Lines", "Lake Turkana", "Wanjiru Odede"])
def test_a_name_of_several_words_is_one_keyword(name: str) -> None:
    assert name in find_keywords(story()).keywords


def test_part_of_a_name_is_not_said_again() -> None:
    assert "Turkana" not in find_keywords(story()).keywords


def test_there_are_ten_at_most() -> None:
    names = " ".join(f"met Anna{chr(97 + n)} and" for n in range(26))
    assert len(find_keywords(story(body=f"<p>They {names} the others of the town.</p>")).keywords) == 10


def test_no_stop_word_is_a_keyword() -> None:
    assert not {word.casefold() for word in find_keywords(story(body=BODY * 3)).keywords} & ENGLISH


def test_a_word_that_comes_once_is_no_keyword() -> None:
    assert "passengers" not in find_keywords(story()).keywords


def test_the_first_word_of_a_sentence_is_no_name() -> None:
    body = "<p>Charging was slow at the lake. Charging was slow, and it is slow again.</p>"
    assert "charging" in [word.casefold() for word in find_keywords(story(headline="", body=body)).keywords]


def test_a_possessive_counts_as_the_name() -> None:
    body = "<p>In the town of Odda’s north and in Odda itself it was the same.</p>"
    assert find_keywords(story(headline="", body=body)).keywords == ("Odda",)


def test_what_the_headline_says_counts_for_more() -> None:
    body = "<p>There is a harbour and there is a market by the harbour, which is the market of the town.</p>"
    assert find_keywords(story(headline="The market", body=body)).keywords[0].casefold() == "market"


def test_capitals_of_a_headline_make_no_names() -> None:
    article = story(headline="Quiet Boats Win Over The Town", body="<p>The boats were quiet and it was the town.</p>")
    assert set(find_keywords(article).keywords) <= {"Quiet", "quiet", "Boats", "boats", "town", "Town"}


@pytest.mark.parametrize("declared", ["de", "fr-CA", "sw"])
def test_copy_declared_in_another_language_gets_none(declared: str) -> None:
    assert find_keywords(story(language=declared)).keywords == ()


@pytest.mark.parametrize("declared", ["en", "en-AU", "EN"])
def test_copy_declared_english_gets_some(declared: str) -> None:
    assert find_keywords(story(language=declared)).keywords


def test_undeclared_copy_in_another_language_gets_none() -> None:
    body = "<p>Die Reederei Maji Lines erprobt ab Mai zwei Fähren auf dem Turkanasee. Die Fähren sind leise.</p>"
    assert find_keywords(story(headline="Leise Fähren auf dem Turkanasee", body=body)).keywords == ()


@pytest.mark.parametrize("body", ["", "<p></p>", "<p>1 2 3</p>", "<p>” “ ’</p>"])
def test_copy_without_words_gets_none(body: str) -> None:
    assert find_keywords(story(headline="", body=body)).keywords == ()


def test_the_same_story_gets_the_same_keywords_in_the_same_order() -> None:
    assert len({find_keywords(story()).keywords for _ in range(5)}) == 1


@pytest.mark.parametrize("body", ["A " * 400_000, "a-" * 400_000, "A. " * 300_000, "’" * 500_000])
def test_a_hostile_body_costs_no_more_than_a_few_seconds(body: str) -> None:
    started = time.process_time()
    find_keywords(story(language="en", body=f"<p>{body}</p>"))
    assert time.process_time() - started < 5
