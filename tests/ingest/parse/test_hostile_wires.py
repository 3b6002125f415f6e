"""What is deeper, wider or more active than copy, in the XML wire formats: refused with its code, or harmless."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.ingest.parse.reading import one, read, refusal
from tests.ingest.parse.test_hostile_copy import PAYLOADS, allowed
from tests.ingest.parse.wires import newsml_1, newsml_g2, nitf

DEEP = 200_000
MANY_ATTRIBUTES = " ".join(f"a{n}='1'" for n in range(DEEP))
MANY_NAMESPACES = " ".join(f"xmlns:n{n}='u{n}'" for n in range(50_000))
WRAPPED = "&lt;p&gt;It began.&lt;/p&gt;{}&lt;p&gt;It ended.&lt;/p&gt;"


def in_newsml_g2(body: str) -> str:
    return newsml_g2(body=f'<contentSet><inlineData contenttype="text/html">{body}</inlineData></contentSet>')


def in_newsml_1(body: str) -> str:
    return newsml_1(data=body)


def in_nitf(body: str) -> str:
    return nitf(body=body)


CARRIERS = pytest.mark.parametrize("carry", [in_newsml_g2, in_newsml_1, in_nitf])


@CARRIERS
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<p>" * DEEP, "too_deep"),
        ("<p/>" * DEEP, "too_many_elements"),
        (f"<p {MANY_ATTRIBUTES}/>", "too_many_attributes"),
        (f"<p {MANY_NAMESPACES}/>", "too_many_attributes"),
    ],
    ids=["deep", "many elements", "many attributes", "many namespaces"],
)
def test_bombs_are_refused_within_two_seconds(carry: Callable[[str], str], body: str, code: str) -> None:
    began = time.process_time()
    found = refusal(carry(body))
    assert (found, time.process_time() - began < 2) == (code, True)


@CARRIERS
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_active_content_comes_out_of_escaped_markup(carry: Callable[[str], str], payload: str) -> None:
    escaped = payload.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert allowed(one(carry(WRAPPED.format(escaped))).body_html)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_active_content_comes_out_of_marks_as_elements(payload: str) -> None:
    assert allowed(one(in_nitf(f"<p>It began.</p>{payload}<p>It ended.</p>")).body_html)


def test_a_story_longer_than_any_is_refused() -> None:
    assert refusal(in_nitf(f"<p>{'words ' * 300_000}</p>")) == "too_large"


def test_a_name_longer_than_any_is_refused() -> None:
    assert refusal(newsml_g2(attributes=f'guid="urn:{"a" * 3_000}"')) == "too_large"


def test_more_items_than_any_message_has_are_refused() -> None:
    items = '<newsItem guid="urn:a"/>' * 1_001
    message = f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{items}</itemSet></newsMessage>'
    assert refusal(message) == "too_many_items"


def test_a_wire_document_that_stops_in_the_middle_gives_what_there_is_and_says_so() -> None:
    (item,) = read(nitf()[:-40]).items
    assert "markup_repaired" in [note.code for note in item.assumptions]


def test_a_prefix_that_nothing_declares_is_refused() -> None:
    assert refusal(in_nitf("<p>It <tide:b>began</tide:b> on Monday.</p>")) == "invalid_xml"
