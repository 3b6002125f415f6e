"""The AsyncAPI document holds together. Its official schema is not at hand here, so these are checks of structure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from shared.topics import TOPICS
from tools.generate import ROOT

DOCS = ROOT / "docs"
DOCUMENT: dict[str, Any] = yaml.safe_load((DOCS / "asyncapi.yaml").read_text(encoding="utf-8"))
OPERATIONS: dict[str, Any] = DOCUMENT["operations"]
CHANNELS: dict[str, Any] = DOCUMENT["channels"]


def refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref":
                yield value
            else:
                yield from refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from refs(value)


def resolve(ref: str) -> Any:
    """Follow a reference: a JSON pointer into the document, or a file beside it. Raises if there is nothing."""
    if not ref.startswith("#/"):
        return json.loads((DOCS / ref).read_text(encoding="utf-8"))
    node: Any = DOCUMENT
    for step in ref.removeprefix("#/").split("/"):
        node = node[step]
    return node


@pytest.mark.parametrize("ref", sorted(set(refs(DOCUMENT))))
def test_a_reference_leads_somewhere(ref: str) -> None:
    assert resolve(ref)


def test_it_is_asyncapi_3() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"


@pytest.mark.parametrize("member", ["title", "version"])
def test_its_info_has_what_the_standard_demands(member: str) -> None:
    assert DOCUMENT["info"][member]


def test_it_has_a_channel_for_each_stream_and_each_dead_letter_and_no_other() -> None:
    streams = {stream for topic in TOPICS for stream in topic.streams}
    assert CHANNELS.keys() == streams | {t.dead_letters(g) for t in TOPICS for g in t.readers}


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channels_address_is_the_key_of_its_stream(name: str) -> None:
    assert CHANNELS[name]["address"] == name


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_sends_or_receives(name: str) -> None:
    assert OPERATIONS[name]["action"] in {"send", "receive"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_names_a_channel_of_the_document(name: str) -> None:
    assert resolve(OPERATIONS[name]["channel"]["$ref"]) in CHANNELS.values()


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operations_messages_are_messages_of_its_channel(name: str) -> None:
    channel = OPERATIONS[name]["channel"]["$ref"]
    messages = [message["$ref"] for message in OPERATIONS[name]["messages"]]
    assert messages
    assert all(ref.startswith(f"{channel}/messages/") for ref in messages)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_reader_receives_from_every_lane(topic: Any) -> None:
    expected = {f"{group}.receive.{stream}" for group in topic.readers for stream in topic.streams}
    ends = tuple(f".receive.{stream}" for stream in topic.streams)
    assert {name for name in OPERATIONS if name.endswith(ends)} == expected


@pytest.mark.parametrize("name", CHANNELS)
def test_every_channel_is_written_by_somebody(name: str) -> None:
    written = [o for o in OPERATIONS.values() if o["action"] == "send" and o["channel"]["$ref"] == f"#/channels/{name}"]
    assert written


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_what_a_redis_binding_cannot_say_is_said(topic: Any) -> None:
    said = [CHANNELS[stream]["x-redis-streams"] for stream in topic.streams]
    assert [(s["topic"], s["groups"], s["retentionHours"]) for s in said] == [
        (topic.name, list(topic.readers), topic.retention_hours) for _ in topic.streams
    ]


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_the_fields_of_an_entry_are_text(name: str) -> None:
    properties = DOCUMENT["components"]["schemas"][name]["properties"]
    assert {field["type"] for field in properties.values()} == {"string"}
