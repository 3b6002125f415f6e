"""What speaks for a country, in classes, and what a tag of each class has been found to be worth."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

__all__ = ["CONFIDENCE", "Standing", "standing_of"]


class Standing(StrEnum):
    """How a story speaks of a country, as the calibration prints it."""

    CITY_ONCE = "one of its cities, once within the text"
    CITIES = "its cities alone, early or more than once"
    ADJECTIVE = "its adjective or one of its bodies, once"
    ONCE = "its name, once within the text"
    EARLY = "its name early, or a dateline"
    OFTEN = "by name, dateline and cities, more than twice"


CONFIDENCE = {
    Standing.CITY_ONCE: 25,
    Standing.CITIES: 38,
    Standing.ADJECTIVE: 33,
    Standing.ONCE: 92,
    Standing.EARLY: 90,
    Standing.OFTEN: 96,
}
"""Per cent of tags that are right: what ``python -m tools.evaluate.calibration`` prints, and how it comes by it."""
LITTLE, SOME, MUCH = 0.8, 1.5, 2.5
"""Evidence: less than a name within the text; a name there; twice a name, or a dateline and more."""


def standing_of(weight: float, kinds: Collection[str]) -> Standing:
    """Return the class of a country by the evidence for it and by what kinds of words gave it.

    A dateline is a kind of its own: it says where the story is, which a city's name within the text does not.
    """
    if weight > MUCH:
        return Standing.OFTEN
    if set(kinds) == {"city"}:
        return Standing.CITY_ONCE if weight < LITTLE else Standing.CITIES
    if weight < LITTLE:
        return Standing.ADJECTIVE
    return Standing.ONCE if weight <= SOME else Standing.EARLY
