"""Whatever the bytes, for every parser there is: items that can be passed on, or a refusal with a code, and soon.

How many examples are tried is the profile's: ``HYPOTHESIS_PROFILE=thorough`` tries 500.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.items import Parsed, UnreadableCopy
from services.ingest.parse import BYTE_PARSERS, PARSERS, Refusal, parse
from services.ingest.parse.detect import Format
from tests.ingest.parse.golden import CONTENT_TYPES, FOLDERS, HINTS, pairs

FORMATS = [*PARSERS, *BYTE_PARSERS]
SECONDS = 2
"""Of processor time for one small body: what the machine does besides is no fault of the parser."""
TYPES = st.sampled_from([None, *CONTENT_TYPES.values(), "application/octet-stream", "text/html", "x/y; charset=big5"])
SHARDS = st.sampled_from(
    [
        *(b"<", b">", b"<p>", b"</p>", b"&amp;", b"&", b"]]>", b"<![CDATA[", b"<!--", b"\0", b"\xff\xfe", b"{", b"}"),
        *(b'"', b"\x01", b"\x02", b"\x03", b"\x04", b"\r\n", b"ZCZC ", b"NNNN", b"=?x?", b"\n\n", b"[", b"null"),
    ]
)


def copy_of(copy_format: Format) -> list[bytes]:
    """Return the golden copy of a format, the IPTC's examples among it."""
    return [path.read_bytes() for path in pairs() if FOLDERS[copy_format.name] in path.parts]


def is_sound(read: Callable[[], Parsed]) -> bool:
    """Tell whether reading ends in time with items of whole text and zoned times, or with a refusal of ours."""
    began = time.process_time()
    try:
        parsed = read()
    except UnreadableCopy as refusal:
        return refusal.code in set(Refusal) - {Refusal.PARSER_FAILED} and time.process_time() - began < SECONDS
    for item in parsed.items:
        f"{item.headline}{item.summary}{item.body_html}{item.identity}{item.by}{item.url}".encode()
    zoned = all(item.published is None or item.published.tzinfo is not None for item in parsed.items)
    return zoned and time.process_time() - began < SECONDS


@pytest.mark.parametrize("copy_format", FORMATS)
def test_every_format_has_at_least_six_golden_pairs(copy_format: Format) -> None:
    ours = [path for path in pairs() if FOLDERS[copy_format.name] in path.parts and "iptc" not in path.parts]
    assert len(ours) >= 6


@given(body=st.binary(max_size=400), content_type=TYPES)
def test_arbitrary_bytes_are_read_or_refused(body: bytes, content_type: str | None) -> None:
    assert is_sound(lambda: parse(body, content_type=content_type, hints=HINTS))


@given(text=st.text(max_size=300), content_type=TYPES)
def test_arbitrary_text_is_read_or_refused(text: str, content_type: str | None) -> None:
    assert is_sound(lambda: parse(text.encode(), content_type=content_type, hints=HINTS))


@pytest.mark.parametrize("copy_format", FORMATS)
@given(data=st.data())
def test_damaged_copy_of_every_format_is_read_or_refused(copy_format: Format, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(copy_of(copy_format)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        cut = data.draw(st.integers(0, 40))
        body = body[:at] + data.draw(SHARDS | st.binary(max_size=8)) + body[at + cut :]
    content_type = data.draw(st.sampled_from([None, copy_format.value, "text/plain; charset=utf-8"]))
    assert is_sound(lambda: parse(body, content_type=content_type, hints=HINTS))


@pytest.mark.parametrize("copy_format", FORMATS)
@given(body=st.binary(max_size=200) | st.lists(SHARDS | st.binary(max_size=6), max_size=30).map(b"".join))
def test_a_parser_that_gets_what_is_not_its_own_reads_or_refuses_it(copy_format: Format, body: bytes) -> None:
    if copy_format in BYTE_PARSERS:
        assert is_sound(lambda: BYTE_PARSERS[copy_format](body, HINTS))
    else:
        assert is_sound(lambda: PARSERS[copy_format](body.decode("utf-8", "replace"), HINTS))


@pytest.mark.parametrize("content_type", ["text/plain", None])
@given(
    lines=st.lists(st.sampled_from(["", "top", "By A", "Jun 17, 2023", "A b c.", "PARIS — Go", "the", "- x", "a b"]))
)
def test_any_order_of_lines_is_read_or_refused(lines: list[str], content_type: str | None) -> None:
    assert is_sound(lambda: parse("\n".join(lines).encode(), content_type=content_type, hints=HINTS))
