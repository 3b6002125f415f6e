"""From people and bodies to tags: how much the story is about them, how sure that is, and why."""

from __future__ import annotations

from services.enrich.additions import Mention
from services.enrich.naming.evidence import CONFIDENCE, Proven
from services.enrich.naming.merging import Entity
from services.enrich.naming.spans import HEADLINE, Span, position
from shared.article import Kind, Tag

__all__ = ["mentions", "tag"]

MOST_POSITIONS = 20
ABOUT = 60
"""Relevance from which a story is about a name: in the headline, or in the lead and again."""


def tag(found: Proven, enricher: str, version: str) -> Tag:
    """Return the tag of a person or body."""
    entity, proof = found
    relevance = _relevance(entity)
    return Tag(
        scheme="wikidata" if entity.entry and entity.entry.wikidata else "name",
        code=entity.entry.wikidata if entity.entry else None,
        name=entity.tag_name,
        kind=entity.kind,
        rel="about" if relevance >= ABOUT else "mention",
        relevance=relevance,
        confidence=CONFIDENCE[proof],
        positions=tuple(position(span) for span in entity.spans[:MOST_POSITIONS]),
        enricher=enricher,
        version=version,
        explanation=_explanation(entity),
    )


def mentions(spans: list[Span], entities: list[Entity]) -> tuple[Mention, ...]:
    """Return every name in the story, places too, with the tag that it went into."""
    tags = {(span.where, span.start): entity.tag_name for entity in entities for span in entity.spans}
    return tuple(Mention(span.kind, span.text, position(span), tags.get((span.where, span.start))) for span in spans)


def _relevance(entity: Entity) -> int:
    times = len(entity.spans)
    headline = any(span.where == HEADLINE for span in entity.spans)
    lead = any(span.where == 0 for span in entity.spans)
    return min(100, 15 + 40 * headline + 20 * lead + min(30, 8 * (times - 1)))


def _explanation(entity: Entity) -> str:
    times = {1: "once", 2: "twice"}.get(len(entity.spans), f"{len(entity.spans)} times")
    titles = dict.fromkeys(span.title for span in entity.spans if span.title and entity.kind is Kind.PERSON)
    whys = dict.fromkeys(span.why for span in entity.spans if span.why and span.why != "title")
    forms = [form for form in dict.fromkeys(span.text for span in entity.spans) if form != entity.tag_name]
    said = [f"named {times}"]
    said += [f'"{title}" before it' for title in list(titles)[:2]]
    said += [f"told by: {why}" for why in list(whys)[:2]]
    said += [f"also as {', '.join(forms[:3])}"] if forms else []
    said += ["in the table of names"] if entity.entry else []
    return "; ".join(said)
