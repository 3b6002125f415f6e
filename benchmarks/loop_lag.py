"""How late enrich's event loop is, with nothing to do and under a backlog.

The whole service of the default tier, as `python -m services.enrich` puts it together, on a real Redis with AOF
`always`: articles of 360 words lie in the stream, every tenth of them a flash, which goes at once and is amended after.
Some rules look at the text, the tags and the time. A task of the same loop sleeps for 5 ms again and again; what it
wakes late by is the lag. Beside it a loop of another process does that and nothing else: what it is late by is the
machine's, not the loop's.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from redis import Redis

from benchmarks.tagging import long_articles
from services.enrich.__main__ import make_app
from services.enrich.settings import EnrichSettings
from shared.article import Article
from shared.events import ArticleIngested, new_traceparent
from shared.logs import configure_logs
from shared.settings import load
from shared.topics import ARTICLE_ENRICHED, ARTICLE_INGESTED, Lane
from tools.redis_server import RedisServer, free_port

STORIES = 400
FLASH_EACH = 10
IDLE_SECONDS = 5.0
TICK = 0.005
BLOCKED_MS = 50
"""What the loop must never be held up for."""
START_SECONDS, BACKLOG_SECONDS = 90.0, 120.0
RULES = """\
rules:
  - name: floods
    when: {any: [{text: {any_of: [flood, storm, cyclone]}}, {field: {name: headline, matches: "(?i)^storm"}}]}
    then: {section: world, route: [night-desk]}
  - name: sport
    when: {all: [{tag: {scheme: mediatopic, code: "medtop:15000000"}}, {not: {field: {name: urgency, at_most: 2}}}]}
    then: {route: [sport-desk]}
  - name: by-night
    when: {time: {between: "22:00-06:00", zone: Australia/Sydney}}
    then: {tags: [{name: By night}]}
"""
Ticks = list[tuple[float, float]]
"""When the loop came round, by the clock that all processes share, and how late, both in seconds."""


async def measure() -> str:
    """Run the service and the idle loop beside it, each in its process, and return the section of the page."""
    return await asyncio.to_thread(_measured)


def _measured() -> str:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        server = RedisServer(data=Path(folder))
        server.start()
        stack.callback(server.stop)
        bus: Any = stack.enter_context(Redis.from_url(server.url))
        port = free_port()
        service = stack.enter_context(_ticking(Path(folder), "service", _environment(server.url, port, Path(folder))))
        idle = stack.enter_context(_ticking(Path(folder), "idle", dict(os.environ)))
        _until(lambda: _is_ready(port), START_SECONDS)
        at = time.monotonic()
        time.sleep(IDLE_SECONDS)
        _put(bus, long_articles())
        begun = time.monotonic()
        # Each story comes out once, and each flash once more, amended.
        _until(lambda: _came_out(bus) >= STORIES + STORIES // FLASH_EACH, BACKLOG_SECONDS)
        ended = time.monotonic()
        stack.pop_all().close()
        quiet, busy = (at, at + IDLE_SECONDS), (begun, ended)
        rows = [
            _row("an idle loop, nothing to do", idle, quiet),
            _row("enrich, nothing to do", service, quiet),
            _row("an idle loop beside the backlog", idle, busy),
            _row("enrich, backlog", service, busy),
        ]
    return _section(rows, ended - begun)


def _section(rows: Sequence[str], seconds: float) -> str:
    return "\n".join(
        [
            "## The event loop of enrich",
            "",
            (__doc__ or "").strip(),
            "",
            f"{STORIES} stories in {seconds:.0f} s. Milliseconds.",
            "",
            f"| loop | ticks | late p50 | p99 | at most | over {BLOCKED_MS} ms |",
            "|---|---:|---:|---:|---:|---:|",
            *rows,
            "",
        ]
    )


def _row(name: str, file: Path, between: tuple[float, float]) -> str:
    ticks: Ticks = json.loads(file.read_text())
    late = [1000 * lag for at, lag in ticks if between[0] <= at <= between[1]]
    hundredths = statistics.quantiles(late, n=100)
    over = sum(one > BLOCKED_MS for one in late)
    return f"| {name} | {len(late):,} | {hundredths[49]:.1f} | {hundredths[98]:.1f} | {max(late):.1f} | {over} |"


def _environment(redis_url: str, port: int, folder: Path) -> dict[str, str]:
    (folder / "newsroom.yaml").write_text(RULES)
    return {
        **os.environ,
        "REDIS_URL": redis_url,
        "ENRICH_PORT": str(port),
        "NEWSROOM_CONFIG": str(folder / "newsroom.yaml"),
        "WIREROOM_DATA": str(folder),
    }


@contextmanager
def _ticking(folder: Path, kind: str, environment: dict[str, str]) -> Iterator[Path]:
    """Run this module as a process until the end, and then have its ticks in the file that is given."""
    ticks = folder / f"{kind}.json"
    command = [sys.executable, "-m", "benchmarks.loop_lag", kind, str(ticks)]
    with (folder / f"{kind}.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log)
        try:
            yield ticks
        finally:
            process.communicate()  # closes its input, which ends it


def _is_ready(port: int) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == httpx.codes.OK
    return False


def _put(bus: Any, articles: Sequence[Article]) -> None:
    """Put the whole backlog into the streams at once."""
    pipe = bus.pipeline()
    for number in range(STORIES):
        flash = number % FLASH_EACH == 0
        event = ArticleIngested.of(_story(articles, number, flash=flash), traceparent=new_traceparent())
        pipe.xadd(ARTICLE_INGESTED.stream(Lane.URGENT if flash else Lane.ROUTINE), event.to_fields())
    pipe.execute()


def _story(articles: Sequence[Article], number: int, *, flash: bool) -> Article:
    article = articles[number % len(articles)]
    newsroom = article.newsroom.model_copy(update={"story_id": f"s{number}", "revision": 16})
    return article.model_copy(update={"newsroom": newsroom, "urgency": 1 if flash else None})


def _came_out(bus: Any) -> int:
    return sum(bus.xlen(ARTICLE_ENRICHED.stream(lane)) for lane in Lane)


def _until(done: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"not so after {seconds} s")
        time.sleep(0.05)


async def _tick(ticks: Ticks) -> None:
    while True:
        due = time.monotonic() + TICK
        await asyncio.sleep(TICK)
        now = time.monotonic()
        ticks.append((now, now - due))


async def _serve(kind: str, ticks: Ticks) -> None:
    """Tick until standard input closes, in the loop of the service or in one that does nothing else."""
    ticking = asyncio.create_task(_tick(ticks))
    over = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    if kind == "service":
        settings = load(EnrichSettings)
        configure_logs("enrich", fmt=settings.log_format, level=settings.log_level)
        server = uvicorn.Server(uvicorn.Config(make_app(settings), port=settings.port, log_config=None))
        serving = asyncio.create_task(server.serve())
        await asyncio.wait({over, serving}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        await serving
    await over
    ticking.cancel()


def _main(kind: str, file: Path) -> None:
    ticks: Ticks = []
    asyncio.run(_serve(kind, ticks))
    file.write_text(json.dumps(ticks))


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
