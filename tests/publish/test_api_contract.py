"""The content API against its own contract, and what it says when it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.article import Change
from tests.publish.api_serving import served
from tests.publish.told_stories import stories, tagged
from tests.publish.written import article

API = "/api/v1"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A site with stories of every kind."""
    gone = (article("gone1"), article("gone1", 2, Change.KILL))
    with served(tmp_path_factory.mktemp("told"), *stories(3), tagged(), *gone) as client:
        yield client


@pytest.fixture(scope="module")
def contract(told: httpx.Client) -> Any:
    return told.get(f"{API}/openapi.json").json()


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
def test_answers_are_what_the_contract_says(told: httpx.Client, contract: Any, path: str) -> None:
    schema = schemathesis.openapi.from_dict(contract)
    template = "/articles/{story_id}" if path.startswith("/articles/") else path
    operation = schema["/labels/{kind}" if path.startswith("/labels") else template]["GET"]
    for accept in ("application/json", "application/ninjs+json"):
        answer = told.get(API + path, headers={"Accept": accept})
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
    told: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    answer = told.request(method, API + path)
    document = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, document["status"], document["code"]) == (status, status, code)
    assert document["type"] == f"urn:wireroom:problem:{code}"


def test_a_refused_parameter_is_named(told: httpx.Client) -> None:
    errors = told.get(f"{API}/articles?limit=0&since=x").json()["errors"]
    assert {one["parameter"] for one in errors} == {"limit", "since"}


def test_what_may_be_done_is_said_where_more_was_tried(told: httpx.Client) -> None:
    assert told.delete(f"{API}/articles/ferry1").headers["allow"] == "GET, HEAD"


def test_a_store_that_is_away_is_a_problem_that_passes(broken_site: httpx.Client) -> None:
    answer = broken_site.get(f"{API}/articles")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert "retry-after" in answer.headers


def test_a_request_that_names_no_host_is_a_problem(told: httpx.Client) -> None:
    answer = told.get(f"{API}/articles", headers={"Host": "no host"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_host")


def test_the_way_in_says_where_everything_is(told: httpx.Client) -> None:
    root = told.get(API, follow_redirects=True).json()
    addresses = [root["articles"], root["changes"], root["sections"], root["openapi"], *root["labels"].values()]
    assert {told.get(address).status_code for address in addresses} == {200}


def test_sections_and_labels_lead_to_their_articles(told: httpx.Client) -> None:
    section, *_ = told.get(f"{API}/sections").json()["sections"]
    (place,) = told.get(f"{API}/labels/place").json()["labels"]
    assert (section["key"], place["key"], place["name"]) == ("sport", "sydney-2147714", "Sydney")
    for one in (section, place):
        assert len(told.get(one["articles"]).json()["articles"]) == 1
        assert told.get(one["page"]).status_code == 200
