"""Events at their edges; their everyday form is in tests/contracts."""

from __future__ import annotations

from typing import Any

from shared.events import ArticleEnriched
from tests.delivery.copy_desk import article, ingested


def test_an_attribute_of_any_name_is_carried_on() -> None:
    event = ingested(1)
    odd: dict[str, Any] = {"article": "a", "self": "s", "cls": "c"}
    onward = ArticleEnriched.of(article(1), traceparent=event.traceparent, **odd)
    assert {name: onward.to_fields()[name] for name in odd} == odd
