"""What is worked out of a question and a text without a store: words, forms, snippets, near words, days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from services.publish.search.document import Document
from services.publish.search.filing import filed, within
from services.publish.search.matching import LAST_PLACE, Depth, Match, fts5_match, ts_vector, tsquery_match
from services.publish.search.nearby import distance, guess
from services.publish.search.question import LONGEST, MOST_TERMS, question_of
from services.publish.search.snippet import Marker
from services.publish.search.words import LONGEST_WORD, spans_of, words_of

DAYS = st.dates(min_value=date(1971, 1, 1), max_value=date(2190, 1, 1))


def milliseconds(day: date, hour: int = 12) -> int:
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp() * 1000)


@given(st.text(max_size=80))
def test_words_hold_nothing_that_means_anything_to_a_database(text: str) -> None:
    for word in words_of(text):
        assert 0 < len(word) <= LONGEST_WORD
        assert not set(word) & set(" \t\n'\"\\:*()&|!<>-^{}+=\x00\ud800"), word


@given(st.text(max_size=80))
def test_every_word_says_where_it_stands(text: str) -> None:
    done = 0
    for start, end, word in spans_of(text):
        assert done <= start < end <= len(text)
        assert word in words_of(text[start:end]), (text[start:end], word)
        done = end


@given(st.text(max_size=300))
def test_a_question_asks_the_same_when_it_is_written_out_again(text: str) -> None:
    question = question_of(text)
    again = question_of(f"{question.as_typed()} ") if len(question.as_typed()) < LONGEST else question
    assert [term.words for term in again.wanted] == [term.words for term in question.wanted]


def test_a_question_has_an_end() -> None:
    assert len(question_of("a b c d e f g h i j k l m n o p").wanted) == MOST_TERMS


@pytest.mark.parametrize(
    ("typed", "form"),
    [("ferries", "ferry"), ("ferry", "ferries"), ("buses", "bus"), ("boats", "boat"), ("boat", "boats")],
)
def test_a_word_is_asked_for_in_the_singular_and_the_plural(typed: str, form: str) -> None:
    assert form in question_of(f"{typed} ").wanted[0].forms


def test_a_question_in_the_language_of_either_database() -> None:
    match = Match(question_of('"at dawn" bus -tram '), Depth.HEADLINE, (("y2024", "y2025"),))
    assert fts5_match(match) == (
        '((({headline} : "at dawn" AND {headline} : ("bus" OR "buss" OR "buses"))'
        ' AND {filed} : ("y2024" OR "y2025"))'
        ' NOT {headline names summary body} : ("tram" OR "trams" OR "trames"))'
    )
    assert tsquery_match(match) == (
        "(((('=hat' <-> '=hdawn') & ('=hbus' | '=hbuss' | '=hbuses')) & ('=y2024' | '=y2025'))"
        " & !(('tram' | 'trams' | 'trames')))"
    )


def test_places_in_a_story_do_not_go_beyond_what_postgresql_tells_apart() -> None:
    vector = ts_vector(Document(("quay",), (), (), tuple(f"w{n}" for n in range(20_000)), ("y2024",)))
    places = [int(part.rpartition(":")[2]) for part in vector.split() if ":" in part]
    assert max(places) == LAST_PLACE


@given(DAYS, st.integers(0, 3_000), st.integers(-400, 3_400))
def test_a_story_has_one_of_a_stretch_s_words_exactly_if_it_is_within_its_days(
    first: date, length: int, offset: int
) -> None:
    last, day = first + timedelta(days=length), first + timedelta(days=offset)
    stretch = within(milliseconds(first, 0), milliseconds(last, 23))
    own = set(filed("local", "Coastline Radio", milliseconds(day)))
    assert (not own.isdisjoint(stretch)) == (first <= day <= last)


def test_a_stretch_of_centuries_takes_few_words() -> None:
    assert len(within(None, None)) < 250
    assert within(milliseconds(date(2024, 1, 1)), milliseconds(date(2024, 12, 31))) == ("y2024",)


def test_a_stretch_that_ends_before_it_begins_has_no_word_that_a_story_has() -> None:
    assert within(milliseconds(date(2024, 3, 2)), milliseconds(date(2024, 3, 1))) == ()


@given(st.text(max_size=120), st.text(max_size=40))
def test_marks_change_no_word_of_a_text_and_let_no_markup_in(text: str, typed: str) -> None:
    text = "".join(c for c in text if c.isprintable())
    marked = Marker.of(question_of(typed)).marked(text)
    root = html.fragment_fromstring(f"<div>{marked}</div>")
    assert root.text_content() == text
    assert {element.tag for element in root.iter()} <= {"div", "mark"}


def test_a_snippet_is_of_the_stretch_that_has_most_of_the_words() -> None:
    text = " ".join(["A ferry."] + ["Nothing."] * 80 + ["The ferry had fog at noon."] + ["Nothing."] * 80)
    snippet = Marker.of(question_of("ferry fog noon ")).snippet(text)
    assert snippet is not None
    assert "The <mark>ferry</mark> had <mark>fog</mark> at <mark>noon</mark>." in snippet
    assert snippet.startswith("\u2026 ") and snippet.endswith(" \u2026")  # noqa: PT018 - one claim: it is cut at both ends


def test_a_text_without_the_words_has_no_snippet() -> None:
    assert Marker.of(question_of("ferry")).snippet("Nothing of it.") is None


def test_an_accent_in_the_text_is_marked_for_a_word_without() -> None:
    assert Marker.of(question_of("elysee ")).marked("The \u00c9lys\u00e9e") == "The <mark>\u00c9lys\u00e9e</mark>"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("quilport", "quillport"),
        ("quillpotr", "quillport"),
        ("regata quillport", "regatta quillport"),
        ("quillport", None),
        ("quillp", None),
        ("zeppelin", None),
        ("fog", None),
        ('"regata begins"', None),
    ],
)
def test_an_unknown_word_may_mean_a_near_one_and_a_known_one_never(typed: str, meant: str | None) -> None:
    guessed = guess(question_of(typed), ["Quillport regatta begins", "Fig season"])
    assert (guessed.as_typed() if guessed else None) == meant


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_errors_count_the_same_from_either_side_and_none_only_where_there_are_none(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one) <= max(len(one), len(other))
    assert (distance(one, other) == 0) == (one == other)
