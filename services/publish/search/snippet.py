"""The words that a story was found by, marked where they stand. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from services.publish.search.question import Question
from services.publish.search.words import Span, spans_of

__all__ = ["Marker"]

WINDOW = 36
"""Words that a snippet has."""
LEAD = 6
"""Of those, before the first that is marked."""
MOST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Marker:
    """Marks the words of one question. What it returns is escaped, but for its own ``<mark>``."""

    words: frozenset[str]
    beginnings: tuple[str, ...]

    @classmethod
    def of(cls, question: Question) -> Marker:
        words = {word for term in question.wanted for word in (*term.words, *term.forms)}
        return cls(frozenset(words), tuple(term.words[0] for term in question.wanted if term.begins))

    def marked(self, text: str) -> Markup:
        """Return the whole text."""
        return self._write(text, [span for span in spans_of(text) if self._is_meant(span)], 0, len(text))

    def snippet(self, text: str) -> Markup | None:
        """Return the stretch of the text that has most of the words; None where it has none of them."""
        spans = list(spans_of(text))[:MOST_WORDS]
        hits = [place for place, span in enumerate(spans) if self._is_meant(span)]
        if not hits:
            return None
        first = max(0, _richest(hits, spans) - LEAD)
        shown = spans[first : first + WINDOW]
        start = 0 if first == 0 else shown[0][0]
        end = len(text) if first + WINDOW >= len(spans) else shown[-1][1]
        body = self._write(text, [span for span in shown if self._is_meant(span)], start, end)
        return Markup("{}{}{}").format("" if start == 0 else "\u2026 ", body, "" if end == len(text) else " \u2026")

    def _is_meant(self, span: Span) -> bool:
        word = span[2]
        return word in self.words or (bool(self.beginnings) and word.startswith(self.beginnings))

    def _write(self, text: str, hits: list[Span], start: int, end: int) -> Markup:
        parts: list[Markup] = []
        done = start
        for first, last, _ in hits:
            parts += (escape(text[done:first]), Markup("<mark>{}</mark>").format(text[first:last]))
            done = last
        parts.append(escape(text[done:end]))
        return Markup("").join(parts)


def _richest(hits: list[int], spans: list[Span]) -> int:
    """Return the place of the hit after which, within a snippet, most different words are found; the first of such."""
    best, most = hits[0], 0
    for number, place in enumerate(hits):
        within = {spans[other][2] for other in hits[number : number + WINDOW] if other < place + WINDOW - LEAD}
        if len(within) > most:
            best, most = place, len(within)
    return best
