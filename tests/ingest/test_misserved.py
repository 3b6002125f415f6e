"""A web page where a feed should be."""

from __future__ import annotations

import pytest

from services.ingest.feeds.misserved import is_html
from tests.ingest.making import ninjs, rss


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><title>Sign in</title>",
        b"<html><body>Back soon</body></html>",
        b"\xef\xbb\xbf\n <!-- portal --><HTML lang=en>",
        b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><html/>',
        "<html><p>Später</p></html>".encode("utf-16"),
        b"<head><title>x</title></head>",
    ],
)
def test_page_is_told_by_its_bytes(body: bytes) -> None:
    assert is_html(body, "application/rss+xml")


@pytest.mark.parametrize(
    "body",
    [
        rss(),
        b'<?xml version="1.0"?><!-- <html> --><rss version="2.0"/>',
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>The html of it</title></feed>',
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
        b'<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"/>',
        ninjs(),
        b"",
        b"\x00\x01",
    ],
)
def test_feed_that_calls_itself_a_page_is_none(body: bytes) -> None:
    assert not is_html(body, "text/html; charset=utf-8")


def test_fragment_is_a_page_where_the_sender_says_so() -> None:
    assert is_html(b"<div>Back soon</div>", "text/html")


def test_long_row_of_comments_is_looked_at_in_no_time() -> None:
    assert not is_html(b"<!--" * 1_000_000, None)
