"""Copy to items, one document at a time on one core, beside the obvious alternative for its format.

The documents are the golden pairs of the tests: small, and many of them damaged on purpose, so the rates are of many
small documents. Both sides are timed on those that both read without an error. The alternatives do less: they
neither sanitise, nor settle dates and charsets, nor tell kills, embargoes and datelines; feedparser also sanitises.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import io
import json
import re
import statistics
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import feedparser  # type: ignore[import-untyped]
import trafilatura

from services.ingest.items import Hints, UnreadableCopy
from services.ingest.parse import parse

FIXTURES = Path(__file__).parents[1] / "tests" / "ingest" / "fixtures"
NO_COPY = {".md", ""}
ROUNDS = 5
SECONDS = 0.2
HINTS = Hints(
    provider="The source",
    timezone=ZoneInfo("Australia/Hobart"),
    timezone_name="Australia/Hobart",
    received=datetime(2024, 3, 4, 6, tzinfo=UTC),
    url="https://bench.example/from/here",
)
NITF_TEXT = {"p", "hl1", "hl2", "headline", "byline", "slugline", "title", "description", "urgency"}

Reader = Callable[[bytes], object]


def wireroom(body: bytes) -> object:
    return parse(body, content_type=None, hints=HINTS)


def feedparser_alone(body: bytes) -> object:
    feed = feedparser.parse(io.BytesIO(body))
    if not feed.entries:
        raise ValueError("no entry")
    return [(entry.get("title"), entry.get("summary"), entry.get("link")) for entry in feed.entries]


def element_tree_walk(body: bytes) -> dict[str, list[str]]:
    """Collect the fields and the body by local name, as Superdesk's parsers walk their trees."""
    found: dict[str, list[str]] = {}
    for element in ET.fromstring(body).iter():  # noqa: S314 - our own fixtures, and the point of comparison
        name = str(element.tag).rpartition("}")[2]
        if name in NITF_TEXT:
            found.setdefault(name, []).append("".join(element.itertext()).strip())
        elif element.attrib:
            found.setdefault(name, []).extend(element.attrib.values())
    return found


def json_walk(body: bytes) -> list[str]:
    """Collect every text of the document."""
    waiting, texts = [json.loads(body.decode("utf-8-sig"))], []
    while waiting:
        value: Any = waiting.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, list | dict):
            waiting.extend(value.values() if isinstance(value, dict) else value)
    return texts


def email_parts(body: bytes) -> object:
    message = email.message_from_bytes(body, policy=email.policy.default)
    part = message.get_body(("plain", "html"))
    return message["subject"], message["from"], part.get_content() if part else ""


def trafilatura_alone(body: bytes) -> object:
    found = trafilatura.bare_extraction(body)
    if found is None:
        raise ValueError("nothing found")
    return found


def wire_lines(body: bytes) -> list[str]:
    """Part the transmission at its control characters and ends of line, as Superdesk's wire parsers do."""
    return [line.strip() for line in re.split("[\x01-\x04\r\n]+", body.decode("latin-1")) if line.strip()]


ALTERNATIVES: list[tuple[str, str, Reader]] = [
    (r"application/(rss|atom)\+xml", "feedparser", feedparser_alone),
    (r"message/rfc822", "email.message_from_bytes", email_parts),
    (r".*json", "json.loads and a walk", json_walk),
    (r"text/html", "trafilatura", trafilatura_alone),
    (r".*(xml|nitf|newsml)", "ElementTree walk", element_tree_walk),
    (r".*", "decode and split", wire_lines),
]


def corpus() -> dict[str, list[bytes]]:
    """Return the documents by the format that they are read as. Every format of the parsers has its fixtures."""
    found: dict[str, list[bytes]] = {}
    for path in sorted(FIXTURES.rglob("*")):
        if path.is_file() and path.suffix not in NO_COPY and not path.name.endswith(".expected.json"):
            body = path.read_bytes()
            try:
                found.setdefault(parse(body, content_type=None, hints=HINTS).media_type, []).append(body)
            except UnreadableCopy:
                continue
    return found


def readable(read: Reader, bodies: list[bytes]) -> list[bytes]:
    kept = []
    for body in bodies:
        try:
            read(body)
        except (ValueError, ET.ParseError, LookupError):
            continue
        kept.append(body)
    return kept


def rate(read: Reader, bodies: list[bytes]) -> float:
    """Return documents a second over all of them in turn, for as long as it takes to tell."""
    done, began = 0, time.process_time()
    while (spent := time.process_time() - began) < SECONDS:
        for body in bodies:
            read(body)
        done += len(bodies)
    return done / spent


def row(media_type: str, bodies: list[bytes]) -> str:
    name, read = next((name, read) for pattern, name, read in ALTERNATIVES if re.fullmatch(pattern, media_type))
    both = readable(read, bodies)
    size = round(statistics.mean(map(len, both))) if both else 0
    start = f"| {media_type} | {len(bodies)} | {size:,} | {name} | {len(both)}"
    if not both:
        return f"{start} | | | |"
    ours, theirs = zip(*((rate(wireroom, both), rate(read, both)) for _ in range(ROUNDS)), strict=True)
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    return f"{start} | {statistics.median(ours):,.0f} | {statistics.median(theirs):,.0f} | {ratio:.2f} |"


def table() -> str:
    lines = [
        "## Parsing",
        "",
        (__doc__ or "").strip(),
        "",
        "| format | documents | bytes each | alternative | it reads | Wireroom, documents/s | alternative | ratio |",
        "|---|---:|---:|---|---:|---:|---:|---:|",
    ]
    lines += [row(media_type, bodies) for media_type, bodies in sorted(corpus().items())]
    return "\n".join(lines) + "\n"


async def measure() -> str:
    """Run in a thread of its own, and return the section of the page."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the alternatives think of damaged copy is not measured
        return await asyncio.to_thread(table)
