"""Asking a list of loaded enrichers about a batch of articles, one after the other. Pure but for the clock."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from services.enrich.additions import Additions, Enricher, Finding, Found
from services.enrich.copy import Copy
from services.enrich.loading import Absent, Loaded
from shared.article import Article, Skipped

__all__ = ["Asked", "Part", "ask_all", "ask_each", "by_name"]

Asked = tuple[list[list[Finding]], dict[str, float]]
"""For each article its findings in the registry's order, and the seconds that each enricher took for the batch."""


class Part(NamedTuple):
    """What one enricher answered for a batch."""

    name: str
    findings: list[Finding]
    """One an article, in their order."""
    seconds: float


def ask_each(loaded: Sequence[Loaded | Absent], articles: Sequence[Article]) -> Iterator[Part]:
    """Ask every enricher about every article, and say what it found before the next is asked.

    One that raises costs its own finding, of the article that made it raise.
    """
    copies = [Copy.of(article) for article in articles]
    found: list[dict[str, Additions]] = [{} for _ in copies]
    for one in loaded:
        started = time.perf_counter()
        answers = _ask(one, [copy.knowing(known) for copy, known in zip(copies, found, strict=True)])
        for known, answer in zip(found, answers, strict=True):
            if isinstance(answer, Found):
                known[one.enricher.name] = answer.additions
        yield Part(one.enricher.name, answers, time.perf_counter() - started)


def ask_all(loaded: Sequence[Loaded | Absent], articles: Sequence[Article]) -> Asked:
    """Ask every enricher about every article, and say at the end what they found."""
    parts = list(ask_each(loaded, articles))
    return [[part.findings[n] for part in parts] for n in range(len(articles))], {p.name: p.seconds for p in parts}


def _ask(one: Loaded | Absent, copies: Sequence[Copy]) -> list[Finding]:
    enricher = one.enricher
    if isinstance(one, Absent):
        return [Skipped(name=enricher.name, reason="failed", detail=f"not loaded: {one.reason}") for _ in copies]
    try:
        answers = one.enrich(copies)
        return [Found(enricher.name, enricher.version, answer) for answer in _one_each(answers, copies)]
    except Exception as error:  # noqa: BLE001 - one story must not cost its batch: find out which it is
        if len(copies) == 1:
            return [_failed(enricher, error)]
        return [answer for copy in copies for answer in _ask(one, [copy])]


def _one_each(answers: Sequence[Additions], copies: Sequence[Copy]) -> Sequence[Additions]:
    if len(answers) != len(copies):
        raise RuntimeError(f"{len(answers)} answers for {len(copies)} stories")
    return answers


def _failed(enricher: Enricher, error: Exception) -> Skipped:
    """Name the error's type alone: its message may hold the copy, or a path."""
    return Skipped(name=enricher.name, reason="failed", detail=type(error).__name__)


def by_name(findings: Sequence[Finding]) -> Mapping[str, Finding]:
    """Return findings by enricher."""
    return {finding.name: finding for finding in findings}
