"""The full tier's embedding of headline and lead."""

from __future__ import annotations

import pytest

from services.enrich.additions import Enrich
from services.enrich.copy import Copy
from services.enrich.enrichers import embedding
from services.enrich.links.scoring import link_scores
from services.enrich.links.traits import Traits
from tests.enrich.stories import story

pytest.importorskip("onnxruntime", reason="the full tier is not installed")
pytest.importorskip("tokenizers", reason="the full tier is not installed")


@pytest.fixture(scope="module")
def enrich() -> Enrich:
    try:
        return embedding.load()
    except embedding.ModelMissing as missing:
        pytest.skip(str(missing))


def copy(headline: str, body: str = "") -> Copy:
    return Copy.of(story(headline=headline, body=body))


def meant(enrich: Enrich, headline: str) -> Traits:
    (found,) = enrich([copy(headline)])
    return Traits.unpacked(found.traits or {})


def test_other_words_for_one_thing_lie_nearer_than_other_things(enrich: Enrich) -> None:
    here = meant(enrich, "Central bank raises interest rates")
    same, other = meant(enrich, "Borrowing costs go up"), meant(enrich, "Striker scores twice in cup final")
    assert link_scores(here, same).alike > link_scores(here, other).alike + 0.1


def test_a_story_means_the_same_whatever_stands_beside_it(enrich: Enrich) -> None:
    first, second = copy("Ferries start on the lake"), copy("Bank of Norway holds its rate " * 20)
    assert enrich([first, second]) == [*enrich([first]), *enrich([second])]


def test_copy_without_words_has_no_embedding(enrich: Enrich) -> None:
    assert enrich([copy("")])[0].traits == {}


def test_odd_copy_is_read_in_bounded_time(enrich: Enrich) -> None:
    assert all(one.traits for one in enrich([copy("x" * 20_000), copy("😀" * 500), copy("שלום " * 300)]))
