from __future__ import annotations

import pytest

from services.enrich.copy import Copy
from services.enrich.enrichers import declared
from shared.article import Article, Subject, Tag
from tests.enrich.stories import story

FIND = declared.load()


def tags(article: Article) -> tuple[Tag, ...]:
    return FIND([Copy.of(article)])[0].tags


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param({"uri": "http://cv.iptc.org/newscodes/mediatopic/20000065"}, id="the address of a topic"),
        pytest.param({"uri": "medtop:20000065"}, id="its QCode as an address"),
        pytest.param({"literal": "medtop:20000065"}, id="its QCode as a literal"),
        pytest.param({"uri": "http://cv.iptc.org/newscodes/subjectcode/16003000"}, id="the address of a subject code"),
        pytest.param({"literal": "subj:16003000"}, id="a subject code"),
        pytest.param({"literal": "16003000"}, id="a bare number"),
    ],
)
def test_a_declared_code_becomes_a_topic_in_every_notation(subject: dict[str, str]) -> None:
    (tag,) = tags(story(subjects=(Subject(name="whatever", **subject),)))
    assert (tag.scheme, tag.code, tag.name, tag.confidence) == ("mediatopic", "medtop:20000065", "civil unrest", 99)
    assert "declared by the provider" in (tag.explanation or "")


def test_a_retired_topic_becomes_its_replacement_and_the_explanation_says_so() -> None:
    (tag,) = tags(story(subjects=(Subject(name="war crime action", uri="medtop:20000064"),)))
    assert (tag.code, tag.confidence) == ("medtop:20000105", 95)
    assert "medtop:20000064, war crime action, retired on 2016-04-05" in (tag.explanation or "")


def test_a_subject_without_a_code_is_read_by_its_name() -> None:
    (tag,) = tags(story(subjects=(Subject(name="Soccer"),)))
    assert (tag.code, tag.confidence) == ("medtop:20001065", 95)


def test_a_keyword_that_is_a_label_becomes_a_topic_and_others_do_not() -> None:
    (tag,) = tags(story(newsroom={"keywords": ("Earthquake", "ferries")}))
    assert tag.code == "medtop:20000153"


def test_one_topic_declared_twice_is_one_tag_as_sure_as_the_surer() -> None:
    subjects = (Subject(name="soccer"), Subject(name="football", uri="medtop:20001065"))
    assert [(tag.code, tag.confidence) for tag in tags(story(subjects=subjects))] == [("medtop:20001065", 99)]


def test_a_subject_that_an_enricher_added_is_not_declared() -> None:
    ours = Subject(name="soccer", uri="medtop:20001065", creator="urn:wireroom:enricher:topics:1")
    assert tags(story(subjects=(ours,))) == ()


def test_codes_that_no_vocabulary_has_are_passed_over() -> None:
    assert tags(story(subjects=(Subject(name="x", literal="99999999"), Subject(name="y", uri="medtop:1")))) == ()
