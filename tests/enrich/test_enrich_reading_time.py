# ruff: noqa: RUF001 - copy has typographic quotes and other alphabets

from __future__ import annotations

import pytest

from services.enrich.additions import Additions, Enrich
from services.enrich.copy import READ, Copy
from services.enrich.enrichers import reading_time
from services.enrich.text import ENOUGH, paragraphs
from tests.enrich.stories import story


@pytest.fixture
def measure() -> Enrich:
    return reading_time.ENRICHER.load()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>Two ferries sail.</p>", 3),
        ("<p>Two</p><p>ferries</p>", 2),
        ("<p>two<br>ferries</p>", 2),
        ("<p>the U.S.-led fleet doesn’t sail</p>", 5),
        ("<p>It cost 2.5 million – or more</p>", 6),
        ("<p>fish &amp; chips</p>", 2),
        ("<ul><li>one</li><li>two</li></ul>", 2),
    ],
)
def test_words_are_counted_as_a_reader_would(measure: Enrich, body: str, words: int) -> None:
    assert measure([Copy.of(story(body=body))])[0].word_count == words


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (238, 1), (239, 2), (1_000, 5)])
def test_minutes_are_rounded_up(measure: Enrich, words: int, minutes: int) -> None:
    assert measure([Copy.of(story(body=f"<p>{'word ' * words}</p>"))])[0].reading_minutes == minutes


@pytest.mark.parametrize("body", ["", "<p></p>", "<p>…</p>"])
def test_copy_without_words_gets_no_count(measure: Enrich, body: str) -> None:
    assert measure([Copy.of(story(body=body))])[0] == Additions()


def test_copy_in_a_script_without_spaces_is_not_counted(measure: Enrich) -> None:
    body = "<p>船会社は五月から湖で電動フェリー二隻を試験運航すると発表した。株主総会で明らかにした。</p>"
    assert measure([Copy.of(story(body=body))])[0] == Additions()


def test_the_headline_is_not_part_of_the_count(measure: Enrich) -> None:
    assert measure([Copy.of(story(headline="Six more words stand up here", body="<p>one</p>"))])[0].word_count == 1


def test_paragraphs_are_told_apart() -> None:
    assert paragraphs("<p>One\n and <b>a half</b>.</p><p> Two. </p>") == ["One and a half.", "Two."]


def test_scripts_are_not_read() -> None:
    assert paragraphs("<p>One.</p><script>two()</script><style>p{}</style>") == ["One."]


def test_broken_mark_up_is_still_read() -> None:
    assert paragraphs("<p>One <b>two</p></i><p>three < four") == ["One two", "three < four"]


def test_a_long_read_is_counted_whole(measure: Enrich) -> None:
    assert measure([Copy.of(story(body="<p>five words in this one</p>" * 4_000))])[0].word_count == 20_000


def test_what_no_one_reads_is_not_counted(measure: Enrich) -> None:
    assert measure([Copy.of(story(body=f"<p>{'word ' * 200_000}</p>"))])[0] == Additions()


def test_as_much_text_is_taken_out_as_is_read() -> None:
    assert ENOUGH >= READ


def test_reading_stops_with_the_paragraph_that_is_enough() -> None:
    assert paragraphs("<p>abc</p><p>def</p><p>ghi</p>", 4) == ["abc", "def"]


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("<p>Fish &amp; chips &#8211; cheap</p>", ["Fish & chips – cheap"]),
        ("<p>one<!-- two <b> --> three</p>", ["one three"]),
        ("<p title='a > b'>one</p>", ["one"]),
        ("<P>one</P><SCRIPT>two</SCRIPT><DIV>three</DIV>", ["one", "three"]),
        ("one <!-- two", ["one"]),
        ("<p>1 < 2 and 3 > 2</p>", ["1 < 2 and 3 > 2"]),
        (f"<p>&#{'9' * 5_000};</p>", ["\ufffd"]),
    ],
)
def test_mark_up_is_read_as_a_browser_would(body: str, read: list[str]) -> None:
    assert paragraphs(body) == read
