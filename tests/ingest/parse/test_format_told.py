from __future__ import annotations

import pytest

from tests.ingest.parse.reading import read, refusal

RSS = "<?xml version='1.0'?><!-- x --><rss version='2.0'><channel><item><title>A story</title></item></channel></rss>"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id><title>A story</title></entry></feed>"
PAGE = "<!DOCTYPE html><title>A story</title><p>It happened on Monday.</p>"
NINJS = '{"uri": "a:1", "headline": "A story"}'
PLAIN = "A story\n\nIt happened on Monday, and everyone saw it happen there."
GENERIC = [
    None,
    "",
    "application/octet-stream",
    "application/xml",
    "text/xml",
    "text/html",
    "text/plain; charset=utf-8",
]


@pytest.mark.parametrize("content_type", GENERIC)
@pytest.mark.parametrize(
    ("body", "media_type"),
    [(RSS, "application/rss+xml"), (ATOM, "application/atom+xml"), (NINJS, "application/ninjs+json")],
    ids=["rss", "atom", "ninjs"],
)
def test_the_bytes_tell_the_format_when_the_content_type_does_not(
    body: str, media_type: str, content_type: str | None
) -> None:
    assert read(body, content_type).media_type == media_type


@pytest.mark.parametrize("content_type", [None, "text/html", "application/octet-stream", "application/xhtml+xml"])
def test_a_page_is_told_from_its_bytes(content_type: str | None) -> None:
    assert read(PAGE, content_type).media_type == "text/html"


@pytest.mark.parametrize("content_type", [None, "text/plain", "text/html", "application/octet-stream"])
def test_text_without_markup_is_a_plain_page(content_type: str | None) -> None:
    assert read(PLAIN, content_type).media_type == "text/plain"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 x", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "image/png"),
        (b"PK\x03\x04\0\0", None),
        (b"\0\1\2\3" * 8, "application/octet-stream"),
        (b"<svg><g/></svg>", "application/xml"),
        (b"words", "video/mp4"),
    ],
)
def test_other_formats_are_refused_by_name(body: bytes, content_type: str | None) -> None:
    assert refusal(body, content_type) == "unsupported_format"


@pytest.mark.parametrize("body", [b"", b" \n\t", b"\xef\xbb\xbf", "top\n", "<html></html>"])
def test_copy_with_nothing_in_it_is_refused(body: bytes | str) -> None:
    assert refusal(body, "text/plain" if isinstance(body, bytes) else None) == "no_content"
