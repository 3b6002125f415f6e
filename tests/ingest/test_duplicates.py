"""Whether a copy says anything that a story does not: pure, on texts of which the answer is known."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.folding.minhash import LEAST_WORDS, SKETCH, adds_nothing, contained, contradicts, same_copy, sketch
from services.ingest.folding.shingles import MOST_WORDS, Filed, Shingles, shingles_of, words_of
from tests.ingest.copies import Pair, html, pairs, stories

PAIRS = pairs()
FOLDED = ("furniture", "house style", "cut to 60 %", "cut, in furniture", "two words changed")
NEVER = (
    "one figure changed",
    "one name changed",
    "whole after its cut",
    "a third new",
    "more added",
    "edited 15 %",
    "edited 30 %",
    "in other words",
    "same form",
)
BERTH = "<p>The ferry reached its berth at 9 on Monday and was met by the mayor.</p>"


def shingles(body: str) -> Shingles:
    found = shingles_of(body)
    assert found is not None
    return found


def folds(pair: Pair) -> bool:
    return adds_nothing(shingles(pair.second), shingles(pair.first).filed)


def of_kinds(*kinds: str) -> list[Pair]:
    return [pair for pair in PAIRS if pair.kind in kinds]


def named(pair: Pair) -> str:
    return f"{pair.name}, {pair.kind}"


@pytest.mark.parametrize("pair", of_kinds(*FOLDED), ids=named)
def test_the_same_text_in_other_dress_adds_nothing(pair: Pair) -> None:
    assert folds(pair)


@pytest.mark.parametrize("pair", of_kinds(*NEVER), ids=named)
def test_a_text_that_says_something_else_is_kept_apart(pair: Pair) -> None:
    assert not folds(pair)


def test_a_pair_that_folds_is_found_by_its_sketch() -> None:
    missed = [
        named(pair)
        for pair in of_kinds(*FOLDED)
        if not set(sketch(shingles(pair.first).filed.hashes)) & set(sketch(shingles(pair.second).filed.hashes))
    ]
    assert missed == []


def test_no_two_of_the_stories_are_taken_for_one() -> None:
    told = [shingles(html(story.told)) for story in stories()]
    assert not any(same_copy(one, other.filed) for one, other in combinations(told, 2))


def test_a_story_and_its_retelling_are_two_even_from_one_source() -> None:
    apart = [not same_copy(shingles(html(s.otherwise)), shingles(html(s.told)).filed) for s in stories()]
    assert all(apart)


@pytest.mark.parametrize("pair", of_kinds("same form"), ids=named)
def test_two_of_one_form_are_two_stories_even_from_one_source(pair: Pair) -> None:
    assert not same_copy(shingles(pair.second), shingles(pair.first).filed)


def test_a_text_that_grew_is_the_same_story_from_the_same_source() -> None:
    grown = [same_copy(shingles(p.second), shingles(p.first).filed) for p in of_kinds("more added")]
    assert all(grown)


def test_a_line_of_copy_is_never_compared() -> None:
    line = shingles(f"<p>{'More to follow soon. ' * 3}</p>")
    assert line.words < LEAST_WORDS
    assert not adds_nothing(line, line.filed)


def test_a_book_has_no_shingles() -> None:
    assert shingles_of(f"<p>{'word ' * (MOST_WORDS + 1)}</p>") is None


def test_copy_without_a_word_has_no_shingles() -> None:
    assert shingles_of("<p>\u2014 * * *</p>") is None


def test_markup_inside_a_word_does_not_split_it() -> None:
    assert words_of("<p><strong>K</strong>ing of <em>the</em> <a href='x'>hill</a></p><p>Two</p>") == [
        "King",
        "of",
        "the",
        "hill",
        "Two",
    ]


def test_a_number_is_one_word_however_its_thousands_are_parted() -> None:
    assert shingles("<p>It cost 1,200 crowns, or 3.5 a head.</p>").filed == (
        shingles("<p>It cost 1200 crowns or 3.5 a head</p>").filed
    )


def test_a_number_with_another_point_is_another_number() -> None:
    assert contradicts(shingles("<p>they paid 3.5 crowns</p>"), shingles("<p>they paid 35 crowns</p>").filed)


@pytest.mark.parametrize("change", [("9", "10"), ("Monday", "Tuesday"), ("mayor", "Mayor Abel")])
def test_another_fact_between_the_same_words_contradicts(change: tuple[str, str]) -> None:
    changed = BERTH.replace(*change).replace("mayor.", "mayor")
    is_fact = change[0] != "mayor"
    assert contradicts(shingles(changed), shingles(BERTH).filed) is is_fact


def test_text_without_spaces_is_compared_by_the_character() -> None:
    assert words_of("<p>\u6771\u4eac\u3067\u7a3c\u50cd</p>") == list("\u6771\u4eac\u3067\u7a3c\u50cd")


def test_a_sketch_is_bounded() -> None:
    assert len(sketch(shingles(html(stories()[0].told)).filed.hashes)) == SKETCH


def test_nothing_is_contained_in_nothing() -> None:
    assert contained((), ()) == 0


@given(st.frozensets(st.integers(0, 2**32 - 1)), st.frozensets(st.integers(0, 2**32 - 1)))
def test_what_is_filed_is_read_as_it_was(hashes: frozenset[int], masked: frozenset[int]) -> None:
    filed = Filed("0123456789abcdef" * 2, hashes, masked)
    assert Filed.from_bytes(filed.to_bytes()) == filed


@given(st.text())
def test_any_text_has_shingles_or_none(text: str) -> None:
    found = shingles_of(f"<p>{text}</p>")
    assert found is None or found.words > 0
