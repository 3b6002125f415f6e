"""The enrichers asked about articles, as a worker of the service asks them, and what they said in the sets' terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from services.enrich.additions import Additions, Found
from services.enrich.asking import ask_all
from services.enrich.links.traits import Traits
from services.enrich.loading import Absent, Loaded
from shared.article import Article, Kind, Position, Tag
from tools.evaluate.labelled import HEADLINE, Spot

__all__ = ["Findings", "asked", "names_found", "spot_of", "tags_of", "traits_of"]

BATCH = 32
KINDS = {Kind.PERSON: "PER", Kind.ORGANISATION: "ORG", Kind.PLACE: "LOC"}

Findings = Mapping[str, Additions]
"""What each enricher found in one article; one that failed is missing."""


def asked(loaded: Sequence[Loaded | Absent], articles: Sequence[Article]) -> list[Findings]:
    """Ask all of them about every article."""
    found: list[Findings] = []
    for start in range(0, len(articles), BATCH):
        stories, _ = ask_all(loaded, articles[start : start + BATCH])
        found += [{one.name: one.additions for one in story if isinstance(one, Found)} for story in stories]
    return found


def names_found(findings: Findings) -> set[Spot]:
    """Return the mentions of ``names``; the adjectives that ``places`` takes for evidence are no names."""
    mentions = findings["names"].mentions if "names" in findings else ()
    return {spot_of(mention.position, KINDS[mention.kind]) for mention in mentions if mention.kind in KINDS}


def spot_of(position: Position, kind: str) -> Spot:
    """Write a position as the sets do."""
    where = HEADLINE if position.part == "headline" else position.paragraph
    return where, position.start, position.end, kind


def tags_of(findings: Findings, *enrichers: str) -> Iterable[Tag]:
    """Yield the tags of these enrichers."""
    for name in enrichers:
        if name in findings:
            yield from findings[name].tags


def traits_of(findings: Findings, *, full: bool) -> Traits:
    """Return what links are found by, with the full tier's embedding or without."""
    packed: dict[str, bytes] = {}
    for name in ("traits", "embedding") if full else ("traits",):
        if name in findings:
            packed |= findings[name].traits or {}
    return Traits.unpacked(packed)
