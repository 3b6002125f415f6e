"""The AsyncAPI 3.0 document of the topics.

AsyncAPI's Redis binding has no members, so what it cannot say (groups, lanes, retention, how an entry is laid out)
stands in ``x-redis-streams``.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import yaml

from shared.events import Event
from shared.topics import TOPICS, Lane, Topic
from tools.schemas import event_types, schema_id

__all__ = ["document", "text"]

ROOT = Path(__file__).resolve().parents[1]
JSON_SCHEMA = "application/schema+json;version=draft/2020-12"
DEAD_LETTER_FIELDS = {
    "dead:stage": "The reader that gave it up.",
    "dead:replica": "Which of its replicas.",
    "dead:time": "When, RFC 3339.",
    "dead:code": "Why, as a stable code.",
    "dead:detail": "Why, for a person.",
    "dead:stream": "The stream that it came by, which tells the lane.",
    "dead:entry": "Its entry id on that stream.",
    "dead:deliveries": "How often it was tried.",
}

Json = dict[str, Any]


def text() -> str:
    """Return the document as YAML."""
    return yaml.dump(document(), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)


def document() -> Json:
    """Return the document: a channel a stream, an operation a writer and a reader."""
    return {
        "asyncapi": "3.0.0",
        "info": _info(),
        "defaultContentType": "application/json",
        "servers": {"redis": {"host": "localhost:6379", "protocol": "redis", "description": "Redis 6.2 or later."}},
        "channels": _channels(),
        "operations": _operations(),
        "components": {
            "messages": {event.__name__: _message(event) for event in event_types()} | {"DeadLetter": _dead_letter()},
            "schemas": {f"{event.__name__}Fields": _fields(event) for event in event_types()},
        },
    }


def _info() -> Json:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "title": "Wireroom topics",
        "version": project["version"],
        "description": "Article events on Redis streams: CloudEvents 1.0, each attribute a field of the entry and "
        "the body as JSON in the field `data`.",
        "license": {"name": "Apache-2.0"},
    }


def _channels() -> Json:
    channels: Json = {}
    for topic in TOPICS:
        for lane in topic.lanes:
            channels[topic.stream(lane)] = _channel(topic, lane)
        for group in topic.readers:
            channels[topic.dead_letters(group)] = _dead_channel(topic, group)
    return channels


def _channel(topic: Topic, lane: Lane) -> Json:
    name = topic.event.__name__
    stream: Json = {
        "topic": topic.name,
        "lane": lane.value,
        "groups": list(topic.readers),
        "deadLetters": {group: topic.dead_letters(group) for group in topic.readers},
        "retentionHours": topic.retention_hours,
        "entry": {"$ref": f"#/components/schemas/{name}Fields"},
    }
    return {
        "address": topic.stream(lane),
        "description": _sentence(topic, lane),
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "x-redis-streams": stream,
    }


def _sentence(topic: Topic, lane: Lane) -> str:
    said = [f"{topic.event.__name__}, written by {topic.writer}."]
    if len(topic.lanes) > 1:
        urgent = "Kills, withholds and urgency 1 and 2; read before the routine lane."
        said.append(urgent if lane is Lane.URGENT else "Everything that is not urgent.")
    if topic.others:
        said.append(f"For {topic.others}.")
    return " ".join(said)


def _dead_channel(topic: Topic, group: str) -> Json:
    return {
        "address": topic.dead_letters(group),
        "description": f"What {group} could not take from {topic.name}, whichever lane it came by.",
        "messages": {"DeadLetter": {"$ref": "#/components/messages/DeadLetter"}},
        "x-redis-streams": {"topic": topic.name, "deadLettersOf": group, "groups": []},
    }


def _operations() -> Json:
    operations: Json = {}
    for topic in TOPICS:
        for stream in topic.streams:
            for writer in _writers(topic):
                operations[f"{writer}.send.{stream}"] = _operation("send", stream, topic.event.__name__)
            for group in topic.readers:
                operations[f"{group}.receive.{stream}"] = _operation("receive", stream, topic.event.__name__)
        for group in topic.readers:
            dead = topic.dead_letters(group)
            operations[f"{group}.send.{dead}"] = _operation("send", dead, "DeadLetter")
    return operations


def _writers(topic: Topic) -> list[str]:
    """Return the stages that write a topic; the log's writer is *every stage*, which is all the others' writers."""
    stages = list(dict.fromkeys(t.writer for t in TOPICS if " " not in t.writer))
    return [topic.writer] if topic.writer in stages else stages


def _operation(action: str, stream: str, message: str) -> Json:
    channel = f"#/channels/{stream}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{message}"}],
    }


def _message(event: type[Event]) -> Json:
    return {
        "name": event.event_type,
        "title": event.__name__,
        "contentType": "application/json",
        "headers": {"$ref": f"#/components/schemas/{event.__name__}Fields"},
        "payload": {"schemaFormat": JSON_SCHEMA, "schema": {"$ref": f"./schemas/{event.event_type}.json"}},
        "x-cloudevent": {"$ref": f"./schemas/{event.event_type}.event.json"},
    }


def _fields(event: type[Event]) -> Json:
    """Describe the entry: every field is UTF-8 text, attributes without a value are absent."""
    constants = {"type": event.event_type, "dataschema": schema_id(event), "specversion": "1.0"}
    properties: Json = {}
    for name in event.model_fields:
        properties[name] = {"type": "string"}
        if name in constants:
            properties[name]["const"] = constants[name]
    properties["time"]["format"] = "date-time"
    properties["data"]["description"] = "The body, JSON, in the payload's schema."
    required = [name for name, field in event.model_fields.items() if field.is_required() or name == "specversion"]
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": {"type": "string"},
    }


def _dead_letter() -> Json:
    properties = {name: {"type": "string", "description": said} for name, said in DEAD_LETTER_FIELDS.items()}
    return {
        "name": "dead-letter",
        "title": "DeadLetter",
        "summary": "The entry as it was, every field unharmed, and who gave it up, when, why and where.",
        "payload": {
            "type": "object",
            "required": list(DEAD_LETTER_FIELDS),
            "properties": properties,
            "additionalProperties": {"type": "string"},
        },
    }


class _Plain(yaml.SafeDumper):
    """Writes every value out: anchors are for programs, not for the people who read the document."""

    def ignore_aliases(self, _: Any) -> bool:
        return True
