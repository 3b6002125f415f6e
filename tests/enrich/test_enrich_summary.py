# ruff: noqa: RUF001 - copy has typographic quotes and other alphabets

from __future__ import annotations

from typing import Any

import pytest

from services.enrich.additions import Additions
from services.enrich.copy import Copy
from services.enrich.enrichers.summary import ENRICHER
from services.enrich.sentences import first_sentence
from shared.article import Dateline, Description
from tests.enrich.stories import story

FIRST = "The ferry company Maji Lines will try two electric ferries on the lake from May, its head said."


def summary(found: dict[str, Additions] | None = None, **members: Any) -> str | None:
    return ENRICHER.load()([Copy.of(story(**members)).knowing(found or {})])[0].summary


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. Wanjiru Odede met Gov. Tan on Monday.",
        "The U.S. Senate voted on the ferries.",
        "It was built by J. K. Odede in 1921.",
        "The fare is 2.50 dollars now.",
        "“The ferry is quiet. The fish like it,” she said.",
        '"Is it quiet? It is," she said.',
        "Maji Lines Inc. of Nairobi lost money.",
        "The ferry left at 5 p.m. local time on Monday.",
        "Who pays for it?",
        "He moved to St. Louis with his wife.",
    ],
)
def test_a_sentence_ends_where_a_reader_would_end_it(sentence: str) -> None:
    assert first_sentence(f"{sentence} Then the fish came back.") == sentence


@pytest.mark.parametrize(
    "sentence",
    ["It happened in the U.S.", "She works for Maji Lines Inc.", "He said: “It is quiet.”", "It left at 5 p.m."],
)
def test_an_abbreviation_may_end_a_sentence(sentence: str) -> None:
    assert first_sentence(f"{sentence} The fish came back.") == sentence


def test_a_sentence_ends_at_the_marks_of_other_scripts() -> None:
    assert (
        first_sentence("船会社は電動フェリーを試験運航する。株主総会で明らかにした。")
        == "船会社は電動フェリーを試験運航する。"
    )


def test_the_summary_is_the_first_sentence() -> None:
    assert summary(body=f"<p>{FIRST} Each carries ninety.</p><p>More.</p>") == FIRST


@pytest.mark.parametrize(
    "before", ["NAIROBI: Kenya: ", "NAIROBI (NWP) - ", "NAIROBI, June 17 (NWP) — ", "NAIROBI/MOMBASA — ", "(NWP) - "]
)
def test_the_dateline_is_no_part_of_it(before: str) -> None:
    assert summary(body=f"<p>{before}{FIRST}</p>") == FIRST


def test_a_dateline_that_was_read_before_is_believed() -> None:
    found = {"dateline": Additions(dateline=Dateline(text="Nairobi, 4 March", place="Nairobi"))}
    assert summary(found, body=f"<p>Nairobi, 4 March – {FIRST}</p>") == FIRST


@pytest.mark.parametrize("line", ["By Ana Prieto", "Eds: adds quotes from the company throughout.", "UPDATE 1: fares."])
def test_lines_before_the_lead_are_passed_over(line: str) -> None:
    assert summary(body=f"<p>{line}</p><p>{FIRST}</p>") == FIRST


def test_copy_that_has_a_summary_gets_none() -> None:
    assert summary(descriptions=(Description(value="Ferries go electric."),)) is None


def test_a_summary_that_would_say_the_headline_again_is_none() -> None:
    assert summary(headline=FIRST.rstrip("."), body=f"<p>{FIRST}</p>") is None


def test_a_long_sentence_is_cut_after_a_clause() -> None:
    long = f"{FIRST[:-1]}, {'and the posts on the shore run on wind ' * 3}, {'while the lake is windy ' * 10}."
    found = summary(body=f"<p>{long}</p>")
    assert found is not None
    assert len(found) <= 302
    assert found.endswith("on wind …")


def test_a_long_sentence_without_clauses_gives_none() -> None:
    assert summary(body=f"<p>The ferry {'carries ninety passengers ' * 20}.</p>") is None


@pytest.mark.parametrize(
    "body", ["", "<p>1-0</p>", "<p>Arsenal 2 Chelsea 1</p>", "<p>and so on it went, they said.</p>"]
)
def test_fragments_give_none(body: str) -> None:
    assert summary(body=body) is None
