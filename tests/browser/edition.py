"""A day's paper of invented news, ``paper/``: enough of it that every page of the site has something to show."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.article import AlsoFrom, Article, Change, Dateline, Kind, Link, Tag
from tests.publish.written import article

__all__ = ["LEADING", "edition"]

PAPER = Path(__file__).parent / "paper"
NOW = datetime(2026, 6, 17, 5, 40, tzinfo=UTC)
LEADING = "tides1"
"""The story that has everything a story's page can show."""

NOTE = "Eds: Corrects the length of the line to 84 kilometres, from 48, in the second paragraph. Call the desk."
BODY = (PAPER / "tides.html").read_text(encoding="utf-8")
TOPICS = {
    "world": ("20000426", "Flood"),
    "news": ("20000337", "Transport"),
    "business": ("20000344", "Economy"),
    "science": ("20000717", "Natural science"),
    "sport": ("15000000", "Sport"),
    "culture": ("20000002", "Arts and entertainment"),
}


def edition() -> list[Article]:
    """Return all revisions of all stories; the leading one was corrected."""
    with (PAPER / "stories.tsv").open(encoding="utf-8", newline="") as file:
        rows = {row["story_id"]: row for row in csv.DictReader(file, delimiter="\t")}
    leading = rows.pop(LEADING)
    oldest_first = sorted(rows.values(), key=lambda row: -float(row["hours"]))
    return [*map(_story, oldest_first), *_leading(leading)]


def _story(row: dict[str, str], *, newsroom: dict[str, Any] | None = None, **members: Any) -> Article:
    moment = NOW - timedelta(hours=float(row["hours"]))
    facts: dict[str, Any] = {
        "section": row["section"],
        "provider": row["provider"],
        "received": moment + timedelta(minutes=3),
        "reading_minutes": 2,
        "tags": _tags(row["section"]),
        **(newsroom or {}),
    }
    return article(
        row["story_id"],
        headline=row["headline"],
        summary=row["summary"],
        body=members.pop("body", f"<p>{row['summary']}</p><p>Nobody who was asked had expected anything else.</p>"),
        first_created=moment,
        version_created=members.pop("version_created", moment),
        urgency=int(row["urgency"]),
        language="en",
        newsroom=facts,
        **members,
    )


def _leading(row: dict[str, str]) -> list[Article]:
    facts: dict[str, Any] = {
        "url": "https://northern-ledger.example/coast/one-line",
        "reading_minutes": 3,
        "word_count": 292,
        "dateline": Dateline(text="BRAYHAVEN, Norland", place="Brayhaven", country="Norland"),
        "keywords": ("sea walls", "fishing"),
        "also_from": (
            AlsoFrom(provider="Coastline Radio", source="coast", story_id="c1", url="https://coastline.example/sea"),
            AlsoFrom(provider="Hills Herald", source="hills", story_id="h1"),
        ),
        "tags": (
            _tag(Kind.PLACE, "Brayhaven", 95, scheme="geonames", code="900000001", country="XN"),
            _tag(Kind.PLACE, "Norland", 40, scheme="iso3166", code="XN", rel="mention"),
            _tag(Kind.PERSON, "Ilse Haverkamp", 90),
            _tag(Kind.ORGANISATION, "Association of Outer Ports", 80),
            *_tags("world"),
        ),
        "links": (
            _link("wall22", "event", 88),
            _link("dunes23", "related", 60),
            _link("storm20", "related", 52),
            _link("vote10", "duplicate", 99),
        ),
    }
    common: dict[str, Any] = {"by": "By Mara Lindqvist", "copyright_notice": "© 2026 Northern Ledger"}
    first = _story(row, newsroom=facts, body=BODY.replace("84 kilometres", "48 kilometres"), **common)
    later = NOW - timedelta(minutes=20)
    facts |= {"revision": 2, "change": Change.CORRECTION, "received": later}
    return [first, _story(row, newsroom=facts, body=BODY, ed_note=NOTE, version_created=later, **common)]


def _tags(section: str) -> tuple[Tag, ...]:
    code, name = TOPICS[section]
    return (_tag(Kind.TOPIC, name, 70, scheme="mediatopic", code=f"medtop:{code}"),)


def _tag(kind: Kind, name: str, relevance: int, scheme: str = "name", **more: Any) -> Tag:
    return Tag(scheme=scheme, name=name, kind=kind, relevance=relevance, confidence=90, enricher="invented", **more)


def _link(story_id: str, rel: Any, score: int) -> Link:
    return Link(story_id=story_id, headline="", rel=rel, score=score, enricher="invented")
