from __future__ import annotations

import hashlib
import json

import pytest

from services.enrich.additions import Additions
from services.enrich.copy import READ, Copy
from services.enrich.enrichers import topics
from services.enrich.topics.features import weigh
from services.enrich.topics.model import FACTS, WEIGHTS, load_model, sure
from shared.article import Tag
from tests.enrich.stories import story

FIND = topics.load()

STORIES = {
    "15000000": ("Rovers win cup after shootout", "The goalkeeper saved two penalties as Rovers beat United at home."),
    "04000000": (
        "Shares slide as bank lifts rates",
        "Investors sold stocks after the central bank raised rates again.",
    ),
    "03000000": (
        "Quake kills nine in mountain villages",
        "Rescuers dug through rubble after an earthquake of magnitude 6.",
    ),
    "17000000": (
        "Snow and gales forecast for the north",
        "Forecasters expect blizzards and temperatures of minus 12 Celsius.",
    ),
    "09000000": (
        "Dockers walk out in row over pay",
        "The union said 900 workers joined picket lines on the first day of the strike.",
    ),
    "02000000": (
        "Man jailed for murder of shopkeeper",
        "A court sentenced him to life in prison; the jury had found him guilty.",
    ),
    "16000000": (
        "Shelling resumes hours after truce",
        "Rebels and the army accused each other of breaking the ceasefire as troops dug in.",
    ),
    "12000000": (
        "Thousands join pilgrimage to hill shrine",
        "The archbishop led prayers and blessed the worshippers at the cathedral.",
    ),
}


def tags(headline: str, *paragraphs: str, language: str | None = "en") -> tuple[Tag, ...]:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return FIND([Copy.of(story(headline=headline, body=body, language=language))])[0].tags


@pytest.mark.parametrize("code", STORIES)
def test_the_first_tag_is_the_top_level_topic(code: str) -> None:
    first = tags(*STORIES[code])[0]
    assert (first.scheme, first.code, first.rel) == ("mediatopic", f"medtop:{code}", "about")


def test_the_explanation_gives_words_of_the_copy() -> None:
    first = tags(*STORIES["09000000"])[0]
    assert "picket" in (first.explanation or "")
    assert "dockers" not in (first.name or "")


def test_finer_topics_are_told_where_the_copy_says_them() -> None:
    assert "medtop:20000153" in {tag.code for tag in tags(*STORIES["03000000"])}


def test_a_finer_topic_said_once_in_passing_is_not_told() -> None:
    headline, lead = STORIES["04000000"]
    assert "medtop:20000153" not in {tag.code for tag in tags(headline, lead, "An earthquake struck elsewhere.")}


def test_a_second_top_level_topic_is_told_where_it_is_likely_too() -> None:
    found = tags(
        "Minister defends tax on bank profits before vote",
        "Parliament votes on a tax on bank profits; investors sold shares while the opposition called for an election.",
    )
    assert {"medtop:04000000", "medtop:11000000"} <= {tag.code for tag in found}


def test_copy_in_another_language_gets_no_topic() -> None:
    assert tags("Die Regierung tritt zurück", "Der Kanzler reichte seinen Rücktritt ein.", language="de") == ()
    assert tags("Die Regierung tritt zurück", "Der Kanzler reichte seinen Rücktritt ein.", language=None) == ()


def test_english_is_known_by_its_stop_words_where_no_language_was_found() -> None:
    assert tags(*STORIES["15000000"], language=None)[0].code == "medtop:15000000"


@pytest.mark.parametrize("text", ["", "🙂 🙂 🙂", "…", "of the and"])
def test_copy_without_a_word_to_go_by_gets_no_topic(text: str) -> None:
    assert tags(text) == ()


@pytest.mark.parametrize(
    "text", ["goal " * READ, "x" * 50 * READ, "ⅷ日本語" * 500, "ПУТИН " * 900], ids=lambda text: text[:6]
)
def test_odd_copy_is_no_error(text: str) -> None:
    assert len(tags(text, text)) <= 6


def test_an_answer_does_not_depend_on_the_rest_of_the_batch() -> None:
    copies = [Copy.of(story(headline=head, body=f"<p>{lead}</p>", language="en")) for head, lead in STORIES.values()]
    assert [FIND([copy])[0] for copy in copies] == list(FIND(copies))
    assert FIND([]) == []


@pytest.mark.parametrize("features", [1, 10, 300])
def test_confidence_grows_with_the_chance(features: int) -> None:
    model = load_model()
    for curve in (model.alone, model.embedded):
        steps = [sure(chance, features, curve) for chance in (0.0, 0.2, 0.5, 0.9, 1.0)]
        assert steps == sorted(steps)
        assert 0 <= steps[0] < steps[-1] <= 100


def test_a_table_of_results_is_told_by_its_few_words() -> None:
    rows = ("Third round", "1-Adam Brook (Britain) beat Luc Maret (France) 6-4 6-3", "Leading scores 66 68 71")
    assert tags("Tennis - Open results", *rows, language=None)[0].code == "medtop:15000000"


def test_a_table_in_another_language_that_was_told_gets_no_topic() -> None:
    assert tags("Tennis - Ergebnisse", "Finale: Adam Brook - Luc Maret 6-4 6-3", language="de") == ()


def test_word_lists_count_for_less_on_a_headline_than_on_an_article() -> None:
    mix = load_model().mix
    assert 0 < mix.lists(8) < mix.lists(20) < mix.lists(200) == mix.most


def test_an_embedding_of_another_size_is_passed_over() -> None:
    model, weighed = load_model(), weigh([(1.0, "Rovers win cup after shootout")])
    alone, odd = model.judge(weighed), model.judge(weighed, b"\x01\x02")
    assert alone is not None
    assert odd is not None
    assert list(alone.chances) == list(odd.chances)


def test_what_was_learnt_of_embeddings_is_small_beside_the_weights_of_words() -> None:
    model = load_model()
    assert model.head.nbytes + model.head_bias.nbytes < 1_000_000
    assert WEIGHTS.stat().st_size < 1_000_000


def test_the_language_that_was_found_is_read() -> None:
    copy = Copy.of(story(language=None)).knowing({"language": Additions(language="de")})
    assert FIND([copy])[0].tags == ()


def test_the_facts_beside_the_weights_are_of_these_weights() -> None:
    facts = json.loads(FACTS.read_text(encoding="utf-8"))
    assert facts["weights_sha256"] == hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
