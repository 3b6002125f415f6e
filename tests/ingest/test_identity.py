"""Which story copy belongs to, and what makes it different copy."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.ingest.items import Item
from services.ingest.lifecycle.identity import OwnStory, fingerprint, own_story, story_id, story_uri
from shared.article import Dateline, PubStatus
from tests.ingest.making import KILL, NOON, STORY

UNNAMED = replace(STORY, identity=None)


def test_story_id_stands_in_an_address_as_it_is() -> None:
    assert re.fullmatch(r"[0-9a-z]{16,20}", story_id("harbour", STORY))


def test_story_id_never_changes_between_versions_of_this_program() -> None:
    assert story_id("harbour", STORY) == "my6ikyab7b2z3b7rwd"


def test_declared_name_outlives_every_change_of_the_copy() -> None:
    changed = replace(STORY, headline="Other", published=None, body_html="")
    assert story_id("harbour", changed) == story_id("harbour", STORY)


def test_one_name_in_two_sources_is_two_stories() -> None:
    assert story_id("harbour", STORY) != story_id("hills", STORY)


def test_declared_name_that_reads_like_a_headline_is_not_inferred() -> None:
    named = replace(STORY, identity="ferry returns to port ellis")
    assert story_id("harbour", named) != story_id("harbour", replace(UNNAMED, published=None))


def test_name_that_was_inferred_is_not_the_same_name_declared() -> None:
    assert story_id("harbour", replace(STORY, identity_inferred=True)) != story_id("harbour", STORY)


def test_story_of_an_inferred_name_outlives_every_change_of_the_copy() -> None:
    lead = replace(STORY, identity_inferred=True)
    assert story_id("harbour", replace(lead, headline="Other", published=None)) == story_id("harbour", lead)


@pytest.mark.parametrize("headline", ["FERRY RETURNS TO PORT ELLIS", "Ferry  returns to “Port Ellis”"])
def test_unnamed_copy_is_told_by_the_words_of_its_headline(headline: str) -> None:
    assert story_id("harbour", replace(UNNAMED, headline=headline)) == story_id("harbour", UNNAMED)


def test_unnamed_copy_with_a_changed_body_is_the_same_story() -> None:
    assert story_id("harbour", replace(UNNAMED, body_html="<p>New.</p>")) == story_id("harbour", UNNAMED)


def test_unnamed_copy_of_another_day_is_another_story() -> None:
    other_day = replace(UNNAMED, published=NOON + timedelta(days=7))
    assert story_id("harbour", other_day) != story_id("harbour", UNNAMED)


def test_unnamed_copies_without_words_are_not_all_one_story() -> None:
    one, other = (Item(headline="", body_html=f"<p>{n}</p>") for n in "12")
    assert story_id("harbour", one) != story_id("harbour", other)


@pytest.mark.parametrize("identity", ["https://harbour.example/a", "tag:harbour.example,2026:7", "urn:example:7"])
def test_provider_uri_is_the_articles(identity: str) -> None:
    assert story_uri("abc", replace(STORY, identity=identity)) == identity


@pytest.mark.parametrize("identity", [None, "7", "no uri: at all", "https://x.example/\r\nSet-Cookie: a", "é:b"])
def test_name_that_is_no_uri_gives_a_urn_of_ours(identity: str | None) -> None:
    assert story_uri("abc", replace(STORY, identity=identity)) == "urn:wireroom:story:abc"


def test_kill_may_name_the_story_by_our_urn() -> None:
    kill = replace(KILL, identity="urn:wireroom:story:abc234abc234abc234")
    assert own_story(kill) == OwnStory("abc234abc234abc234", certain=True)


def test_kill_may_name_the_story_by_the_path_of_its_page() -> None:
    kill = replace(KILL, identity="/story/ferry-returns-abc234abc234abc234")
    assert own_story(kill) == OwnStory("abc234abc234abc234", certain=True)


def test_address_on_another_site_may_be_the_providers_own() -> None:
    kill = replace(KILL, identity="https://harbour.example/story/ferry-returns-abc234abc234abc234")
    assert own_story(kill) == OwnStory("abc234abc234abc234", certain=False)


@pytest.mark.parametrize("identity", ["urn:wireroom:story:ABC", "/story/short-abc", "/news/x-abc234abc234abc234", "[:"])
def test_other_names_name_no_story_of_ours(identity: str) -> None:
    assert own_story(replace(KILL, identity=identity)) is None


def test_usable_copy_does_not_name_a_story_by_its_page() -> None:
    assert own_story(replace(STORY, identity="/story/ferry-returns-abc234abc234abc234")) is None


@pytest.mark.parametrize(
    "change",
    [
        {"headline": "Other"},
        {"body_html": "<p>Other</p>"},
        {"summary": "Other"},
        {"by": "Other"},
        {"provider": "Other"},
        {"ed_note": "Other"},
        {"copyright_notice": "Other"},
        {"dateline": Dateline(text="PORT ELLIS")},
        {"pub_status": PubStatus.WITHHELD},
    ],
)
def test_what_a_reader_sees_is_content(change: dict[str, Any]) -> None:
    assert fingerprint(replace(STORY, **change)).content != fingerprint(STORY).content


@pytest.mark.parametrize(
    "change",
    [{"keywords": ("a",)}, {"urgency": 1}, {"section": "sea"}, {"language": "fr"}, {"url": "https://h.example/2"}],
)
def test_what_files_a_story_is_metadata(change: dict[str, Any]) -> None:
    before, now = fingerprint(STORY), fingerprint(replace(STORY, **change))
    assert (now.content, now.meta != before.meta) == (before.content, True)


@pytest.mark.parametrize("change", [{"modified": NOON}, {"published": NOON}, {"version": 3}, {"identity": "x"}])
def test_dates_and_numbers_are_no_difference(change: dict[str, Any]) -> None:
    assert fingerprint(replace(STORY, **change)) == fingerprint(STORY)


def test_campaign_marks_on_an_address_are_no_difference() -> None:
    one, other = (replace(STORY, url=f"https://h.example/a?utm_source={n}#top") for n in "12")
    assert fingerprint(one) == fingerprint(other)


def test_parts_cannot_run_into_one_another() -> None:
    one = replace(STORY, headline="a b", summary="c")
    other = replace(STORY, headline="a", summary="b c")
    assert fingerprint(one) != fingerprint(other)
