"""Push the pieces in ``samples/`` into a running newsroom, as a source would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx

__all__ = ["NotTaken", "feed_samples", "media_type", "push"]

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
MEDIA_TYPES = {".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8"}


class NotTaken(RuntimeError):
    """Ingest did not take a piece. The message has its answer."""


def media_type(path: Path, content: bytes) -> str:
    """Return what to declare: by the suffix, and for XML by its root element."""
    if path.suffix in MEDIA_TYPES:
        return MEDIA_TYPES[path.suffix]
    return "application/atom+xml" if b"<feed" in content[:500] else "application/rss+xml"


def push(client: httpx.Client, *, address: str, source: str, token: str, content: bytes, declared: str) -> list[str]:
    """Push one body and return the outcome of each item in it.

    Raises:
        NotTaken: the answer is not 202, or there is none.
    """
    try:
        answer = client.post(
            f"{address}/v1/items",
            params={"source": source},
            content=content,
            headers={"Authorization": f"Bearer {token}", "Content-Type": declared},
        )
    except httpx.HTTPError as error:
        raise NotTaken(f"no answer from {address}: {error!r}") from error
    if answer.status_code != httpx.codes.ACCEPTED:
        raise NotTaken(f"{answer.status_code} {answer.text[:300]}")
    return [str(item["outcome"]) for item in answer.json()["items"]]


def feed_samples(*, address: str, token: str) -> Iterator[str]:
    """Push every sample and yield a sentence about each, and about those that were not taken."""
    with httpx.Client(timeout=30, trust_env=False) as client:
        for path in sorted(p for p in SAMPLES.iterdir() if p.suffix in {*MEDIA_TYPES, ".xml"}):
            content = path.read_bytes()
            try:
                outcomes = push(
                    client,
                    address=address,
                    source="demo",
                    token=token,
                    content=content,
                    declared=media_type(path, content),
                )
            except NotTaken as error:
                yield f"sample {path.name} was not taken: {error}"
            else:
                yield f"sample {path.name}: {in_words(outcomes)}"


def in_words(outcomes: list[str]) -> str:
    """Say what became of the items of one body."""
    words = {"emitted": "taken in", "duplicate": "already in"}
    return ", ".join(f"{count} {words.get(outcome, outcome)}" for outcome, count in Counter(outcomes).items())
