"""What a story is compared by."""

from __future__ import annotations

from services.enrich.copy import Copy
from services.enrich.enrichers.traits import find_traits
from services.enrich.links.traits import Traits
from tests.enrich.stories import story


def test_the_same_story_gives_the_same_bytes() -> None:
    assert find_traits(Copy.of(story())) == find_traits(Copy.of(story()))


def test_what_is_packed_is_read_back() -> None:
    found = find_traits(Copy.of(story())).traits
    assert found is not None
    assert Traits.unpacked(found).packed() == found


def test_a_story_is_told_by_its_rare_words_and_not_by_its_common_ones() -> None:
    terms = list(Traits.of("Minister said the ferry to Lake Turkana is late", ()).terms)
    assert terms.index("turkana") < terms.index("minister")
    assert "the" not in terms[:4]


def test_copy_without_text_has_no_text_to_compare() -> None:
    assert not Traits.of("", ()).filed_under()


def test_three_words_in_a_row_are_the_same_whatever_their_case_and_layout() -> None:
    words = "The ferry crossed the lake in four hours and came back by night with ninety passengers and a goat aboard"
    one = Traits.of("", (words, words.replace("ferry", "boat")))
    other = Traits.of("", (words.upper() + "\n" + words.replace("ferry", "boat").upper(),))
    assert list(one.shingles) == list(other.shingles)


def test_odd_copy_gives_traits_and_no_error() -> None:
    for text in (
        "x" * 20_000,
        "😀" * 500,
        "\u05e9\u05dc\u05d5\u05dd " * 300,
        "日本の首相は" * 300,
        "1 2 3\t" * 900,
        "\ud800 a",
    ):
        found = Traits.of(text[:80], (text,)).packed()
        assert sum(map(len, found.values())) < 100_000
        Traits.unpacked(found)
