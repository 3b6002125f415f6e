"""Pages of JSON interfaces: what is in them, and where they go on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import HttpUrl, ValidationError

from services.ingest.channels import PullConfig
from services.ingest.pulling.jsonpage import Page, UnreadablePage, first_page, read_page, same_server

URL = "https://api.example.org/feed?page=1"


def config(**parts: Any) -> PullConfig:
    given = {"url": HttpUrl("https://api.example.org/feed"), "items": "data.items", "next": "data.next_page", **parts}
    return PullConfig(**given)


def read(*entries: Any, following: Any = None, **parts: Any) -> Page:
    body = json.dumps({"data": {"items": list(entries), "next_page": following}}).encode()
    return read_page(body, config(**parts), url=URL)


def test_entry_is_the_copy_where_nothing_else_is_said() -> None:
    assert read({"uri": "a"}).entries[0].copy == b'{"uri":"a"}'


def test_copy_may_lie_deeper_in_the_entry() -> None:
    assert read({"item": {"uri": "a"}}, inline="item").entries[0].copy == b'{"uri":"a"}'


def test_copy_may_be_text_in_any_format() -> None:
    (entry,) = read({"body": "<nitf/>"}, inline="body").entries
    assert (entry.copy, entry.content_type) == (b"<nitf/>", None)


def test_link_may_be_relative() -> None:
    (entry,) = read({"item": {"uri": "/items/a"}}, link="item.uri").entries
    assert entry.link == "https://api.example.org/items/a"


def test_link_may_lie_in_a_list() -> None:
    (entry,) = read({"links": [{"href": "x"}, {"href": "/items/b"}]}, link="links.1.href").entries
    assert entry.link == "https://api.example.org/items/b"


@pytest.mark.parametrize("link", [None, 7, "", "ftp://api.example.org/a", "https://[::1/a", "a b", "é"])
def test_entry_without_a_link_is_a_problem_of_its_own(link: Any) -> None:
    broken, whole = read({"uri": link} if link != "" else {}, {"uri": "/items/b"}, link="uri").entries
    assert (broken.link, broken.problem, whole.problem) == (None, "uri is no address", None)


def test_entry_without_its_copy_is_a_problem_of_its_own() -> None:
    broken, whole = read({"other": 1}, {"item": {}}, inline="item").entries
    assert (broken.problem, whole.problem) == ("nothing at item", None)


def test_entry_is_kept_as_it_is_listed() -> None:
    assert json.loads(read({"uri": 7, "note": "\ud800"}, link="uri").entries[0].listed) == {"uri": 7, "note": "\ud800"}


def test_next_link_is_made_absolute() -> None:
    assert read(following="?page=2").next == "https://api.example.org/feed?page=2"


@pytest.mark.parametrize("following", [None, ""])
def test_page_without_a_next_link_is_the_last_so_far(following: Any) -> None:
    assert (read(following=following).next, read(following=following).next_problem) == (None, None)


@pytest.mark.parametrize(
    "following",
    [7, {"href": "x"}, "https://elsewhere.example.org/feed", "http://api.example.org/feed", "file:///etc/passwd"],
)
def test_next_link_that_cannot_be_followed_is_no_link_and_a_problem(following: Any) -> None:
    page = read(following=following)
    assert (page.next, bool(page.next_problem)) == (None, True)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html>", "invalid_json"),
        (b"", "invalid_json"),
        (b"\xff", "invalid_json"),
        (b"[" * 200_000, "invalid_json"),
        (b'{"data": {}}', "no_items"),
        (b'{"data": {"items": {}}}', "no_items"),
        (b"[]", "no_items"),
        (b'{"data": {"items": [' + b"0," * 1_000 + b"0]}}", "too_many_items"),
    ],
)
def test_answer_that_is_no_page_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(UnreadablePage) as refused:
        read_page(body, config(), url=URL)
    assert refused.value.code == code


def test_page_size_is_asked_for() -> None:
    assert first_page(config(page_size=50)) == "https://api.example.org/feed?page_size=50"


def test_page_size_is_asked_for_in_the_interfaces_own_word() -> None:
    url = HttpUrl("https://api.example.org/feed?q=sport")
    assert first_page(config(url=url, page_size=50, page_size_parameter="count")).endswith("?q=sport&count=50")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("https://API.example.org/x", True),
        ("https://api.example.org:8443/", False),
        ("http://api.example.org/", False),
        ("https://api.example.org.evil.example/", False),
    ],
)
def test_server_is_told_by_scheme_name_and_port(other: str, *, same: bool) -> None:
    assert same_server(URL, other) is same


@pytest.mark.parametrize(
    "wrong",
    [
        {"inline": "item", "link": "uri"},
        {"items": "data..items"},
        {"headers": {"x-api-key": "HOME"}},
        {"headers": {"x:y": "INGEST_KEY"}},
        {"page_size": 0},
    ],
)
def test_configuration_that_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        config(**wrong)
