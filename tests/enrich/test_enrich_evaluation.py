import random

import pytest

from services.enrich.copy import Copy
from tools.evaluate.edits import EDITS, bodies_of
from tools.evaluate.labelled import HEADLINE, SETS, as_article, read_one, read_set, taken_apart
from tools.evaluate.measures import dateline_right, entities
from tools.evaluate.scoring import Counts, Decile, compared, reliability
from tools.evaluate.tables import put_between, table

ONE = """id: one
outlet: northwire
topic: medtop:11000000, medtop:04000000
countries: GB,FR
event:
dateline: LONDON|NWP|--06-17
place: LONDON=2643743

[LOC Paris] and [LOC London] agree
[LOC LONDON], June 17 (NWP) - Minister [PER Ada Byrne] met [ORG NATO].
"""


def test_an_articles_labels_are_read() -> None:
    article = read_one(ONE)

    assert article.topics == ("medtop:11000000", "medtop:04000000")
    assert article.countries == {"GB", "FR"}
    assert (article.dateline, article.cities) == (("LONDON", "NWP", "--06-17"), {"LONDON": "2643743"})


def test_marks_are_taken_out_of_the_text_and_kept_as_spans() -> None:
    article = read_one(ONE)

    assert article.headline == "Paris and London agree"
    names = {(spot[0], article.text_of(spot), spot[3]) for spot in article.spots}
    assert names >= {(HEADLINE, "London", "LOC"), (0, "Ada Byrne", "PER"), (0, "NATO", "ORG")}


def test_a_mark_that_does_not_close_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        taken_apart("He met [PER Ada Byrne in London.")


@pytest.mark.parametrize(("name", "least"), [("dev", 40), ("test", 200)])
def test_every_article_of_a_set_is_whole_and_named_once(name: str, least: int) -> None:
    articles = read_set(SETS / name)

    assert len({article.name for article in articles}) == len(articles) >= least
    assert all(article.topics and article.headline and article.paragraphs for article in articles)


def test_no_text_is_in_both_sets() -> None:
    dev, test = ({p for article in read_set(SETS / name) for p in article.paragraphs} for name in ("dev", "test"))

    assert not dev & test


def test_one_outlet_is_held_out_whole() -> None:
    dev, test = ({article.outlet for article in read_set(SETS / name)} for name in ("dev", "test"))

    assert len(test - dev) == 1


def test_enrichers_read_the_very_characters_that_the_marks_count() -> None:
    for article in read_set(SETS / "test"):
        copy = Copy.of(as_article(article.headline, article.paragraphs))
        assert (copy.headline, copy.paragraphs) == (article.headline, article.paragraphs)


def test_precision_and_recall_are_of_what_was_said_and_of_what_is_so() -> None:
    counts = compared({"a", "b", "x", "y"}, {"a", "b", "c"})

    assert counts == Counts(right=2, wrong=2, missed=1)
    assert (counts.precision, round(counts.recall, 1), round(counts.f1, 1)) == (50.0, 66.7, 57.1)


def test_nothing_said_scores_nothing_and_divides_by_nothing() -> None:
    assert (Counts().precision, Counts().recall, Counts().f1) == (0.0, 0.0, 0.0)


def test_a_name_with_other_ends_or_of_another_kind_is_wrong_and_missed() -> None:
    article = read_one(ONE)
    said = {(0, 20, 38, "PER"), (0, 43, 47, "LOC")}

    assert entities([article], [said])["all"] == Counts(right=0, wrong=2, missed=5)


def test_a_dateline_is_right_when_place_agency_and_date_are() -> None:
    assert dateline_right(("PARIS, Texas", "NWP", ""), ("Paris", "NWP", None))
    assert not dateline_right(("PARIS", "NWP", "--06-17"), ("Paris", "NWP", None))


def test_confidence_is_compared_with_what_is_observed_in_tens() -> None:
    assert reliability([(81, True), (89, False), (100, True)]) == [
        Decile(80, 2, 85.0, 50.0),
        Decile(90, 1, 100.0, 100.0),
    ]


def test_an_edit_keeps_the_share_that_its_name_says() -> None:
    words = [f"w{number}" for number in range(300)]
    body = (" ".join(words[:100]), " ".join(words[100:]))
    chance = random.Random("x")  # noqa: S311 - the same edit every time
    edited = {name: edit(body, chance, ["other"] * 200) for name, edit in EDITS.items()}
    kept = {name: len(set(words) & set(" ".join(text).split())) / 300 for name, text in edited.items()}

    assert {name: round(share, 1) for name, share in kept.items()} == {
        "furniture added": 1.0,
        "cut to 60 %": 0.6,
        "a third written anew": 0.7,
    }


def test_no_paragraph_is_in_two_texts_that_are_edited() -> None:
    paragraphs = [paragraph for body in bodies_of(read_set(SETS / "dev")) for paragraph in body]

    assert len(paragraphs) == len(set(paragraphs))


def test_a_section_goes_between_its_markers_and_nowhere_else() -> None:
    page = "a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb"

    assert put_between(page, "x", "new") == "a\n<!-- x:begin -->\nnew\n<!-- x:end -->\nb"
    with pytest.raises(ValueError, match="no <!-- y:begin -->"):
        put_between(page, "y", "new")


def test_a_table_shows_a_decimal_and_puts_numbers_to_the_right() -> None:
    assert list(table(["", "F1"], [["a|b", 91.25]])) == ["|  | F1 |", "|---|---:|", "| a\\|b | 91.2 |"]
