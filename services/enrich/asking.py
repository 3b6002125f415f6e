"""Asking a list of loaded enrichers about a batch of articles, one after the other. Pure but for the clock."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from services.enrich.additions import Additions, Enricher, Finding, Found
from services.enrich.copy import Copy
from services.enrich.loading import Absent, Loaded
from shared.article import Article, Skipped

__all__ = ["Asked", "ask_all"]

Asked = tuple[list[list[Finding]], dict[str, float]]
"""For each article its findings in the registry's order, and the seconds that each enricher took for the batch."""


def ask_all(loaded: Sequence[Loaded | Absent], articles: Sequence[Article]) -> Asked:
    """Ask every enricher about every article. One that raises costs its own finding, of the article that made it."""
    copies = [Copy.of(article) for article in articles]
    findings: list[list[Finding]] = [[] for _ in copies]
    found: list[dict[str, Additions]] = [{} for _ in copies]
    took: dict[str, float] = {}
    for one in loaded:
        started = time.perf_counter()
        answers = _ask(one, [copy.knowing(known) for copy, known in zip(copies, found, strict=True)])
        took[one.enricher.name] = time.perf_counter() - started
        for story, known, answer in zip(findings, found, answers, strict=True):
            story.append(answer)
            if isinstance(answer, Found):
                known[one.enricher.name] = answer.additions
    return findings, took


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
