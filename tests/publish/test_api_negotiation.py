"""Which form of an article a request takes."""

from __future__ import annotations

import pytest

from services.publish.api.negotiation import Form, negotiate


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", Form.OURS),
        ("*/*", Form.OURS),
        ("application/*", Form.OURS),
        ("application/json", Form.OURS),
        ("application/ninjs+json", Form.NINJS),
        ("application/vnd.iptc.ninjs+json", Form.NINJS_VENDOR),
        ("Application/NINJS+JSON; charset=utf-8", Form.NINJS),
        ("text/html,application/xhtml+xml,*/*;q=0.8", Form.OURS),
        ("application/json;q=0.5, application/ninjs+json", Form.NINJS),
        ("application/ninjs+json;q=0.2, */*;q=0.9", Form.OURS),
        ("application/json;q=0, application/*;q=0.3", Form.NINJS),
        (" , application/ninjs+json ,", Form.NINJS),
    ],
)
def test_the_form_that_is_liked_best_is_given(accept: str, form: Form) -> None:
    assert negotiate(accept) is form


@pytest.mark.parametrize("accept", ["text/html", "application/xml;q=1", "*/*;q=0", "application/json;q=0.0", "x"])
def test_a_request_that_takes_none_of_them_is_given_none(accept: str) -> None:
    assert negotiate(accept) is None
