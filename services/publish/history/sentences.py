"""Text cut into sentences, well enough to say which of them changed. Pure."""

from __future__ import annotations

import re

__all__ = ["sentences_of"]

_END = re.compile(
    r"[.!?\u2026]+[\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c\u2018(\[]*[^\W_a-z])|[\u3002\uff01\uff1f]+\u300d?"
)
# What ends in a full stop and seldom ends a sentence. An initial is one letter, and so is the end of U.S.
_SHORT = re.compile(
    r"(?:^|[\s(\"'\u201c\u2018.])(?:[^\W\d_]|Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Gov|Rev|Hon|No|vs|Inc|Ltd|Co"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.$"
)


def sentences_of(text: str) -> list[str]:
    """Return the sentences of one paragraph, in their order; nothing of its words is lost."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        sentence = text[start : end.end()].strip()
        if not _SHORT.search(sentence):
            found.append(sentence)
            start = end.end()
    rest = text[start:].strip()
    return [*found, rest] if rest else found
