"""Fetching pictures from servers that mean harm, are broken, or are slow."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_network

import pytest

from services.publish.pictures.fetch import PictureFetcher
from services.publish.pictures.unavailable import LASTING_SECONDS, PASSING_SECONDS, Failures, PictureUnavailable
from tests.publish.picture_server import FarPictures
from tests.publish.serving import serving

SECONDS = 1.0
MAX_BYTES = 1_000_000
LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def far() -> FarPictures:
    return FarPictures()


@pytest.fixture
def url(far: FarPictures) -> Iterator[str]:
    with serving(far.app()) as client:
        yield str(client.base_url).rstrip("/")


@pytest.fixture
async def fetcher() -> AsyncIterator[PictureFetcher]:
    made = PictureFetcher(max_bytes=MAX_BYTES, seconds=SECONDS, allowed=LOOPBACK)
    yield made
    await made.close()


async def failure(fetcher: PictureFetcher, address: str) -> str:
    with pytest.raises(PictureUnavailable) as failed:
        await fetcher.fetch(address)
    return failed.value.code


@pytest.mark.parametrize("path", ["/photo.jpg", "/moved"])
async def test_a_picture_is_fetched_whole(fetcher: PictureFetcher, far: FarPictures, url: str, path: str) -> None:
    assert await fetcher.fetch(url + path) == far.body


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/drip", "too_slow"),
        ("/endless", "too_large"),
        ("/packed", "too_large"),
        ("/loop", "too_many_redirects"),
        ("/to-private", "forbidden_address"),
        ("/nothing-here", "http_404"),
    ],
)
async def test_what_a_server_does_is_told_by_code(fetcher: PictureFetcher, url: str, path: str, code: str) -> None:
    started = time.monotonic()
    assert (await failure(fetcher, url + path), time.monotonic() - started < 3 * SECONDS) == (code, True)


async def test_a_length_over_the_limit_is_believed(far: FarPictures, url: str) -> None:
    far.headers = {"Content-Length": str(len(far.body))}
    small = PictureFetcher(max_bytes=10, seconds=SECONDS, allowed=LOOPBACK)
    assert await failure(small, f"{url}/photo.jpg") == "too_large"
    await small.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]", "0"])
async def test_no_spelling_of_our_own_machine_is_asked(far: FarPictures, url: str, host: str) -> None:
    fetcher = PictureFetcher(max_bytes=MAX_BYTES, seconds=SECONDS)
    code = await failure(fetcher, f"http://{host}:{url.rpartition(':')[2]}/photo.jpg")
    await fetcher.close()
    assert (code, far.asked) == ("forbidden_address", [])


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/1.jpg", "photo.jpg", "http://", ""])
async def test_only_the_web_is_asked(fetcher: PictureFetcher, address: str) -> None:
    assert await failure(fetcher, address) == "forbidden_address"


async def test_a_server_that_is_not_there_may_come_back(fetcher: PictureFetcher) -> None:
    with pytest.raises(PictureUnavailable) as failed:
        await fetcher.fetch("http://127.0.0.1:9/1.jpg")
    assert (failed.value.code, failed.value.lasts) == ("connection_failed", False)


@pytest.mark.parametrize(
    ("code", "seconds"),
    [
        ("not_a_picture", LASTING_SECONDS),
        ("http_404", LASTING_SECONDS),
        ("http_429", PASSING_SECONDS),
        ("too_slow", PASSING_SECONDS),
    ],
)
def test_a_failure_is_remembered_for_as_long_as_it_may_last(code: str, seconds: float) -> None:
    now = 0.0
    failures = Failures(clock=lambda: now)
    failures.add("a", PictureUnavailable(code, ""))
    now = seconds - 1
    with pytest.raises(PictureUnavailable, match=code):
        failures.check("a")
    now = seconds + 1
    failures.check("a")
