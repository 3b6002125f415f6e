"""Precision, recall, F1, and whether a confidence means what it says. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

__all__ = ["Counts", "Decile", "compared", "reliability"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counts:
    """What was right, what was said and is not so, what is so and was not said."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)


def compared(said: Collection[T], true: Collection[T]) -> Counts:
    """Compare two sets."""
    right = len(set(said) & set(true))
    return Counts(right, len(set(said)) - right, len(set(true)) - right)


@dataclass(frozen=True, slots=True)
class Decile:
    """Tags whose confidence begins with the same ten."""

    least: int
    count: int
    confidence: float
    """The mean of what they say of themselves, 0 to 100."""
    observed: float
    """Share of them that is right, 0 to 100."""


def reliability(told: Iterable[tuple[int, bool]]) -> list[Decile]:
    """Put tags, each with its confidence and whether it is right, into tens; empty ones are left out."""
    tens: dict[int, list[tuple[int, bool]]] = {}
    for confidence, right in told:
        tens.setdefault(min(confidence // 10, 9) * 10, []).append((confidence, right))
    return [
        Decile(
            least,
            len(tags),
            sum(confidence for confidence, _ in tags) / len(tags),
            100 * sum(right for _, right in tags) / len(tags),
        )
        for least, tags in sorted(tens.items())
    ]


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0
