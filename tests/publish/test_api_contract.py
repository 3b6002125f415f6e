"""The content API against its own contract, and what it says when it refuses."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import schemathesis
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.article import Change
from tests.publish.reading_pages import Publish
from tests.publish.told_stories import stories, tagged
from tests.publish.written import article

API = "/api/v1"


@pytest.fixture
def contract(site: httpx.Client) -> Any:
    return site.get(f"{API}/openapi.json").json()


def test_the_contract_is_openapi_3_1(contract: Any) -> None:
    assert contract["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(contract).iter_errors()) == []


def test_the_contract_leads_nowhere_else(contract: Any) -> None:
    text = json.dumps(contract)
    schemas = contract["components"]["schemas"]
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= schemas.keys()
    assert contract["servers"] == [{"url": API}]


def test_every_parameter_is_bounded(contract: Any) -> None:
    for path in contract["paths"].values():
        for parameter in path["get"].get("parameters", []):
            schema = parameter["schema"]
            known = [schema, *schema.get("anyOf", [])]
            assert any({"maxLength", "maximum", "pattern", "format", "$ref"} & one.keys() for one in known), parameter


@pytest.mark.parametrize("path", ["/", "/articles", "/changes", "/articles/ferry1", "/sections", "/labels/topic"])
def test_answers_are_what_the_contract_says(site: httpx.Client, publish: Publish, contract: Any, path: str) -> None:
    publish(*stories(3), tagged(), article("gone1"), article("gone1", 2, Change.KILL))
    schema = schemathesis.openapi.from_dict(contract)
    template = "/articles/{story_id}" if path.startswith("/articles/") else path
    operation = schema["/labels/{kind}" if path.startswith("/labels") else template]["GET"]
    for accept in ("application/json", "application/ninjs+json"):
        answer = site.get(API + path, headers={"Accept": accept})
        assert answer.status_code == 200
        operation.validate_response(answer)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/articles/NOT-AN-ID", 404, "not_found"),
        ("GET", "/labels/colour", 404, "not_found"),
        ("POST", "/articles", 405, "method_not_allowed"),
        ("OPTIONS", "/articles", 405, "method_not_allowed"),
        ("GET", "/articles?limit=0", 422, "invalid_parameter"),
        ("GET", "/articles?limit=101", 422, "invalid_parameter"),
        ("GET", "/articles?limit=5.0", 422, "invalid_parameter"),
        ("GET", "/articles?colour=red", 422, "invalid_parameter"),
        ("GET", "/articles?since=yesterday", 422, "invalid_parameter"),
        ("GET", "/articles?since=2024-02-30", 422, "invalid_parameter"),
        ("GET", "/articles?source=a%00b", 422, "invalid_parameter"),
        ("GET", "/articles?fields=edNote", 422, "invalid_parameter"),
        ("GET", "/articles?fields=newsroom.raw", 422, "invalid_parameter"),
        ("GET", "/sections?x=1", 422, "invalid_parameter"),
        ("GET", "/changes?after=-1", 422, "invalid_parameter"),
    ],
)
def test_every_refusal_is_a_problem_document(
    site: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    answer = site.request(method, API + path)
    document = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, document["status"], document["code"]) == (status, status, code)
    assert document["type"] == f"urn:wireroom:problem:{code}"


def test_a_refused_parameter_is_named(site: httpx.Client) -> None:
    errors = site.get(f"{API}/articles?limit=0&since=x").json()["errors"]
    assert {one["parameter"] for one in errors} == {"limit", "since"}


def test_what_may_be_done_is_said_where_more_was_tried(site: httpx.Client) -> None:
    assert site.delete(f"{API}/articles/ferry1").headers["allow"] == "GET, HEAD"


def test_a_store_that_is_away_is_a_problem_that_passes(broken_site: httpx.Client) -> None:
    answer = broken_site.get(f"{API}/articles")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert "retry-after" in answer.headers


def test_a_request_that_names_no_host_is_a_problem(site: httpx.Client) -> None:
    answer = site.get(f"{API}/articles", headers={"Host": "no host"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_host")


def test_the_way_in_says_where_everything_is(site: httpx.Client, publish: Publish) -> None:
    publish(tagged())
    root = site.get(API, follow_redirects=True).json()
    addresses = [root["articles"], root["changes"], root["sections"], root["openapi"], *root["labels"].values()]
    assert {site.get(address).status_code for address in addresses} == {200}


def test_sections_and_labels_lead_to_their_articles(site: httpx.Client, publish: Publish) -> None:
    publish(tagged())
    (section,) = site.get(f"{API}/sections").json()["sections"]
    (place,) = site.get(f"{API}/labels/place").json()["labels"]
    assert (section["key"], place["key"], place["name"]) == ("local", "sydney-2147714", "Sydney")
    for one in (section, place):
        assert len(site.get(one["articles"]).json()["articles"]) == 1
        assert site.get(one["page"]).status_code == 200
