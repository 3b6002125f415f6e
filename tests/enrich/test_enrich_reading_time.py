# ruff: noqa: RUF001 - copy has typographic quotes and other alphabets

from __future__ import annotations

import pytest

from services.enrich.additions import Additions, Enrich
from services.enrich.copy import Copy
from services.enrich.enrichers import reading_time
from services.enrich.text import paragraphs
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
