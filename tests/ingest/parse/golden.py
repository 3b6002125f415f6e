"""Golden pairs: copy as it comes, and beside it everything that is read from it; what is not there has its default.

To change what is expected, run the tests with ``GOLDEN=write``: every pair that differs is written anew and still fails
once, with the difference to look at before it is committed.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from difflib import unified_diff
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from services.ingest.items import Hints, Parsed, UnreadableCopy
from services.ingest.parse import parse

FIXTURES = Path(__file__).parents[1] / "fixtures"
CONTENT_TYPES = {
    ".txt": "text/plain; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".json": "application/json",
    ".wire": "application/octet-stream",
    ".eml": "message/rfc822",
}
FOLDERS = {
    "PLAIN": "plain",
    "PAGE": "page",
    "RSS": "rss",
    "ATOM": "atom",
    "JSON_FEED": "json-feed",
    "NINJS": "ninjs",
    "NEWSML_G2": "newsml-g2",
    "NITF": "nitf",
    "NEWSML_1": "newsml1",
    "IPTC7901": "iptc7901",
    "ANPA": "anpa1312",
    "ZCZC": "zczc",
    "MESSAGE": "rfc822",
}
"""Where the pairs of a format are, by its name in ``Format``."""
HINTS = Hints(
    provider="The source",
    timezone=ZoneInfo("Australia/Hobart"),
    timezone_name="Australia/Hobart",
    received=datetime(2024, 3, 4, 6, tzinfo=UTC),
)

PARSED = TypeAdapter(Parsed)


def pairs() -> list[Path]:
    """Return the copy of every pair."""
    return [
        path
        for path in sorted(FIXTURES.rglob("*.*"))
        if path.suffix in CONTENT_TYPES and not path.name.endswith(".expected.json")
    ]


def read(path: Path) -> Parsed:
    """Read one fixture the way it would come in."""
    # Pages and feeds come from somewhere, and their links are relative to it.
    folder = path.parent.name
    address = f"https://{folder}.example/from/here" if folder in {"page", "rss", "atom", "json-feed"} else None
    hints = Hints(
        provider=HINTS.provider,
        timezone=HINTS.timezone,
        timezone_name=HINTS.timezone_name,
        received=HINTS.received,
        url=address,
    )
    return parse(path.read_bytes(), content_type=CONTENT_TYPES[path.suffix], hints=hints)


def outcome(path: Path) -> dict[str, Any]:
    """Return what one fixture gives: items and warnings, or the refusal.

    Without the charset where it is what was declared: that is test_charset's, and would stand in every pair.
    """
    try:
        parsed = read(path)
    except UnreadableCopy as refusal:
        return {"refused": refusal.code, "detail": refusal.detail}
    items = [replace(i, assumptions=tuple(n for n in i.assumptions if n.code != "charset_read")) for i in parsed.items]
    document = PARSED.dump_python(replace(parsed, items=tuple(items)), mode="json", exclude_defaults=True)
    return cast("dict[str, Any]", document)


def difference(path: Path) -> str:
    """Return what differs from the expectation, as a diff; the empty string when nothing does."""
    expected_at = path.with_suffix(".expected.json")
    actual = json.dumps(outcome(path), ensure_ascii=False, indent=2) + "\n"
    expected = expected_at.read_text(encoding="utf-8") if expected_at.exists() else ""
    if actual != expected and os.environ.get("GOLDEN") == "write":
        expected_at.write_text(actual, encoding="utf-8")
    return "\n".join(unified_diff(expected.splitlines(), actual.splitlines(), "expected", "actual", lineterm=""))
