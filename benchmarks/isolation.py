"""Copy read in threads of the service, and in processes of their own: the same bodies, the same number at once.

What isolation costs is a copy of the body over a socket and of the items back; what it gives back, besides its limits,
is an event loop that parsing does not hold up. The delay is that of a task that sleeps for a millisecond meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.ingest.admission.reading import CopyReader
from services.ingest.isolation.isolation import Limits
from services.ingest.isolation.parser_pool import ParserProcesses
from services.ingest.items import Hints

ROUNDS = 3
SECONDS = 1.0
PARSERS = 2
IN_FLIGHT = 8
HINTS = Hints(
    provider="The source",
    timezone=ZoneInfo("Australia/Hobart"),
    timezone_name="Australia/Hobart",
    received=datetime(2024, 3, 4, 6, tzinfo=UTC),
)
PARAGRAPH = "The harbour board said on Tuesday that the ferry would be back before the end of the month. "
ENTRY = "<item><guid>urn:bench:%d</guid><title>Ferry %d</title><description>%s</description></item>"
ENTRIES = "".join(ENTRY % (n, n, PARAGRAPH * 4) for n in range(50))
BODIES = {
    "ninjs of 2 kB": (
        "application/json",
        json.dumps({"uri": "urn:bench:1", "headline": "Ferry", "body_html": f"<p>{PARAGRAPH}</p>" * 18}).encode(),
    ),
    "text of 5 kB": ("text/plain", ("Ferry returns\n\n" + f"{PARAGRAPH * 3}\n\n" * 18).encode()),
    "page of 20 kB": ("text/html", f"<h1>Ferry</h1><article>{f'<p>{PARAGRAPH * 2}</p>' * 105}</article>".encode()),
    "feed of 50 entries": (
        "application/rss+xml",
        f"<rss version='2.0'><channel>{ENTRIES}</channel></rss>".encode(),
    ),
}


async def measure() -> str:
    pool = ParserProcesses(PARSERS, Limits(seconds=20, cpu_seconds=20, mib=128))
    pool.start()
    threads = CopyReader(at_once=PARSERS, seconds=20)
    processes = CopyReader(at_once=PARSERS, seconds=pool.patience, parser=pool.parse)
    try:
        rows = [await _row(name, threads, processes) for name in BODIES]
    finally:
        processes.close()
        threads.close()
        pool.close()
    return "\n".join(
        [
            "## Parsing in processes",
            "",
            " ".join((__doc__ or "").split("\n\n", 1)[1].split()),
            "",
            f"{PARSERS} parsers, {IN_FLIGHT} bodies in flight.",
            "",
            "| copy | threads, bodies/s | processes, bodies/s | ratio | loop delay, threads | loop delay, processes |",
            "|---|---:|---:|---:|---:|---:|",
            *rows,
            "",
        ]
    )


async def _row(name: str, threads: CopyReader, processes: CopyReader) -> str:
    content_type, body = BODIES[name]
    rates: dict[CopyReader, list[float]] = {threads: [], processes: []}
    delays: dict[CopyReader, list[float]] = {threads: [], processes: []}
    for reader in rates:
        await reader.read(body, content_type=content_type, hints=HINTS)
    for _ in range(ROUNDS):
        for reader, found in rates.items():
            rate, delay = await _rate(reader, body, content_type)
            found.append(rate)
            delays[reader].append(delay)
    ratio = statistics.median(b / a for a, b in zip(rates[threads], rates[processes], strict=True))
    one, two = (f"{statistics.median(rates[reader]):,.0f}" for reader in (threads, processes))
    late, less = (f"{statistics.median(delays[reader]) * 1000:.1f} ms" for reader in (threads, processes))
    return f"| {name} | {one} | {two} | {ratio:.2f} | {late} | {less} |"


async def _rate(reader: CopyReader, body: bytes, content_type: str) -> tuple[float, float]:
    """Return the bodies a second, and the 99th percentile of how late the loop was."""
    end = time.perf_counter() + SECONDS

    async def read() -> int:
        count = 0
        while time.perf_counter() < end:
            await reader.read(body, content_type=content_type, hints=HINTS)
            count += 1
        return count

    async def sleep() -> list[float]:
        late = []
        while (began := time.perf_counter()) < end:
            await asyncio.sleep(0.001)
            late.append(time.perf_counter() - began - 0.001)
        return late

    began = time.perf_counter()
    sleeping = asyncio.create_task(sleep())
    counts = await asyncio.gather(*(read() for _ in range(IN_FLIGHT)))
    late = await sleeping
    return sum(counts) / (time.perf_counter() - began), statistics.quantiles(late, n=100)[98]
