"""The article that an admitted item becomes. Pure: what the copy says, in IPTC terms, and the newsroom's facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.ingest.items import Item
from services.ingest.lifecycle.decide import Decision
from services.ingest.lifecycle.sections import section_of
from services.ingest.lifecycle.state import StoryState
from services.ingest.lifecycle.treatment import treatment_of
from services.ingest.settings import Source
from shared.article import (
    AltId,
    Article,
    Body,
    Change,
    Description,
    Headline,
    InfoSource,
    Newsroom,
    PubStatus,
)

__all__ = ["Origin", "article_of"]

STATUS = {Change.KILL: PubStatus.CANCELED, Change.WITHHOLD: PubStatus.WITHHELD}
"""Every other change leaves a story that may be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an item came from: the source, and the bytes in the archive."""

    source: str
    config: Source
    received: datetime
    raw: str
    raw_type: str
    sections: tuple[str, ...] = ()
    """Those of the site, to which the copy's own words may lead it."""


def article_of(item: Item, decision: Decision, origin: Origin, *, story_id: str) -> Article:
    """Make the article of an emitted decision.

    What is taken back takes its text along: a kill or withhold carries no body, no summary and no picture, and of copy
    that readers never saw not a word.
    """
    state, change = decision.state, decision.change
    if state is None or change is None:
        raise ValueError("only an emitted decision becomes an article")
    if decision.is_silent:
        item = _silenced(item)
    status = STATUS.get(change, PubStatus.USABLE)
    shown = status is PubStatus.USABLE
    return Article(
        uri=state.uri,
        representation_type=("full" if item.body_html else "partial") if shown else None,
        version=None if item.version is None else str(item.version),
        first_created=item.published,
        version_created=item.modified,
        embargoed_until=item.embargoed_until if shown else None,
        pub_status=status,
        urgency=item.urgency,
        copyright_notice=item.copyright_notice,
        copyright_holder=item.copyright_holder,
        usage_terms=item.usage_terms,
        expires=item.expires,
        ed_note=item.ed_note,
        language=item.language or origin.config.language,
        headlines=(Headline(value=item.headline),) if item.headline else (),
        descriptions=(Description(value=item.summary),) if shown and item.summary else (),
        bodies=(Body(value=item.body_html),) if shown and item.body_html else (),
        people=item.people if shown else (),
        organisations=item.organisations if shown else (),
        places=item.places if shown else (),
        subjects=item.subjects if shown else (),
        genres=item.genres if shown else (),
        associations=item.pictures if shown else (),
        slugline=item.slugline if shown else None,
        info_sources=(InfoSource(name=item.provider or origin.config.provider),),
        by=item.by if shown else None,
        located=item.dateline.place if shown and item.dateline else None,
        alt_ids=_wire_names(item) if shown else (),
        newsroom=_newsroom(item, origin, change, state, story_id=story_id),
    )


def _silenced(item: Item) -> Item:
    """Return what may be told of copy that nobody may read: which story it is about, and its place in the order."""
    return Item(
        headline="",
        identity=item.identity,
        identity_inferred=item.identity_inferred,
        version=item.version,
        published=item.published,
        modified=item.modified,
        urgency=item.urgency,
        pub_status=item.pub_status,
        change=item.change,
    )


def _wire_names(item: Item) -> tuple[AltId, ...]:
    """Return what an old wire calls the sending: its number, and the digest that tells it from others so numbered."""
    names = {"wire-sequence": item.wire_sequence, "transmission": item.transmission}
    return tuple(AltId(role=role, value=value) for role, value in names.items() if value)


def _newsroom(item: Item, origin: Origin, change: Change, state: StoryState, *, story_id: str) -> Newsroom:
    shown = change not in STATUS
    return Newsroom(
        story_id=story_id,
        revision=state.emitted,
        change=change,
        source=origin.source,
        provider=item.provider or origin.config.provider,
        section=section_of(item, origin.sections, origin.config.section),
        received=origin.received,
        raw=origin.raw or None,
        raw_type=origin.raw_type or None,
        url=item.url,
        identity="declared" if item.identity and not item.identity_inferred else "inferred",
        dateline=item.dateline if shown else None,
        assumptions=item.assumptions,
        also_from=state.also_from if shown else (),
        treatment=treatment_of(item),
        keywords=item.keywords if shown else (),
    )
