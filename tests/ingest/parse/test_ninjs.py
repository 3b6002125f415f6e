from __future__ import annotations

import json
from typing import Any

import pytest

from services.ingest.items import Item, Warned
from shared.article import Change, PubStatus
from tests.ingest.parse.reading import one, read, refusal


def item(**members: Any) -> Item:
    return one(json.dumps({"uri": "a:1", "headline": "A story", **members}), "application/json")


@pytest.mark.parametrize("name", ["pubStatus", "pubstatus", "pub_status"])
@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("canceled", PubStatus.CANCELED),
        ("cancelled", PubStatus.CANCELED),
        ("stat:canceled", PubStatus.CANCELED),
        ("WITHHELD", PubStatus.WITHHELD),
        ("usable", PubStatus.USABLE),
    ],
)
def test_a_publishing_status_is_read_however_it_is_written(name: str, word: str, status: PubStatus) -> None:
    assert item(**{name: word}).pub_status is status


def test_a_kill_needs_nothing_but_the_name_of_the_story() -> None:
    killed = one('{"uri": "a:1", "pubStatus": "canceled"}')
    assert (killed.identity, killed.headline, killed.pub_status) == ("a:1", "", PubStatus.CANCELED)


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_a_kill_that_names_no_story_is_refused(status: str) -> None:
    assert refusal(json.dumps({"headline": "A story", "pubStatus": status})) == "no_identity"


@pytest.mark.parametrize("status", ["maybe", 7, ["canceled"], True])
def test_an_unknown_status_is_never_taken_for_usable(status: object) -> None:
    assert refusal(json.dumps({"uri": "a:1", "headline": "A story", "pubStatus": status})) == "pub_status_unknown"


@pytest.mark.parametrize("name", ["embargoedUntil", "embargoeduntil", "embargoed"])
@pytest.mark.parametrize("value", ["", "2024-03-05T06:00:00", "2024-03-05", "after lunch", True, 17, ["x"]])
def test_an_embargo_whose_end_cannot_be_told_seals_the_item(name: str, value: object) -> None:
    sealed = item(**{name: value})
    assert (sealed.embargoed, sealed.embargoed_until) == (True, None)


@pytest.mark.parametrize("value", [None, False])
def test_null_and_false_are_no_embargo(value: object) -> None:
    assert not item(embargoed=value).embargoed


def test_of_two_embargoes_the_later_holds() -> None:
    held = item(embargoed="2024-03-05T06:00:00Z", embargoedUntil="2024-03-06T06:00:00Z")
    assert str(held.embargoed_until) == "2024-03-06 06:00:00+00:00"


@pytest.mark.parametrize(
    ("version", "number"), [("3", 3), (3, 3), ("0", 0), ("1.2", None), ("x", None), ("9" * 40, None), (True, None)]
)
def test_only_a_whole_number_is_a_version(version: object, number: int | None) -> None:
    assert item(version=version).version == number


@pytest.mark.parametrize(("urgency", "number"), [(1, 1), ("9", 9), (0, None), (10, None), ("f", None)])
def test_urgency_runs_from_one_to_nine(urgency: object, number: int | None) -> None:
    assert item(urgency=urgency).urgency == number


@pytest.mark.parametrize("note", ["CORRECTION: fixes the name.", "Corrects age in paragraph 2", "(Corrected) spelling"])
def test_a_note_that_says_correction_makes_it_one(note: str) -> None:
    assert item(edNote=note).change is Change.CORRECTION


def test_a_note_about_something_else_leaves_the_change_to_be_decided() -> None:
    assert item(edNote="Photos to follow. No correction.").change is None


def test_a_marked_up_body_is_taken_before_a_plain_one() -> None:
    bodies = [{"role": "main", "value": "Plain."}, {"role": "rich", "value": "<p>One.</p><p>Two.</p>"}]
    assert item(bodies=bodies).body_html == "<p>One.</p>\n<p>Two.</p>"


@pytest.mark.parametrize("body", ["5", '"text"', "null", "{}", '{"a": 1}'])
def test_json_that_is_no_news_item_is_refused(body: str) -> None:
    assert refusal(body, "application/json") == "invalid_ninjs"


def test_a_composite_is_read_and_its_pictures_are_named() -> None:
    body = {"uri": "a:1", "type": "composite", "headline": "A story", "associations": {"main": {"type": "picture"}}}
    warned = Warned("media_ignored", "item 1: main (picture)", filtered=True)
    assert read(json.dumps(body), "application/json").warnings == (warned,)


@pytest.mark.parametrize("kind", ["picture", "video", "audio", "graphic", "event", "package", "planning"])
def test_an_item_that_is_no_text_is_refused(kind: str) -> None:
    assert refusal(json.dumps({"uri": "a:1", "headline": "A story", "type": kind})) == "not_text"


@pytest.mark.parametrize(
    ("concept", "uri", "literal"),
    [
        ({"uri": "http://x.example/s/1"}, "http://x.example/s/1", None),
        ({"literal": "s1"}, None, "s1"),
        ({"code": "http://x.example/s/1"}, "http://x.example/s/1", None),
        ({"scheme": "http://x.example/s/", "code": "1"}, "http://x.example/s/1", None),
        ({"scheme": "iptc", "code": "15000000"}, None, "15000000"),
    ],
    ids=["3.x uri", "3.x literal", "1.x address as code", "1.x open scheme", "1.x closed scheme"],
)
def test_a_subject_is_named_by_its_uri_or_else_its_code(
    concept: dict[str, str], uri: str | None, literal: str | None
) -> None:
    (subject,) = item(subject=[{"name": "Sport", **concept}]).subjects
    assert (subject.uri, subject.literal) == (uri, literal)


@pytest.mark.parametrize(("relevance", "kept"), [(80, 80), ("80", 80), (101, None), (-1, None), ("high", None)])
def test_relevance_is_a_percentage_or_nothing(relevance: object, kept: int | None) -> None:
    assert item(subjects=[{"name": "Sport", "relevance": relevance}]).subjects[0].relevance == kept


@pytest.mark.parametrize("concept", ["Sport", None, {}, {"name": ""}, {"name": 7}, ["Sport"]])
def test_a_concept_without_a_name_is_left_out(concept: object) -> None:
    assert item(people=[concept]).people == ()


@pytest.mark.parametrize("name", ["headline", "headline_main", "headline_simple", "headline_extended", "title"])
def test_every_1x_variant_of_a_headline_will_do(name: str) -> None:
    assert one(json.dumps({"uri": "a:1", name: "A story"})).headline == "A story"


def test_the_main_headline_is_taken_before_others() -> None:
    headlines = [{"role": "short", "value": "Ferry back"}, {"role": "main", "value": "Ferry is back"}]
    assert one(json.dumps({"uri": "a:1", "headlines": headlines})).headline == "Ferry is back"


def test_rights_and_slugline_are_read() -> None:
    read_item = item(
        copyrightHolder="The Agency", usageTerms="No archive.", slugline="ferry", expires="2024-05-01T00:00Z"
    )
    assert (
        read_item.copyright_holder,
        read_item.usage_terms,
        read_item.slugline,
        str(read_item.expires),
    ) == ("The Agency", "No archive.", "ferry", "2024-05-01 00:00:00+00:00")
