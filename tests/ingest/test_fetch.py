"""Fetching from servers that mean harm, are broken, or are merely polite."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.ingest.feeds.failing import SourceGone, SourceUnavailable
from services.ingest.feeds.fetch import Fetcher, Resolve, resolve
from services.ingest.feeds.fetched import Fetched
from tests.ingest.feeds import FarServer
from tests.ingest.polling import LOOPBACK, TLS
from tests.ingest.serving import serving

SECONDS = 2.0
MAX_BYTES = 1_000_000
CERTIFICATE = Path(__file__).parent / "tls" / "feeds.example.crt"
"""Of this test's own invention, for a name that cannot exist; its key guards nothing."""


@pytest.fixture
def far() -> FarServer:
    return FarServer()


@pytest.fixture
async def url(far: FarServer) -> AsyncIterator[str]:
    async with serving(far.app()) as address:
        yield address


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    made = Fetcher(max_bytes=MAX_BYTES, seconds=SECONDS, allowed=LOOPBACK, tls=TLS)
    yield made
    await made.close()


async def failure(fetcher: Fetcher, url: str) -> str:
    """Return the code with which a fetch fails."""
    with pytest.raises(SourceUnavailable) as failed:
        await fetcher.fetch(url)
    return failed.value.code


async def fetched_by_name(url: str, resolver: Resolve, *, path: str = "/feed") -> bytes:
    """Fetch by a name that only ``resolver`` knows."""
    fetcher = Fetcher(max_bytes=MAX_BYTES, seconds=SECONDS, allowed=LOOPBACK, resolver=resolver, tls=TLS)
    try:
        fetched = await fetcher.fetch(url.replace("127.0.0.1", "feeds.example") + path)
    finally:
        await fetcher.close()
    return fetched.body if isinstance(fetched, Fetched) else b""


async def test_feed_is_fetched_whole(fetcher: Fetcher, url: str, far: FarServer) -> None:
    far.body = b"<rss>" + b"x" * 200_000
    fetched = await fetcher.fetch(f"{url}/feed")
    assert isinstance(fetched, Fetched)
    assert (fetched.body, fetched.content_type) == (far.body, "application/rss+xml")


async def test_compressed_feed_is_inflated(fetcher: Fetcher, url: str, far: FarServer) -> None:
    far.body, far.headers = gzip.compress(b"<rss/>" * 99), {"Content-Encoding": "gzip"}
    fetched = await fetcher.fetch(f"{url}/feed")
    assert isinstance(fetched, Fetched)
    assert fetched.body == b"<rss/>" * 99


async def test_what_marks_the_version_is_handed_on(fetcher: Fetcher, url: str, far: FarServer) -> None:
    far.headers = {"ETag": '"v1"', "Last-Modified": "Mon, 04 May 2026 10:00:00 GMT"}
    fetched = await fetcher.fetch(f"{url}/feed")
    assert isinstance(fetched, Fetched)
    assert (fetched.etag, fetched.last_modified) == ('"v1"', "Mon, 04 May 2026 10:00:00 GMT")


async def test_marks_are_sent_back_as_conditions(fetcher: Fetcher, url: str, far: FarServer) -> None:
    await fetcher.fetch(f"{url}/feed", etag='"v1"', last_modified="Mon, 04 May 2026 10:00:00 GMT")
    sent = far.requests[0].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"v1"', "Mon, 04 May 2026 10:00:00 GMT")


async def test_not_modified_is_nothing_new(fetcher: Fetcher, url: str, far: FarServer) -> None:
    far.status, far.body = 304, b""
    assert not isinstance(await fetcher.fetch(f"{url}/feed", etag='"v1"'), Fetched)


async def test_gone_is_told_apart_from_failing(fetcher: Fetcher, url: str, far: FarServer) -> None:
    far.status = 410
    with pytest.raises(SourceGone):
        await fetcher.fetch(f"{url}/feed")


async def test_wait_that_the_source_asks_for_is_handed_on(fetcher: Fetcher, url: str, far: FarServer) -> None:
    far.status, far.headers = 429, {"Retry-After": "120"}
    with pytest.raises(SourceUnavailable) as failed:
        await fetcher.fetch(f"{url}/feed")
    assert (failed.value.code, failed.value.retry_after) == ("http_429", 120)


async def test_dripping_body_ends_in_time(fetcher: Fetcher, url: str) -> None:
    started = time.monotonic()
    code = await failure(fetcher, f"{url}/drip")
    assert (code, time.monotonic() - started < SECONDS * 2) == ("too_slow", True)


async def test_endless_body_ends_at_the_limit(fetcher: Fetcher, url: str) -> None:
    assert await failure(fetcher, f"{url}/endless") == "too_large"


async def test_bomb_ends_at_the_limit(fetcher: Fetcher, url: str) -> None:
    assert await failure(fetcher, f"{url}/bomb") == "too_large"


async def test_oversized_headers_are_refused(fetcher: Fetcher, url: str) -> None:
    assert await failure(fetcher, f"{url}/headers") == "connection_failed"


async def test_encoding_that_was_not_asked_for_is_refused(fetcher: Fetcher, url: str, far: FarServer) -> None:
    far.headers = {"Content-Encoding": "br"}
    assert await failure(fetcher, f"{url}/feed") == "bad_encoding"


async def test_five_redirects_are_followed(fetcher: Fetcher, url: str) -> None:
    fetched = await fetcher.fetch(f"{url}/hops/4")
    assert isinstance(fetched, Fetched)
    assert fetched.url == f"{url}/feed"


async def test_six_redirects_are_not_followed(fetcher: Fetcher, url: str) -> None:
    assert await failure(fetcher, f"{url}/hops/5") == "too_many_redirects"


async def test_redirect_loop_is_left_after_five(fetcher: Fetcher, url: str, far: FarServer) -> None:
    await failure(fetcher, f"{url}/loop/0")
    assert len(far.requests) == 6


async def test_redirect_to_a_private_address_is_refused(fetcher: Fetcher, url: str) -> None:
    assert await failure(fetcher, f"{url}/to-private") == "forbidden_address"


async def test_redirect_to_a_file_is_refused(fetcher: Fetcher, url: str) -> None:
    assert await failure(fetcher, f"{url}/to-file") == "forbidden_address"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/feed",
        "http://localhost:{port}/feed",
        "http://127.1:{port}/feed",
        "http://2130706433:{port}/feed",
        "http://0x7f000001:{port}/feed",
        "http://0:{port}/feed",
        "http://[::ffff:127.0.0.1]:{port}/feed",
    ],
)
async def test_no_spelling_of_loopback_is_fetched_from(url: str, far: FarServer, address: str) -> None:
    fetcher = Fetcher(max_bytes=MAX_BYTES, seconds=SECONDS, allowed=(), tls=TLS)
    code = await failure(fetcher, address.format(port=url.rpartition(":")[2]))
    await fetcher.close()
    assert (code, far.requests) == ("forbidden_address", [])


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/feed", "gopher://127.0.0.1/", "feed"])
async def test_only_http_is_fetched(fetcher: Fetcher, address: str) -> None:
    assert await failure(fetcher, address) == "forbidden_address"


async def test_name_that_turns_private_after_the_judging_is_still_dialled_where_it_was_judged(
    url: str, far: FarServer
) -> None:
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])

    async def turning(_: str, __: int) -> list[str]:
        return next(answers)

    assert await fetched_by_name(url, turning) == far.body


async def test_name_with_one_private_address_among_others_is_refused(url: str) -> None:
    async def mixed(_: str, __: int) -> list[str]:
        return ["127.0.0.1", "10.0.0.1"]

    with pytest.raises(SourceUnavailable, match="forbidden_address"):
        await fetched_by_name(url, mixed)


async def test_next_address_is_tried_when_one_does_not_answer(url: str, far: FarServer) -> None:
    async def two(_: str, __: int) -> list[str]:
        return ["127.0.0.9", "127.0.0.1"]

    assert await fetched_by_name(url, two) == far.body


async def test_server_is_asked_under_its_own_name(url: str, far: FarServer) -> None:
    async def known(_: str, __: int) -> list[str]:
        return ["127.0.0.1"]

    await fetched_by_name(url, known)
    assert far.requests[0].headers["host"] == f"feeds.example:{url.rpartition(':')[2]}"


@pytest.mark.parametrize(("name", "outcome"), [("feeds.example", "fetched"), ("other.example", "bad_certificate")])
async def test_certificate_must_be_for_the_name_and_not_for_the_address(
    far: FarServer, name: str, outcome: str
) -> None:
    async def known(_: str, __: int) -> list[str]:
        return ["127.0.0.1"]

    tls = ssl.create_default_context(cafile=CERTIFICATE)
    fetcher = Fetcher(max_bytes=MAX_BYTES, seconds=SECONDS, allowed=LOOPBACK, resolver=known, tls=tls)
    async with serving(far.app(), tls=CERTIFICATE) as url:
        try:
            await fetcher.fetch(url.replace("127.0.0.1", name) + "/feed")
            code = "fetched"
        except SourceUnavailable as error:
            code = error.code
    await fetcher.close()
    assert code == outcome


async def test_redirect_out_of_tls_is_refused(far: FarServer) -> None:
    async def known(_: str, __: int) -> list[str]:
        return ["127.0.0.1"]

    far.status, far.headers = 302, {"Location": "http://feeds.example/feed"}
    tls = ssl.create_default_context(cafile=CERTIFICATE)
    fetcher = Fetcher(max_bytes=MAX_BYTES, seconds=SECONDS, allowed=LOOPBACK, resolver=known, tls=tls)
    async with serving(far.app(), tls=CERTIFICATE) as url:
        code = await failure(fetcher, url.replace("127.0.0.1", "feeds.example") + "/feed")
    await fetcher.close()
    assert code == "forbidden_address"


async def test_proxy_of_the_environment_is_not_used(url: str, far: FarServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    fetcher = Fetcher(max_bytes=MAX_BYTES, seconds=SECONDS, allowed=LOOPBACK, tls=TLS)
    await fetcher.fetch(f"{url}/feed")
    await fetcher.close()
    assert len(far.requests) == 1


async def test_cookies_are_not_kept(fetcher: Fetcher, url: str, far: FarServer) -> None:
    for _ in range(2):
        await fetcher.fetch(f"{url}/cookie")
    assert "cookie" not in far.requests[1].headers


async def test_server_that_is_not_there_is_unavailable(fetcher: Fetcher) -> None:
    assert await failure(fetcher, "http://127.0.0.1:9/feed") == "connection_failed"


@pytest.mark.parametrize(("errno", "code"), [(socket.EAI_NONAME, "no_such_host"), (socket.EAI_AGAIN, "dns_failed")])
async def test_name_that_does_not_exist_is_told_from_one_that_nobody_could_be_asked_about(
    errno: int, code: str
) -> None:
    async def asked(_: str, __: int) -> list[str]:
        raise socket.gaierror(errno, "not found")

    with pytest.raises(SourceUnavailable, match=code):
        await fetched_by_name("http://127.0.0.1:9", asked)


@pytest.mark.parametrize(
    ("path", "led"),
    [("/moved/301", "/feed"), ("/moved/308", "/feed"), ("/moved/302", None), ("/moved/307", None), ("/feed", None)],
)
async def test_only_a_permanent_redirect_is_told(fetcher: Fetcher, url: str, path: str, led: str | None) -> None:
    fetched = await fetcher.fetch(url + path)
    assert fetched.moved_to == (led and url + led)


async def test_permanent_redirect_counts_as_far_as_no_passing_one_comes_before_it(fetcher: Fetcher, url: str) -> None:
    assert (await fetcher.fetch(f"{url}/moved/301?to=/moved/302")).moved_to == f"{url}/moved/302"


async def test_password_is_not_told_with_where_a_feed_moved(fetcher: Fetcher, url: str) -> None:
    fetched = await fetcher.fetch(url.replace("//", "//reader:secret@") + "/moved/301")
    assert fetched.moved_to == f"{url}/feed"


async def test_how_long_an_answer_stays_fresh_is_handed_on(fetcher: Fetcher, url: str, far: FarServer) -> None:
    far.status, far.body, far.headers = 304, b"", {"Cache-Control": "max-age=90"}
    assert (await fetcher.fetch(f"{url}/feed")).fresh_seconds == 90


async def test_form_is_posted(fetcher: Fetcher, url: str, far: FarServer) -> None:
    assert (await fetcher.post(f"{url}/hub", {"hub.mode": "subscribe"}), far.forms) == (
        202,
        [{"hub.mode": "subscribe"}],
    )


async def test_nothing_is_posted_to_a_private_address(url: str, far: FarServer) -> None:
    fetcher = Fetcher(max_bytes=MAX_BYTES, seconds=SECONDS, allowed=(), tls=TLS)
    with pytest.raises(SourceUnavailable, match="forbidden_address"):
        await fetcher.post(f"{url}/hub", {})
    await fetcher.close()
    assert far.forms == []


async def test_resolver_gives_addresses() -> None:
    assert await resolve("127.0.0.1", 80) == ["127.0.0.1"]
