"""Whatever the bytes: items that can be passed on, or a refusal with a code. Nothing else."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ingest.items import Parsed, UnreadableCopy
from services.ingest.parse import Refusal, parse
from tests.ingest.parse.golden import CONTENT_TYPES, HINTS, pairs

COPY = [path.read_bytes() for path in pairs()]
TYPES = st.sampled_from([None, *CONTENT_TYPES.values(), "application/octet-stream", "text/html", "x/y; charset=big5"])
SHARDS = st.sampled_from(
    [b"<", b">", b"<p>", b"</p>", b"&amp;", b"&", b"]]>", b"<![CDATA[", b"<!--", b"\0", b"\xff\xfe", b"{", b"}", b'"']
)
# Examples take milliseconds each; the machine may be busy with other things.
BOUNDED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_or_refuse(body: bytes, content_type: str | None) -> Parsed | str:
    try:
        parsed = parse(body, content_type=content_type, hints=HINTS)
    except UnreadableCopy as problem:
        return problem.code
    for item in parsed.items:
        f"{item.headline}{item.summary}{item.body_html}{item.identity}{item.by}{item.url}".encode()
    return parsed


def is_sound(outcome: Parsed | str) -> bool:
    if isinstance(outcome, Parsed):
        return all(item.published is None or item.published.tzinfo is not None for item in outcome.items)
    return outcome in set(Refusal) - {Refusal.PARSER_FAILED}


@BOUNDED
@given(body=st.binary(max_size=400), content_type=TYPES)
def test_arbitrary_bytes_are_read_or_refused(body: bytes, content_type: str | None) -> None:
    assert is_sound(read_or_refuse(body, content_type))


@BOUNDED
@given(text=st.text(max_size=300), content_type=TYPES)
def test_arbitrary_text_is_read_or_refused(text: str, content_type: str | None) -> None:
    assert is_sound(read_or_refuse(text.encode("utf-8", "surrogatepass"), content_type))


@BOUNDED
@given(data=st.data(), body=st.sampled_from(COPY), content_type=TYPES)
def test_damaged_copy_is_read_or_refused(data: st.DataObject, body: bytes, content_type: str | None) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        cut = data.draw(st.integers(0, 40))
        body = body[:at] + data.draw(SHARDS | st.binary(max_size=8)) + body[at + cut :]
    assert is_sound(read_or_refuse(body, content_type))


@pytest.mark.parametrize("content_type", ["text/plain", None])
@BOUNDED
@given(
    lines=st.lists(st.sampled_from(["", "top", "By A", "Jun 17, 2023", "A b c.", "PARIS — Go", "the", "- x", "a b"]))
)
def test_any_order_of_lines_is_read_or_refused(lines: list[str], content_type: str | None) -> None:
    assert is_sound(read_or_refuse("\n".join(lines).encode(), content_type))
