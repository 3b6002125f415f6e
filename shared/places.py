"""How a place that copy prints in capitals is written: ingest and enrich write the same dateline alike."""

from __future__ import annotations

import re

__all__ = ["as_written", "title_case"]

UNCAPITALISED = "de da do dos del di du of the and au sur upon am an la le el al in on by"
SMALL = frozenset(UNCAPITALISED.split())


def title_case(place: str) -> str:
    """Write a place that is in capitals as a reader would: ``RIO DE JANEIRO`` is ``Rio de Janeiro``."""
    words = re.split(r"([ -])", " ".join(place.split()))
    return "".join(_word(word, first=number == 0) for number, word in enumerate(words))


def as_written(place: str) -> str:
    """Leave a place as it is printed, unless that is in capitals."""
    return title_case(place) if place.isupper() else " ".join(place.split())


def _word(word: str, *, first: bool) -> str:
    if word.lower() in SMALL and not first:
        return word.lower()
    if re.fullmatch(r"(?:[^\W\d_]\.)+", word):  # D.C.
        return word
    # L'AQUILA has two capitals, KING'S one.
    return re.sub(r"[^\W\d_]+", lambda part: part[0].lower() if len(part[0]) == 1 and part.start() else _up(part), word)


def _up(part: re.Match[str]) -> str:
    return part[0][:1] + part[0][1:].lower()
