"""Topics in the full tier, where the embedding of headline and lead is read too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.enrich.additions import Additions, Enrich
from services.enrich.copy import Copy
from services.enrich.enrichers import embedding, topics
from services.enrich.registry import DEFAULT, FULL
from tests.enrich.stories import story

FIND = topics.load()
HEADLINE = "He crossed the line with his arms up"
LEAD = "Behind him they were still coming off the hill, heads down, and the clock said two hours four."


@pytest.fixture(scope="module")
def embed() -> Enrich:
    try:
        return embedding.load()
    except embedding.ModelMissing as missing:
        pytest.skip(f"the full tier is not installed: {missing}")


@pytest.fixture(scope="module")
def knowing(embed: Enrich) -> Callable[[Copy], Copy]:
    return lambda copy: copy.knowing({"embedding": embed([copy])[0]})


@pytest.fixture
def copy() -> Copy:
    return Copy.of(story(headline=HEADLINE, body=f"<p>{LEAD}</p>", language="en"))


def test_the_embedding_comes_before_topics_in_the_full_tier_alone() -> None:
    names = [enricher.name for enricher in FULL]
    assert names.index("embedding") < names.index("topics")
    assert [name for name in names if name != "embedding"] == [enricher.name for enricher in DEFAULT]


def test_the_embedding_changes_the_answer(copy: Copy, knowing: Callable[[Copy], Copy]) -> None:
    alone, full = FIND([copy])[0].tags, FIND([knowing(copy)])[0].tags
    assert [tag.code for tag in alone] != [tag.code for tag in full]


def test_what_the_words_do_not_say_the_embedding_does(copy: Copy, knowing: Callable[[Copy], Copy]) -> None:
    assert FIND([knowing(copy)])[0].tags[0].code == "medtop:15000000"


def test_without_the_embedding_topics_are_those_of_the_default_tier(copy: Copy) -> None:
    assert FIND([copy.knowing({"embedding": Additions(traits={})})]) == FIND([copy])


def test_the_answer_is_the_same_beside_other_stories(copy: Copy, knowing: Callable[[Copy], Copy]) -> None:
    other = Copy.of(story(headline="Rovers win cup after shootout", body="<p>A goalkeeper saved two.</p>"))
    assert FIND([knowing(other), knowing(copy)])[1] == FIND([knowing(copy)])[0]
