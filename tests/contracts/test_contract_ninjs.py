from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from shared.article import NINJS_SCHEMA, Article, from_ninjs, to_ninjs
from tests.contracts.invented import articles, enriched
from tests.contracts.strategies import articles as any_article

NINJS = Path(__file__).parent / "ninjs"
VALIDATOR = Draft202012Validator(
    json.loads((NINJS / "ninjs-schema_3.1.json").read_text(encoding="utf-8")),
    format_checker=Draft202012Validator.FORMAT_CHECKER,
)
STORIES = articles()
STORY = STORIES["new"]
IPTC_TEXTS = sorted((NINJS / "examples").glob("*.json"))


def problems(document: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(document)]


def part_of(document: Any, other: Any) -> Any:
    """Cut a document down to the members that another one has, at every depth."""
    if isinstance(document, dict):
        return {name: part_of(value, other[name]) for name, value in document.items() if name in other}
    if isinstance(document, list):
        return [part_of(one, two) for one, two in zip(document, other, strict=True)]
    return document


@pytest.mark.parametrize("format_", ["uri", "date-time"])
def test_the_validator_checks_the_formats_that_ninjs_uses(format_: str) -> None:
    assert format_ in VALIDATOR.format_checker.checkers  # type: ignore[union-attr]


def test_the_validator_refuses_a_member_that_ninjs_does_not_know() -> None:
    assert problems({"uri": "urn:x:y", "places": [{"name": "Bergen", "mood": "wet"}]})


def test_the_validator_refuses_an_address_that_is_no_uri() -> None:
    assert problems({"uri": "footbridge"})


@pytest.mark.parametrize("name", STORIES)
def test_an_ingested_article_leaves_as_valid_ninjs(name: str) -> None:
    assert problems(to_ninjs(STORIES[name])) == []


@pytest.mark.parametrize("name", STORIES)
def test_an_enriched_article_leaves_as_valid_ninjs(name: str) -> None:
    assert problems(to_ninjs(enriched(STORIES[name]))) == []


@pytest.mark.parametrize("name", STORIES)
def test_an_article_comes_back_from_ninjs_as_it_left(name: str) -> None:
    article = enriched(STORIES[name])
    assert from_ninjs(to_ninjs(article), article.newsroom) == article


@settings(deadline=None, max_examples=60)  # the machine may be busy
@given(any_article())
def test_any_article_at_all_leaves_as_valid_ninjs(article: Article) -> None:
    assert problems(to_ninjs(article)) == []


@settings(deadline=None, max_examples=60)  # the machine may be busy
@given(any_article())
def test_what_left_as_ninjs_and_came_back_leaves_the_same_again(article: Article) -> None:
    once = from_ninjs(to_ninjs(article), article.newsroom)
    assert from_ninjs(to_ninjs(once), article.newsroom) == once


@pytest.mark.parametrize("path", IPTC_TEXTS, ids=lambda path: path.stem)
def test_a_text_example_of_the_iptc_comes_out_as_it_went_in(path: Path) -> None:
    example = json.loads(path.read_text(encoding="utf-8"))
    out = to_ninjs(from_ninjs(example, STORY.newsroom))
    assert part_of(out, example) == part_of(example, out)


@pytest.mark.parametrize("path", IPTC_TEXTS, ids=lambda path: path.stem)
def test_of_the_iptcs_text_examples_only_the_profile_is_outside_our_subset(path: Path) -> None:
    example = json.loads(path.read_text(encoding="utf-8"))
    assert example.keys() - to_ninjs(from_ninjs(example, STORY.newsroom)).keys() <= {"profile"}


@pytest.mark.parametrize("path", IPTC_TEXTS, ids=lambda path: path.stem)
def test_a_text_example_of_the_iptc_is_valid_when_it_comes_out(path: Path) -> None:
    example = json.loads(path.read_text(encoding="utf-8"))
    assert problems(to_ninjs(from_ninjs(example, STORY.newsroom))) == []


def test_an_address_in_another_script_leaves_percent_encoded() -> None:
    article = STORY.model_copy(update={"uri": "https://wire.example/bro/bølgen"})
    assert to_ninjs(article)["uri"] == "https://wire.example/bro/b%C3%B8lgen"


def test_an_article_whose_address_is_no_uri_leaves_under_its_storys() -> None:
    article = STORY.model_copy(update={"uri": "footbridge"})
    assert to_ninjs(article)["uri"] == f"urn:wireroom:story:{STORY.newsroom.story_id}"


def test_the_newsrooms_own_facts_do_not_leave() -> None:
    assert "newsroom" not in to_ninjs(STORY)


def test_what_leaves_says_which_schema_it_is_valid_against() -> None:
    assert to_ninjs(STORY)["standard"] == {"name": "ninjs", "version": "3.1", "schema": NINJS_SCHEMA}
