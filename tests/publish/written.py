"""Invented copy for the tests of publish: one story, in as many revisions as a test needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.article import Article, Body, Change, Description, Headline, Newsroom, PubStatus

START = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)
STATUS = {Change.KILL: PubStatus.CANCELED, Change.WITHHOLD: PubStatus.WITHHELD}


def article(
    story_id: str = "ferry1",
    revision: int = 1,
    change: Change = Change.NEW,
    *,
    headline: str = "Harbour ferry returns to service after winter refit",
    summary: str = "The first crossing left at dawn with forty passengers.",
    body: str = "<p>The ferry sailed at dawn.</p><p>It was full by noon.</p>",
    first_created: datetime | None = START,
    newsroom: dict[str, Any] | None = None,
    **members: Any,
) -> Article:
    """Return one revision; kills and withholds carry no copy, as ingest sends them. Minutes follow revisions."""
    moment = START + timedelta(minutes=revision)
    empty = change in STATUS
    return Article(
        uri=members.pop("uri", f"urn:wireroom:story:{story_id}"),
        first_created=first_created,
        version_created=members.pop("version_created", moment),
        pub_status=members.pop("pub_status", STATUS.get(change, PubStatus.USABLE)),
        headlines=() if empty else (Headline(value=headline),),
        descriptions=() if empty or not summary else (Description(value=summary),),
        bodies=() if empty or not body else (Body(value=body),),
        newsroom=Newsroom(
            **{
                "story_id": story_id,
                "revision": revision,
                "change": change,
                "source": "demo",
                "provider": "Coastline Radio",
                "section": "local",
                "received": moment + timedelta(seconds=1),
                **(newsroom or {}),
            }
        ),
        **members,
    )
