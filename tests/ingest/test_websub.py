"""WebSub without a network: offers, signatures, and when to ask."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.feeds.websub import ASK_AFTER_DENIAL_MS, ASK_AGAIN_MS, Offer, Subscription, is_wanted, offered
from services.ingest.feeds.websub import signature_holds as holds

URL = "https://harbour.example/feed.xml"
OFFER = Offer("https://hub.example/", URL)
SECRET = "s"
ASKED = Subscription(hub=OFFER.hub, topic=OFFER.topic, token="t", secret=SECRET, asked_ms=1_000)
ALIVE = replace(ASKED, until_ms=100_000, renew_ms=80_000)


def signed(body: bytes, *, secret: str = SECRET, method: str = "sha256") -> str:
    return f"{method}={hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()}"


@pytest.mark.parametrize(
    "links",
    [
        ('<https://hub.example/>; rel="hub", <https://harbour.example/feed.xml>; rel="self"',),
        ("<https://hub.example/>; rel=hub", "<https://harbour.example/feed.xml>; rel=self"),
        ('<https://hub.example/>; type="a,b;c"; rel="x HUB"', '</feed.xml>; rel="self alternate"'),
        ("<https://hub.example/>; rel=hub",),
    ],
)
def test_hub_is_offered_by_link_headers(links: tuple[str, ...]) -> None:
    assert offered(links, b"", url=URL) == OFFER


@pytest.mark.parametrize(
    "body",
    [
        b'<rss><channel><atom:link rel="hub" href="https://hub.example/"/><atom:link href="/feed.xml" rel="self"/>',
        b"<feed><link rel='self' href='/feed.xml'/><link href='https://hub.example/' rel='hub'/>",
        b'<rss><channel><atom10:link xmlns:atom10="x" rel="hub" href="https://hub.example/" /></channel>',
    ],
)
def test_hub_is_offered_by_links_of_the_feed(body: bytes) -> None:
    assert offered((), body, url=URL) == OFFER


@pytest.mark.parametrize(
    ("links", "body"),
    [
        ((), b"<rss><channel><link>https://harbour.example/</link></channel></rss>"),
        (("<https://hub.example/>; rel=stylesheet",), b""),
        (("<https://hub.example/>; rel=self",), b""),
        ((), b'<rss><item><atom:link rel="hub" href="https://evil.example/"/></item></rss>'),
        (("<file:///etc/passwd>; rel=hub",), b""),
        (("<http://hub.example/>; rel=hub",), b""),
        ((), b"\x00\xff"),
    ],
)
def test_nothing_else_offers_a_hub(links: tuple[str, ...], body: bytes) -> None:
    assert offered(links, body, url=URL) is None


def test_feed_without_tls_may_have_a_hub_without_tls() -> None:
    url = "http://harbour.example/feed.xml"
    assert offered(("<http://hub.example/>; rel=hub",), b"", url=url) == Offer("http://hub.example/", url)


@given(st.lists(st.text(), max_size=3), st.binary())
def test_no_answer_breaks_the_reading_of_offers(links: list[str], body: bytes) -> None:
    found = offered(links, body, url=URL)
    assert found is None or found.hub.startswith("https://")


@pytest.mark.parametrize("head", [b"<link " * 100_000, b"<link rel=hub href='" * 50_000, b"<a:" * 300_000])
def test_no_body_is_slow_to_read(head: bytes) -> None:
    assert offered(("<a>" + "; b=c" * 100_000,), head, url=URL) is None


@pytest.mark.parametrize("method", ["sha256", "sha384", "sha512"])
def test_signature_of_the_secret_holds(method: str) -> None:
    assert holds(SECRET, signed(b"<rss/>", method=method), b"<rss/>")


@pytest.mark.parametrize(
    "header",
    [
        signed(b"<rss/>", secret="other"),
        signed(b"<rss/> "),
        signed(b"<rss/>", method="sha1"),
        signed(b"<rss/>", method="md5"),
        "sha256=",
        "sha256",
        "",
        None,
        "sha256=é",
    ],
)
def test_no_other_signature_holds(header: str | None) -> None:
    assert not holds(SECRET, header, b"<rss/>")


def test_hub_that_was_never_asked_is_asked() -> None:
    assert is_wanted(None, OFFER, now_ms=0)


def test_other_hub_is_asked() -> None:
    assert is_wanted(ALIVE, Offer("https://other.example/", URL), now_ms=2_000)


def test_hub_that_was_asked_is_given_time_to_answer() -> None:
    asked = [is_wanted(ASKED, OFFER, now_ms=1_000 + ms) for ms in (0, ASK_AGAIN_MS - 1, ASK_AGAIN_MS)]
    assert asked == [False, False, True]


def test_subscription_is_renewed_before_it_ends() -> None:
    assert [is_wanted(ALIVE, OFFER, now_ms=ms) for ms in (79_999, 80_000)] == [False, True]


def test_hub_that_denied_is_asked_after_a_day() -> None:
    denied = replace(ASKED, denied_ms=5_000)
    asked = [is_wanted(denied, OFFER, now_ms=5_000 + ms) for ms in (ASK_AFTER_DENIAL_MS, ASK_AFTER_DENIAL_MS + 1)]
    assert asked == [False, True]
