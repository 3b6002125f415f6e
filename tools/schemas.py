"""JSON Schemas of the events, from the models that read and write them.

Two documents an event type: ``<type>.json`` describes ``data`` and has the event's ``dataschema`` as its ``$id``, as
CloudEvents wants it; ``<type>.event.json`` describes the whole event, as a reader has it after parsing the entry.
"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from shared.events import Event
from shared.topics import TOPICS

__all__ = ["DIALECT", "data_schema", "event_schema", "event_types", "schema_id"]

DIALECT = GenerateJsonSchema.schema_dialect


class _Untitled(GenerateJsonSchema):
    """Leaves out titles that only repeat the member's name in other capitals."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False


def event_types() -> list[type[Event]]:
    """Return every event type once, in the order of the topics."""
    return list(dict.fromkeys(topic.event for topic in TOPICS))


def schema_id(event: type[Event]) -> str:
    """Return what every event of this type carries as its ``dataschema``."""
    return f"urn:wireroom:schema:{event.event_type}"


def data_schema(event: type[Event]) -> dict[str, Any]:
    """Describe the body: what a producer may write and a reader accepts, unknown members included."""
    model: Any = event.model_fields["data"].annotation
    schema = model.model_json_schema(by_alias=True, mode="validation", schema_generator=_Untitled)
    return {"$schema": DIALECT, "$id": schema_id(event), **schema}


def event_schema(event: type[Event]) -> dict[str, Any]:
    """Describe the whole event, with the two attributes that are the same in every event of the type as constants."""
    schema = event.model_json_schema(by_alias=True, mode="validation", schema_generator=_Untitled)
    schema["properties"]["type"]["const"] = event.event_type
    schema["properties"]["dataschema"]["const"] = schema_id(event)
    return {"$schema": DIALECT, "$id": f"{schema_id(event)}:event", **schema}
