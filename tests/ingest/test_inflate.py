"""Bodies off the wire, compressed or not, within their limit."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.fetching.inflate import BadEncoding, BodyTooLarge, Inflater

LIMIT = 1_000_000


def inflated(data: bytes, encoding: str | None, *, step: int = 1000) -> bytes:
    inflater = Inflater(encoding, limit=LIMIT)
    for at in range(0, len(data), step):
        inflater.feed(data[at : at + step])
    return inflater.body()


@given(st.binary(max_size=5000), st.integers(1, 700))
def test_compressed_body_comes_out_as_it_was(body: bytes, step: int) -> None:
    assert inflated(gzip.compress(body), "gzip", step=step) == body


def test_plain_body_comes_out_as_it_was() -> None:
    assert inflated(b"plain" * 1000, None) == b"plain" * 1000


def test_every_member_of_a_gzip_stream_is_read() -> None:
    assert inflated(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip") == b"one two"


def test_body_of_exactly_the_limit_is_taken() -> None:
    assert len(inflated(gzip.compress(bytes(LIMIT)), "gzip")) == LIMIT


@pytest.mark.parametrize("encoding", [None, "gzip"])
def test_body_over_the_limit_is_refused(encoding: str | None) -> None:
    body = bytes(LIMIT + 1)
    with pytest.raises(BodyTooLarge):
        inflated(gzip.compress(body) if encoding else body, encoding)


def test_bomb_is_refused_without_being_inflated() -> None:
    bomb = gzip.compress(bytes(200_000_000), compresslevel=9)
    tracemalloc.start()
    with pytest.raises(BodyTooLarge):
        inflated(bomb, "gzip", step=len(bomb))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * LIMIT


@pytest.mark.parametrize("cut", [-9, 5, 1], ids=["in the body", "in the header", "after a byte"])
def test_stream_that_stops_early_is_refused(cut: int) -> None:
    with pytest.raises(BadEncoding, match="cut short"):
        inflated(gzip.compress(b"whole" * 99)[:cut], "gzip")


# With names of their own: a gzip header holds the time, so its bytes would name other tests in each worker.
@pytest.mark.parametrize(
    "body",
    [b"not gzip at all", zlib.compress(b"zlib"), gzip.compress(b"a") + b"rubbish"],
    ids=["text", "zlib", "rubbish after the end"],
)
def test_stream_that_is_not_gzip_is_refused(body: bytes) -> None:
    with pytest.raises(BadEncoding):
        inflated(body, "gzip")


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate", "\x00"])
def test_encoding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(BadEncoding, match="not asked for"):
        Inflater(encoding, limit=LIMIT)
