"""A neighbour may be newer: what this version does not know goes through every hop as it came."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from services.enrich.additions import Additions, Enricher, each
from services.enrich.asking import ask_all
from services.enrich.handler import Desk
from services.enrich.loading import load_all
from services.enrich.running import Enrichers
from shared.events import ArticleEnriched, ArticleEvent, ArticleIngested, ArticlePublished
from tests.contracts.invented import fields_of, read_example

LATER = {"from": "a later version"}
PLACES = [
    (),
    ("headlines", 0),
    ("bodies", 0),
    ("infoSources", 0),
    ("associations", 0),
    ("associations", 0, "renditions", 0),
    ("standard",),
    ("newsroom",),
    ("newsroom", "dateline"),
    ("newsroom", "assumptions", 0),
    ("newsroom", "enrichment"),
]
"""Where a later version might write a member of its own."""


def with_unknown() -> dict[bytes, bytes]:
    """Return the ingested example as a later version might have written it."""
    fields = read_example("ingested-new")
    body = json.loads(fields[b"data"])
    for place in PLACES:
        at(body, place)["later"] = LATER
    return fields | {b"data": json.dumps(body).encode(), b"partitionkey": b"north", b"laterstill": "ø".encode()}


def at(body: Any, place: tuple[str | int, ...]) -> Any:
    for step in place:
        body = body[step]
    return body


async def enrich(fields: Mapping[bytes, bytes]) -> ArticleEnriched:
    enricher = Enricher(
        name="counter",
        version="1",
        adds=("word_count",),
        load=lambda: each(lambda _: Additions(word_count=34, language="en", keywords=("bridge",))),
    )
    event = ArticleIngested.from_fields(fields)
    ((findings,), _) = ask_all(load_all([enricher]), [event.data])
    article, _ = await Desk(Enrichers("tests.enrich.odd_registry:BASIC", budget=1)).finish(event.data, findings)
    emitted = ArticleEnriched.of(article, traceparent=event.traceparent, **event.extensions())
    return ArticleEnriched.from_fields(fields_of(emitted))


def publish(event: ArticleEvent) -> ArticlePublished:
    """Make the next event as every stage does."""
    made = ArticlePublished.of(event.data, traceparent=event.traceparent, sequence="7", **event.extensions())
    return ArticlePublished.from_fields(fields_of(made))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: "/".join(map(str, place)) or "article")
async def test_an_unknown_member_survives_both_hops(place: tuple[str | int, ...]) -> None:
    published = publish(await enrich(with_unknown()))
    assert at(json.loads(published.to_fields()["data"]), place)["later"] == LATER


@pytest.mark.parametrize("attribute", ["partitionkey", "laterstill"])
async def test_an_unknown_attribute_survives_both_hops(attribute: str) -> None:
    published = publish(await enrich(with_unknown()))
    assert published.to_fields()[attribute].encode() == with_unknown()[attribute.encode()]


async def test_the_trace_survives_both_hops() -> None:
    published = publish(await enrich(with_unknown()))
    assert published.traceparent.encode() == with_unknown()[b"traceparent"]


async def test_a_hop_changes_nothing_but_what_the_enricher_adds() -> None:
    before = json.loads(with_unknown()[b"data"])
    after = json.loads((await enrich(with_unknown())).to_fields()["data"])
    before["newsroom"] |= {"wordCount": 34, "keywords": ["bridge"]}
    before["newsroom"]["enrichment"]["applied"] = [{"name": "counter", "version": "1"}]
    before["newsroom"]["enrichment"]["filled"] = ["keywords", "wordCount"]
    assert after == before
