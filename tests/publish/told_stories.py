"""A few invented stories with all that the content API can tell of one."""

from __future__ import annotations

from datetime import timedelta

from shared.article import Article, Change, Dateline, Kind, Link, Tag
from tests.publish.written import START, article

__all__ = ["DAY", "TOURISM", "stories", "tagged"]

DAY = START - timedelta(days=1)
"""When the first of them was written: a date after the copy came in is not believed."""
TOURISM = Tag(
    scheme="mediatopic",
    code="medtop:20000337",
    name="tourism",
    enricher="topics",
    confidence=70,
    explanation="rule night-desk",
)
SYDNEY_PLACE = Tag(
    scheme="geonames",
    code="2147714",
    name="Sydney",
    kind=Kind.PLACE,
    country="AU",
    enricher="places",
    confidence=90,
    relevance=80,
)


def tagged(story_id: str = "ferry1", revision: int = 1, change: Change = Change.NEW, *, minutes: int = 0) -> Article:
    """Return a story with tags, a link to ``ferry2`` and facts that are nobody's business."""
    return article(
        story_id,
        revision,
        change,
        first_created=DAY + timedelta(minutes=minutes),
        ed_note="EDITORS: the source asked not to be named",
        newsroom={
            "tags": (TOURISM, SYDNEY_PLACE),
            "links": (Link(story_id="ferry2", headline="An older headline", rel="event", score=80, enricher="links"),),
            "dateline": Dateline(text="SYDNEY (Coastline)", place="Sydney"),
            "routes": ("night-desk",),
            "raw": "0" * 64,
            "url": "https://coastline.example/ferry",
        },
    )


def stories(count: int) -> list[Article]:
    """Return stories a minute apart, ``s0`` the oldest; every third is a sports story, every second another's."""
    return [
        article(
            f"s{number}",
            headline=f"Story number {number}",
            first_created=DAY + timedelta(minutes=number),
            newsroom={
                "section": "sport" if number % 3 == 0 else "local",
                "provider": "Hillside Press" if number % 2 else "Coastline Radio",
                "tags": (TOURISM,) if number % 2 else (),
            },
        )
        for number in range(count)
    ]
