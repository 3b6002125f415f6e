"""Which stories are one text, one event, one subject, told from their traits."""

from __future__ import annotations

import pytest

from services.enrich.links.scoring import cluster_pairs, link_scores
from services.enrich.links.traits import Traits
from services.enrich.text import paragraphs
from tests.ingest.copies import Pair, pairs

FERRY = (
    "Two electric ferries began to cross Lake Turkana on Monday, carrying ninety passengers each from Loiyangalani.",
    "The company Maji Lines said that charging takes four hours and that the posts run on the wind of the lake.",
    "Fishermen had asked for boats that make less noise, and the governor promised cheaper fares for school children.",
)
HEADLINE = "Electric ferries start on Lake Turkana"
SAME_EVENT = (
    "Passengers boarded the first battery-driven ferry on Lake Turkana on Monday as Maji Lines opened its new service.",
    "Wanjiru Odede, who leads the firm, said more boats were ordered.",
)
OTHER = (
    "The central bank of Norway left its interest rate at 4.5 percent on Thursday and said it might cut in spring.",
    "Analysts in Oslo had expected the decision, and the crown hardly moved against the euro in the afternoon.",
)
FURNITURE = (
    "Our newsletter brings the morning's stories to your desk. Reporting by a desk of ours; editing by another.",
)


def weather(city: str, high: int, low: int, wind: int) -> Traits:
    text = (
        f"The weather in {city} will be fair with a high of {high} degrees and a low of {low} degrees overnight.",
        f"Winds from the west will reach {wind} kilometres an hour in {city} before they ease to {low} in the evening.",
        f"The outlook for {city} is for a high of {high + 1} and a low of {low - 1} with winds of {wind + 3} or more.",
    )
    return Traits.of(f"Weather: {city}", text)


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param((*FERRY, *FURNITURE), id="with furniture"),
        pytest.param(FERRY[:2], id="cut"),
        pytest.param((*FERRY[:2], OTHER[1]), id="with another last third"),
    ],
)
def test_a_story_edited_for_another_page_is_a_duplicate(edited: tuple[str, ...]) -> None:
    scores = link_scores(Traits.of(HEADLINE, FERRY), Traits.of("New ferries", edited))
    assert scores.rel == "duplicate"
    assert "shorter text" in scores.explanation


def test_two_reports_from_one_template_are_not_one_text() -> None:
    assert link_scores(weather("Tamworth", 21, 9, 30), weather("Launceston", 14, 3, 45)).rel != "duplicate"


def test_other_words_about_one_event_are_the_event() -> None:
    scores = link_scores(Traits.of(HEADLINE, FERRY), Traits.of("Turkana ferries run on batteries", SAME_EVENT))
    assert scores.rel == "event"
    assert "turkana" in scores.explanation


def test_stories_with_nothing_in_common_are_nothing_to_one_another() -> None:
    assert link_scores(Traits.of(HEADLINE, FERRY), Traits.of("Norway holds rates", OTHER)).rel is None


def test_which_story_comes_first_changes_nothing() -> None:
    one, other = Traits.of(HEADLINE, FERRY), Traits.of("Turkana ferries run on batteries", SAME_EVENT)
    assert link_scores(one, other).percent == link_scores(other, one).percent


def test_pairs_are_told_among_many() -> None:
    stories = [Traits.of(HEADLINE, FERRY), Traits.of("Norway holds rates", OTHER), Traits.of("", FERRY[:2])]
    assert cluster_pairs(stories) == {(0, 2)}


def test_empty_copy_is_like_nothing() -> None:
    assert link_scores(Traits.of("", ()), Traits.of("", ())).rel is None


@pytest.mark.parametrize("kind", ["furniture", "in long furniture", "cut to 60 %", "cut, in furniture", "a third new"])
def test_every_made_up_edit_of_a_kind_is_told_to_be_one_text(kind: str) -> None:
    edited = [pair for pair in pairs() if pair.kind == kind]
    assert len(edited) == 12
    assert all(between(pair) == "duplicate" for pair in edited)


def test_no_two_reports_of_one_form_are_told_to_be_one_text() -> None:
    assert not any(between(pair) == "duplicate" for pair in pairs() if pair.kind == "same form")


def between(pair: Pair) -> str | None:
    one, other = (Traits.of("", tuple(paragraphs(text))) for text in (pair.first, pair.second))
    return link_scores(one, other).rel
