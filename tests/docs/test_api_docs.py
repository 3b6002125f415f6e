"""The examples of docs/api.md are what the API answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from services.publish.api.contract import problems
from services.publish.api.query import ArticleQuery, ChangeQuery
from tests.publish.api_serving import served
from tests.publish.told_stories import stories

TEXT = Path("docs/api.md").read_text(encoding="utf-8")
REQUESTS = re.findall(r"^GET (\S+)$", TEXT, re.MULTILINE)
HOST = {"Host": "localhost:8080"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with served(tmp_path_factory.mktemp("docs"), *stories(5)) as client:
        yield client


@pytest.mark.parametrize("request_", REQUESTS)
def test_every_request_in_the_docs_is_answered(told: httpx.Client, request_: str) -> None:
    assert told.get(request_, headers=HOST).status_code == 200


def test_the_answer_in_the_docs_is_the_answer(told: httpx.Client) -> None:
    written = re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert written is not None
    assert told.get(REQUESTS[0], headers=HOST).json() == json.loads(written[1])


def test_every_parameter_is_in_the_docs() -> None:
    known = {*ArticleQuery.model_fields, *ChangeQuery.model_fields}
    assert {name for name in known if f"`{name}`" not in TEXT} == set()


def test_every_refusal_is_in_the_docs() -> None:
    assert {status for status in problems(404, 406, 410) if f"| {status} |" not in TEXT} == set()
