"""The architecture on one screen: every topic, its event, who writes it and who reads it.

Stream names, group names and dead-letter names derive from here; so do the table in the README, the AsyncAPI
document and the contract tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.events import ArticleDeferred, ArticleEnriched, ArticleIngested, ArticlePublished, Event, StageOutcome


class Lane(StrEnum):
    """Kills, withholds and flashes overtake; everything else is routine."""

    URGENT = "urgent"
    ROUTINE = "routine"


BOTH = (Lane.URGENT, Lane.ROUTINE)


@dataclass(frozen=True)
class Topic:
    """A Redis stream, or one a lane, that carries one event type."""

    name: str
    event: type[Event]
    writer: str
    retention_hours: int
    """Read entries are kept this long for replay; unread ones are kept until they are read."""
    readers: tuple[str, ...] = ()
    """The consumer groups that Wireroom itself makes. Anyone may add their own."""
    others: str = ""
    """Who else it is meant for, in words."""
    lanes: tuple[Lane, ...] = (Lane.ROUTINE,)

    def stream(self, lane: Lane = Lane.ROUTINE) -> str:
        """Return the key of the stream; a topic with one lane has but one."""
        return f"{self.name}.{lane}" if lane is Lane.URGENT and lane in self.lanes else self.name

    @property
    def streams(self) -> tuple[str, ...]:
        return tuple(self.stream(lane) for lane in self.lanes)

    def dead_letters(self, group: str) -> str:
        """Return the stream that holds what ``group`` could not take, whichever lane it came by."""
        return f"{self.name}.{group}.dead"


ARTICLE_INGESTED = Topic(
    "article.ingested", ArticleIngested, writer="ingest", readers=("enrich",), lanes=BOTH, retention_hours=72
)
ARTICLE_ENRICHED = Topic(
    "article.enriched", ArticleEnriched, writer="enrich", readers=("publish",), lanes=BOTH, retention_hours=72
)
ARTICLE_DEFERRED = Topic("article.deferred", ArticleDeferred, writer="enrich", readers=("enrich",), retention_hours=72)
ARTICLE_PUBLISHED = Topic(
    "article.published",
    ArticlePublished,
    writer="publish",
    others="anyone",
    retention_hours=168,
)
NEWSROOM_LOG = Topic(
    "newsroom.log", StageOutcome, writer="every stage", others="dashboards, anyone", retention_hours=168
)

TOPICS = (ARTICLE_INGESTED, ARTICLE_ENRICHED, ARTICLE_DEFERRED, ARTICLE_PUBLISHED, NEWSROOM_LOG)
