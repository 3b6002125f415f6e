from __future__ import annotations

import pytest

from services.ingest.parse.blocks import Block, Kind, from_text
from services.ingest.parse.joining import join_broken

PROSE = "The operator was weighing up two boats, a first for the state. However, Danish"


def joined(first: str, second: str, kind: Kind = "p") -> bool:
    return len(join_broken([from_text(first, kind), from_text(second, kind)])) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (PROSE, "Captain Astrid Holm voiced doubts."),
        ("The council said on Tuesday that it would", "close the pool in May."),
        ("The minister for transport was asked about the", "Bellerive wharf and had no answer."),
        ("The boats, which were built in a yard in Norway,", "Captain Holm said, are late."),
    ],
)
def test_a_sentence_cut_by_a_blank_line_is_one_paragraph(first: str, second: str) -> None:
    assert joined(first, second)


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("The boats are late.", "the yard says so.", "the first is finished"),
        ("What happens to the staff now that it shuts", "Eleven people worked there.", "a heading"),
        ("Markets", "iPhone sales fell.", "a short heading"),
        ("They were asked about three things on Monday evening:", "Captain Holm went first.", "an introduction"),
        (PROSE, "• crews for the islands.", "a list item"),
        (PROSE, "1. Crews for the islands.", "a numbered item"),
        ("- engines that start at once, and others. But slowly", "Captain Holm agreed.", "the first is a list item"),
        (PROSE, "“It is late,” she said.", "a quote"),
        ("The boats at the wharf. Picture: Jo Tran", "Captain Holm voiced doubts.", "a caption"),
        (PROSE, "Picture: Jo Tran.", "a caption after"),
        ("The yard is shut until Monday. Reporting by Jo Tran", "It opens again at six.", "a sign-off"),
        (PROSE, "Coastal Wire", "the second is no sentence"),
        ("He said “I will not go. I will stay”", "Captain Holm voiced doubts.", "a quote without a full stop"),
    ],
    ids=lambda value: value if " " in value and len(value) < 35 else "",
)
def test_what_stands_alone_is_not_joined(first: str, second: str, why: str) -> None:
    assert not joined(first, second), why


@pytest.mark.parametrize("kind", ["h2", "ul", "ol"])
def test_headings_and_list_items_are_never_joined(kind: Kind) -> None:
    assert not joined(PROSE, "Captain Astrid Holm voiced doubts.", kind)


def test_a_paragraph_cut_twice_is_one_again() -> None:
    cut = [from_text(t) for t in (PROSE, "captain Holm said that the yard and its", "crews were late.")]
    assert [b.text for b in join_broken(cut)] == [f"{PROSE} captain Holm said that the yard and its crews were late."]


def test_markup_survives_the_joining() -> None:
    broken = [Block("p", "It was <em>late</em> that night. However, the"), Block("p", "yard <strong>shut</strong>.")]
    assert join_broken(broken)[0].inline == "It was <em>late</em> that night. However, the yard <strong>shut</strong>."
