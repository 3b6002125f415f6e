"""A verdict in words: every rule, every condition with what it saw, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from services.enrich.rules.applying import apply_rules
from services.enrich.rules.conditions import Node
from services.enrich.rules.strict import in_words
from services.enrich.rules.verdict import Verdict
from shared.article import Article
from shared.events import rfc3339

__all__ = ["explained"]

SHOWN = 160


def explained(article: Article, verdict: Verdict) -> Iterator[str]:
    """Yield the lines."""
    newsroom = article.newsroom
    yield f"{newsroom.story_id} revision {newsroom.revision}, received {rfc3339(newsroom.received)}: {article.headline}"
    if not verdict.judged:
        yield "no rule was asked"
        return
    for judged in verdict.judged:
        yield ""
        yield f"rule {judged.rule.name}: {'met' if judged.met else 'not met'}"
        yield from _tree(judged.node, 1)
        for did in judged.did:
            yield f"  -> {did}"
    yield ""
    yield from _effect(apply_rules(article, verdict), verdict)


def _tree(node: Node, depth: int) -> Iterator[str]:
    saw = "" if node.under else f"  [{_short(in_words(node.saw))}]"
    yield f"{'  ' * depth}{'yes' if node.met else 'no ':<3} {node.words}{saw}"
    for under in node.under:
        yield from _tree(under, depth + 1)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _effect(after: Article, verdict: Verdict) -> Iterator[str]:
    yield "in the end:"
    yield f"  section {after.newsroom.section}, urgency {in_words(after.urgency)}"
    yield f"  tags by rules: {'; '.join(f'{tag.scheme}/{tag.code or tag.name}' for tag in verdict.tags) or 'none'}"
    yield f"  routed to: {', '.join(verdict.routes) or 'no one in particular'}"
    holding = verdict.holding
    yield f"  kept back by {holding.rule}: {holding.reason}" if holding else "  not kept back"
