"""The committed examples are the contract: producers make them, consumers accept them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.events import ArticleIngested, Event, InvalidEvent, Outcome
from tests.contracts.invented import EXAMPLES, events, fields_of, read_example
from tools.schemas import schema_id

EVENTS = events()
ROOT = Path(__file__).resolve().parents[2]


def validate(document: Any, schema: str) -> None:
    loaded = json.loads((ROOT / "docs" / "schemas" / schema).read_text(encoding="utf-8"))
    Draft202012Validator(loaded, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(document)


def test_there_is_an_example_of_every_kind_and_no_other() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == EVENTS.keys()


def test_every_outcome_has_an_example() -> None:
    assert {f"outcome-{outcome}" for outcome in Outcome} <= EVENTS.keys()


@pytest.mark.parametrize("name", EVENTS)
def test_a_producer_makes_the_example(name: str) -> None:
    assert fields_of(EVENTS[name]) == read_example(name)


@pytest.mark.parametrize("name", EVENTS)
def test_a_consumer_accepts_the_example(name: str) -> None:
    assert type(EVENTS[name]).from_fields(read_example(name)) == EVENTS[name]


@pytest.mark.parametrize("name", EVENTS)
def test_the_example_is_written_as_it_was_read(name: str) -> None:
    assert fields_of(type(EVENTS[name]).from_fields(read_example(name))) == read_example(name)


@pytest.mark.parametrize("name", EVENTS)
def test_the_examples_body_is_valid_in_the_schema_that_it_names(name: str) -> None:
    fields = read_example(name)
    validate(json.loads(fields[b"data"]), fields[b"dataschema"].decode().removeprefix("urn:wireroom:schema:") + ".json")


@pytest.mark.parametrize("name", EVENTS)
def test_the_whole_example_is_valid_in_the_events_schema(name: str) -> None:
    event = type(EVENTS[name]).from_fields(read_example(name))
    validate(event.model_dump(mode="json", by_alias=True), f"{event.event_type}.event.json")


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_made_twice_has_one_id(name: str) -> None:
    assert events()[name].id == EVENTS[name].id


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_names_the_schema_of_its_type(name: str) -> None:
    assert EVENTS[name].dataschema == schema_id(type(EVENTS[name]))


@pytest.mark.parametrize("name", EVENTS)
def test_a_field_of_an_entry_can_be_read_without_a_library_of_ours(name: str) -> None:
    assert datetime.fromisoformat(read_example(name)[b"time"].decode()) == EVENTS[name].time


def test_no_two_article_events_share_an_id() -> None:
    ids = [event.id for name, event in EVENTS.items() if not name.startswith("outcome")]
    assert len(set(ids)) == len(ids)


def kinds() -> list[type[Event]]:
    return list(dict.fromkeys(type(event) for event in EVENTS.values()))


@pytest.mark.parametrize("event", kinds(), ids=lambda event: event.__name__)
def test_the_schema_refuses_a_body_without_what_is_required(event: type[Event]) -> None:
    schema = json.loads((ROOT / "docs" / "schemas" / f"{event.event_type}.json").read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema).iter_errors({}))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({b"data": b"\xff"}, "not_utf8"),
        ({b"data": b"{}"}, "invalid_event"),
        ({b"data": b"not json"}, "invalid_event"),
        ({b"type": b"newsroom.article.enriched.v1"}, "wrong_type"),
        ({b"traceparent": b"none"}, "invalid_event"),
    ],
)
def test_a_consumer_names_what_is_wrong_with_an_entry(change: dict[bytes, bytes], code: str) -> None:
    with pytest.raises(InvalidEvent) as caught:
        ArticleIngested.from_fields(read_example("ingested-new") | change)
    assert caught.value.code == code
