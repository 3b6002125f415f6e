"""Two versions of a text, compared by sentences: without a store."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publish.history.comparing import MOST, Fate, Paragraph, compared
from services.publish.history.sentences import sentences_of

SENTENCES = st.sampled_from(["The ferry sailed.", "It was full.", "Fog came.", "Nobody was hurt.", "The mayor spoke."])
TEXTS = st.lists(st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join), max_size=6)


def told(paragraphs: tuple[Paragraph, ...]) -> list[list[tuple[str, str]]]:
    return [[(piece.fate.value, piece.text) for piece in paragraph.pieces] for paragraph in paragraphs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ferry sailed. It was full.", ["The ferry sailed.", "It was full."]),
        ("Was it full? Yes! It was\u2026 Nearly.", ["Was it full?", "Yes!", "It was\u2026", "Nearly."]),
        ('"It sailed." She left.', ['"It sailed."', "She left."]),
        ("Mr. Quill met Dr. Reed. They spoke.", ["Mr. Quill met Dr. Reed.", "They spoke."]),
        ("J. Quill of the U.S. Navy spoke.", ["J. Quill of the U.S. Navy spoke."]),
        ("It cost 3.5 million. 40 people came.", ["It cost 3.5 million.", "40 people came."]),
        ("They met on Jan. 5 at No. 10. It rained.", ["They met on Jan. 5 at No. 10.", "It rained."]),
        ("\u8239\u306f\u51fa\u305f\u3002\u6e80\u54e1\u3002", ["\u8239\u306f\u51fa\u305f\u3002", "\u6e80\u54e1\u3002"]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_a_paragraph_is_cut_into_sentences(text: str, expected: list[str]) -> None:
    assert sentences_of(text) == expected


@given(st.text(max_size=200))
def test_no_word_is_lost_by_cutting(text: str) -> None:
    assert "".join("".join(sentences_of(text)).split()) == "".join(text.split())


def test_a_sentence_that_changed_is_shown_before_and_after_among_those_that_did_not() -> None:
    before = ["The ferry sailed at dawn. It was full. Nobody was hurt."]
    after = ["The ferry sailed at dawn. It was nearly empty. Nobody was hurt."]
    assert told(compared(before, after)) == [
        [
            ("same", "The ferry sailed at dawn."),
            ("removed", "It was full."),
            ("added", "It was nearly empty."),
            ("same", "Nobody was hurt."),
        ]
    ]


def test_a_new_paragraph_is_added_where_it_stands() -> None:
    assert told(compared(["One.", "Two."], ["One.", "Between.", "Two."])) == [
        [("same", "One.")],
        [("added", "Between.")],
        [("same", "Two.")],
    ]


def test_a_paragraph_that_went_is_shown_where_it_stood() -> None:
    assert told(compared(["One.", "Between.", "Two."], ["One.", "Two."])) == [
        [("same", "One.")],
        [("removed", "Between.")],
        [("same", "Two.")],
    ]


def test_a_paragraph_that_moved_is_shown_once_where_it_is_now() -> None:
    before = ["The first stays. It is long.", "The second moves. It is short.", "The third stays.", "So does this."]
    after = [before[0], before[2], before[3], before[1]]
    fates = [paragraph.fate for paragraph in compared(before, after)]
    assert fates == [Fate.SAME, Fate.SAME, Fate.SAME, Fate.MOVED]


def test_a_sentence_that_moved_into_another_paragraph_is_shown_once() -> None:
    found = told(compared(["A stays. B moves.", "C stays."], ["A stays.", "C stays. B moves."]))
    assert found == [[("same", "A stays.")], [("same", "C stays."), ("moved", "B moves.")]]


def test_what_went_stands_before_what_came_for_it() -> None:
    assert told(compared(["Ferry sinks in the harbour"], ["Boat is safe"])) == [
        [("removed", "Ferry sinks in the harbour")],
        [("added", "Boat is safe")],
    ]


def test_a_paragraph_that_is_reworded_stands_beside_the_one_that_it_was() -> None:
    before = ["Three boats left the quay on Monday.", "It rained."]
    after = ["Lead.", "Four boats left the quay on Monday.", "It rained."]
    assert told(compared(before, after)) == [
        [("added", "Lead.")],
        [
            ("removed", "Three boats left the quay on Monday."),
            ("added", "Four boats left the quay on Monday."),
        ],
        [("same", "It rained.")],
    ]


@given(TEXTS, TEXTS)
def test_what_is_not_removed_is_the_new_text_and_what_is_neither_added_nor_moved_was_in_the_old(
    before: list[str], after: list[str]
) -> None:
    pieces = [piece for paragraph in compared(before, after) for piece in paragraph.pieces]
    now = [piece.text for piece in pieces if piece.fate is not Fate.REMOVED]
    was = [piece.text for piece in pieces if piece.fate is not Fate.ADDED]
    assert now == [sentence for text in after for sentence in sentences_of(text)]
    assert sorted(was) == sorted(sentence for text in before for sentence in sentences_of(text))


def test_a_text_without_end_is_compared_as_far_as_it_is_read() -> None:
    before = [f"Paragraph {n}." for n in range(5_000)]
    assert len(compared(before, before[::-1])) <= 2 * MOST
