"""The stories of the last days in Redis: each is filed with its traits, and given links to those like it.

Only the later story is given the link; a reader of both has it both ways. Bounded: :class:`LinkSettings`, and every
list of the index holds :data:`MOST_IN_A_LIST` stories. Keys begin with :data:`PREFIX`; nobody else writes them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.enrich.additions import Additions, Finding, Found
from services.enrich.apply import apply
from services.enrich.links.scoring import Scores, link_scores
from services.enrich.links.scripts import FILE, FORGET
from services.enrich.links.settings import LinkSettings
from services.enrich.links.traits import Traits
from services.enrich.metrics import ENRICHER_SKIPPED
from shared.article import Article, Link, Skipped

__all__ = ["NAME", "PREFIX", "Links"]

NAME, VERSION = "links", "1"
PREFIX = "enrich:links:"
MOST_IN_A_LIST = 200
"""Stories under one word. What more stories have than this, the newest of them tell."""
CANDIDATES = 30
"""Stories compared: about two milliseconds."""
MOST = 10
ORDER = {"duplicate": 0, "event": 1, "related": 2}
FORGET_SECONDS = 1.0
"""A kill is worth a longer wait than a link."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A story that was filed before."""

    story_id: str
    headline: str
    received_ms: int
    shown_ms: int
    """When its embargo ends; nobody is told of it before."""
    traits: Traits


class Links:
    """Gives stories their links. For the process that publishes; comparing is pure and elsewhere."""

    def __init__(self, redis: Redis, settings: LinkSettings | None = None) -> None:
        """Use a client that does not decode replies."""
        self._redis = redis
        self._settings = settings or LinkSettings()

    async def finish(self, article: Article, findings: Sequence[Finding]) -> Article:
        """Return the article with its links. A failure of Redis costs it those, and is recorded; never raises one."""
        if article.is_taken_away:
            await self._forget(article)
            return article
        packed = packed_traits(findings)
        if not packed:
            return article
        try:
            async with asyncio.timeout(self._settings.timeout_ms / 1000):
                remembered = await self._file(article, packed)
        except TimeoutError:
            return _without(article, Skipped(name=NAME, reason="late"))
        except (RedisError, OSError) as error:
            return _without(article, Skipped(name=NAME, reason="failed", detail=type(error).__name__))
        links = best_links(article, Traits.unpacked(packed), remembered, self._settings)
        newsroom = article.newsroom.model_copy(update={"links": links})
        recorded = [Found(NAME, VERSION, Additions())]
        return apply(article.model_copy(update={"newsroom": newsroom}), recorded)

    async def _file(self, article: Article, packed: dict[str, bytes]) -> list[Remembered]:
        told: dict[str, Any] = {"headline": article.headline, "at": received_ms(article), "shown": shown_ms(article)}
        fields = [part for field in (told | packed).items() for part in field]
        words = "\n".join(Traits.unpacked(packed).filed_under())
        answer = await self._eval(
            FILE,
            article.newsroom.story_id,
            article.newsroom.revision,
            received_ms(article),
            self._memory,
            self._settings.stories,
            MOST_IN_A_LIST,
            CANDIDATES,
            words,
            len(fields),
            *fields,
        )
        return [_remembered(story_id, fields) for story_id, fields in answer]

    async def _forget(self, article: Article) -> None:
        """Offer the story to no later one. Where that fails, the site shows no link to copy that is gone."""
        newsroom = article.newsroom
        try:
            async with asyncio.timeout(FORGET_SECONDS):
                await self._eval(FORGET, newsroom.story_id, newsroom.revision, self._memory)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("links_not_forgotten", story_id=newsroom.story_id, error=type(error).__name__)

    @property
    def _memory(self) -> int:
        return int(self._settings.remembered_hours * 3600)

    async def _eval(self, script: str, *arguments: Any) -> Any:
        return await cast("Any", self._redis.eval(script, 1, PREFIX, *arguments))


def packed_traits(findings: Iterable[Finding]) -> dict[str, bytes]:
    """Return the traits that the enrichers found, together."""
    packed: dict[str, bytes] = {}
    for finding in findings:
        if isinstance(finding, Found):
            packed |= finding.additions.traits or {}
    return packed


def best_links(
    article: Article, traits: Traits, remembered: Iterable[Remembered], settings: LinkSettings
) -> tuple[Link, ...]:
    """Compare the story with each and return the closest, duplicates first. Copy folded into it has no page."""
    at = received_ms(article)
    own = {article.newsroom.story_id, *(copy.story_id for copy in article.newsroom.also_from)}
    links = []
    for other in remembered:
        if other.story_id in own or other.shown_ms > at:
            continue
        scores, apart = link_scores(traits, other.traits), timedelta(milliseconds=abs(at - other.received_ms))
        limit = settings.related_hours if scores.rel == "related" else settings.hours
        if scores.rel and apart <= timedelta(hours=limit):
            links.append(_link(other, scores))
    return tuple(sorted(links, key=lambda link: (ORDER[link.rel], -link.score, link.story_id))[:MOST])


def received_ms(article: Article) -> int:
    """When the story's copy came, so that a replay finds what the first run found."""
    return int(article.newsroom.received.timestamp() * 1000)


def shown_ms(article: Article) -> int:
    """When the story may be shown: from its embargo on."""
    return int(article.embargoed_until.timestamp() * 1000) if article.embargoed_until else 0


def _link(other: Remembered, scores: Scores) -> Link:
    assert scores.rel  # noqa: S101 - the caller asked
    return Link(
        story_id=other.story_id,
        headline=other.headline,
        rel=scores.rel,
        score=scores.percent,
        enricher=NAME,
        version=VERSION,
        explanation=scores.explanation,
    )


def _remembered(story_id: bytes, listed: list[bytes]) -> Remembered:
    fields = {name.decode(): value for name, value in zip(listed[::2], listed[1::2], strict=True)}
    return Remembered(
        story_id.decode(),
        fields["headline"].decode("utf-8", "replace"),
        int(fields["at"]),
        int(fields["shown"]),
        Traits.unpacked(fields),
    )


def _without(article: Article, skipped: Skipped) -> Article:
    ENRICHER_SKIPPED.labels(skipped.name, skipped.reason).inc()
    return apply(article, [skipped])
