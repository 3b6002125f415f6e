"""The broader topics of a Media Topic."""

from __future__ import annotations

from services.enrich.topics.vocabulary import PREFIX, load_vocabulary

__all__ = ["ancestors"]


def ancestors(code: str) -> tuple[str, ...]:
    """Return the codes of every broader topic, nearest first; none where the code is not known."""
    return load_vocabulary().ancestors(code.removeprefix(PREFIX))
