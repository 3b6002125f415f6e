"""What the documentation shows is run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from redis.asyncio import Redis

from shared.article import Change
from shared.events import ArticlePublished, new_traceparent
from shared.topics import ARTICLE_PUBLISHED
from tests.delivery.copy_desk import article

EXAMPLES = Path(__file__).parent.parent.parent / "docs" / "examples"


async def put(redis: Redis, number: int, revision: int, change: Change) -> None:
    event = ArticlePublished.of(
        article(number, revision=revision, change=change), traceparent=new_traceparent(), sequence=str(revision)
    )
    await redis.xadd(ARTICLE_PUBLISHED.stream(), event.to_fields())  # type: ignore[arg-type]  # invariance of dict


def read_until(url: str, last: str) -> list[str]:
    """Run the example until it prints ``last``, then kill it as a crash would."""
    command = [sys.executable, str(EXAMPLES / "read_published.py"), url, "archive"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as example:
        assert example.stdout is not None
        lines: list[str] = []
        while last not in lines:
            lines.append(example.stdout.readline().strip())
            assert lines[-1], "the example ended"
        example.kill()
    return lines


async def test_the_python_subscriber_reads_from_the_oldest_and_goes_on_after_a_crash(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        await put(redis, 1, 10, Change.NEW)
        await put(redis, 2, 11, Change.NEW)
        assert read_until(redis_url, "11 story2 11 new") == ["10 story1 10 new", "11 story2 11 new"]
        await put(redis, 1, 12, Change.KILL)
        # The last line before the crash may come again, for it may not have been acknowledged; none before it does.
        assert read_until(redis_url, "12 story1 12 kill") in (
            ["12 story1 12 kill"],
            ["11 story2 11 new", "12 story1 12 kill"],
        )
