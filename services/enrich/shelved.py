"""A story on the shelf: as it was laid there, and as it goes on when it is let go. Pure but for the clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from services.enrich.rules.undoing import lifted
from services.enrich.rules.verdict import Holding
from shared.events import ArticleEnriched, InvalidEvent, Outcome, StageOutcome, StageResult

__all__ = ["Held", "Unreadable", "held_from", "released"]


class Unreadable(ValueError):
    """What lies on the shelf is no event of this version."""


@dataclass(frozen=True, slots=True)
class Held:
    """A story on the shelf."""

    event: ArticleEnriched
    holding: Holding
    rules: tuple[str, ...]
    """Every rule that kept it there."""
    since: datetime


def held_from(fields: Mapping[str, str]) -> Held:
    """Read what lies there.

    Raises:
        Unreadable: it is not what this version laid there.
    """
    try:
        event = {name.encode(): value.encode() for name, value in json.loads(fields["event"]).items()}
        until = datetime.fromisoformat(fields["until"]) if fields["until"] else None
        return Held(
            event=ArticleEnriched.from_fields(event),
            holding=Holding(fields["rule"], fields["reason"], until),
            rules=tuple(json.loads(fields["rules"])),
            since=datetime.fromisoformat(fields["since"]),
        )
    except (KeyError, ValueError, InvalidEvent) as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error


def released(held: Held, by: str | None) -> tuple[ArticleEnriched, StageOutcome]:
    """Return the event as it goes on, and what the log says of it. The article's dates are as they were.

    ``by`` is the editor who says so, which ends a rule's embargo too; without, the embargo is over.
    """
    now = datetime.now(UTC)
    article = held.event.data
    if by is not None:
        article = lifted(article, held.rules)
    event = held.event.model_copy(update={"time": now, "data": article})
    newsroom = article.newsroom
    result = StageResult(
        stage="enrich",
        outcome=Outcome.EMITTED,
        input=f"{event.id}.release",
        story_id=newsroom.story_id,
        revision=newsroom.revision,
        change=newsroom.change,
        origin=newsroom.source,
        code="released" if by is not None else "embargo_over",
        detail=by if by is not None else held.holding.rule,
        emitted=event.id,
        raw=newsroom.raw,
        since_received_ms=round((now - newsroom.received).total_seconds() * 1000, 1),
    )
    return event, StageOutcome.of(result, traceparent=event.traceparent)
