"""What speaks for a person or body, in classes, and what a tag of each class has been found to be worth."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from services.enrich.naming.consistency import surname
from services.enrich.naming.merging import Entity
from services.enrich.naming.spans import Span
from shared.article import Kind

__all__ = ["CONFIDENCE", "Proof", "Proven", "believed", "is_told", "proven"]


class Proof(StrEnum):
    """The strongest thing that speaks for a name, as the calibration prints it."""

    TABLE = "in the table of names"
    TITLED = "a person with a title or a role"
    NAMED_AGAIN = "a person by full name, and named again"
    FULL_NAME = "a person by full name, once"
    ONE_NAME = "a person by one word alone"
    OWN_WORDS = "a body by its own words or the story's"
    ACRONYM = "a body by capital letters in a sentence"
    WORDS = "a body of several words, by the model alone"
    ONE_WORD = "a body of one word, by the model alone"
    CITY = "a city's name, by the model alone"
    LOUD = "where every word has a capital, and nowhere else"


CONFIDENCE = {
    Proof.TABLE: 88,
    Proof.TITLED: 96,
    Proof.NAMED_AGAIN: 96,
    Proof.FULL_NAME: 90,
    Proof.ONE_NAME: 15,
    Proof.OWN_WORDS: 93,
    Proof.ACRONYM: 71,
    Proof.WORDS: 48,
    Proof.ONE_WORD: 46,
    Proof.CITY: 19,
    Proof.LOUD: 8,
}
"""Per cent of tags that are right: what ``python -m tools.evaluate.calibration`` prints, and how it comes by it."""
LEAST = 33
"""A class that is right less than one time in three is not told."""


class Proven(NamedTuple):
    entity: Entity
    proof: Proof


def proven(entities: Iterable[Entity], loud: Collection[int], is_city: Callable[[str], bool]) -> list[Proven]:
    """Return the people and bodies that stand in a story, each with what speaks for it.

    ``loud`` are the lines whose capitals say nothing, by their number; ``is_city`` knows names of cities.
    """
    return [Proven(one, _proof(one, loud, is_city)) for one in entities if one.spans]


def is_told(proof: Proof) -> bool:
    """Tell whether names of a class become tags."""
    return CONFIDENCE[proof] >= LEAST


def believed(spans: Sequence[Span], found: Iterable[Proven]) -> list[Span]:
    """Return the names of a story without those that nothing speaks for; a city's name is a place's."""
    proofs = {(span.where, span.start): proof for entity, proof in found for span in entity.spans}
    kept = []
    for span in spans:
        proof = proofs.get((span.where, span.start))
        if proof is Proof.CITY:
            kept.append(replace(span, kind=Kind.PLACE))
        elif proof is None or is_told(proof):
            kept.append(span)
    return kept


def _proof(entity: Entity, loud: Collection[int], is_city: Callable[[str], bool]) -> Proof:
    if entity.entry:
        return Proof.TABLE
    if all(span.where in loud for span in entity.spans):
        return Proof.LOUD
    return _of_person(entity, is_city) if entity.kind is Kind.PERSON else _of_body(entity, is_city)


def _of_person(entity: Entity, is_city: Callable[[str], bool]) -> Proof:
    if any(span.title for span in entity.spans):
        return Proof.TITLED
    if surname(entity.name):
        return Proof.NAMED_AGAIN if len(entity.spans) > 1 else Proof.FULL_NAME
    return Proof.CITY if is_city(entity.name) else Proof.ONE_NAME


def _of_body(entity: Entity, is_city: Callable[[str], bool]) -> Proof:
    if any(span.why for span in entity.spans):
        return Proof.OWN_WORDS
    if is_city(entity.name):
        return Proof.CITY
    if " " in entity.name:
        return Proof.WORDS
    return Proof.ACRONYM if entity.name.isupper() else Proof.ONE_WORD
