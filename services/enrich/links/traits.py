"""What a story is compared by, and how it is packed for Redis: some 3 KB for 360 words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from services.enrich.links.shingles import Hashes, facts_of, shingles_of, sketch, words_of
from services.enrich.links.terms import named, weighted_terms
from shared.article import Tag

__all__ = ["DIMENSIONS", "Traits"]

DIMENSIONS = 384
FILED_TERMS, FILED_NAMES = 10, 8
"""Terms and names that a story can be found by. Two stories on one event share several of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """One story as it is compared."""

    shingles: Hashes
    facts: Hashes
    terms: Mapping[str, float]
    names: Mapping[str, float]
    embedding: NDArray[np.int8] | None = None
    """The full tier's: what headline and lead mean, a direction in 384 dimensions."""

    @classmethod
    def of(cls, headline: str, paragraphs: tuple[str, ...], tags: Iterable[Tag] = ()) -> Self:
        """Take a story's traits."""
        words = words_of(paragraphs)
        return cls(shingles_of(words), facts_of(words), weighted_terms(headline, paragraphs), named(tags))

    def packed(self) -> dict[str, bytes]:
        """Lay it out, a field a trait; the same story gives the same bytes."""
        return {
            "shingles": self.shingles.astype("<u4").tobytes(),
            "facts": self.facts.astype("<u4").tobytes(),
            "terms": _laid_out(self.terms),
            "names": _laid_out(self.names),
        }

    @classmethod
    def unpacked(cls, packed: Mapping[str, bytes]) -> Self:
        """Read what :meth:`packed` laid out, and the full tier's embedding where there is one. Missing is empty."""
        embedding = np.frombuffer(packed.get("embedding", b""), np.int8)
        return cls(
            np.frombuffer(packed.get("shingles", b""), "<u4"),
            np.frombuffer(packed.get("facts", b""), "<u4").reshape(-1, 2),
            _read(packed.get("terms", b"")),
            _read(packed.get("names", b"")),
            embedding if len(embedding) == DIMENSIONS else None,
        )

    def filed_under(self) -> list[str]:
        """Return the words of the index that lead to this story: of its text, its terms and its names."""
        return [
            *(f"s:{value:x}" for value in sketch(self.shingles)),
            *(f"t:{term}" for term in list(self.terms)[:FILED_TERMS]),
            *(f"n:{name}" for name in list(self.names)[:FILED_NAMES]),
        ]


def _laid_out(weights: Mapping[str, float]) -> bytes:
    lines = (f"{weight:g}\t{' '.join(term.split())}" for term, weight in weights.items())
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _read(laid_out: bytes) -> dict[str, float]:
    lines = laid_out.decode("utf-8", "surrogatepass").split("\n") if laid_out else []
    return {term: float(weight) for weight, _, term in (line.partition("\t") for line in lines)}
