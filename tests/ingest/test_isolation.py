"""Parsing in processes of their own: what copy costs is bounded, and what passes the bound costs nothing else."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.ingest.admission.admit import Admission, RefusedCopy
from services.ingest.admission.archive import RawArchive
from services.ingest.admission.reading import CopyReader
from services.ingest.isolation.isolation import Limits, ParsersUnavailable
from services.ingest.isolation.parser_pool import ParserProcesses
from services.ingest.items import Hints, UnreadableCopy
from services.ingest.parse import parse
from shared.delivery import Delivery
from tests.ingest.desk import Desk, send
from tests.ingest.making import ninjs

HINTS = Hints(
    provider="Harbour Weekly",
    timezone=ZoneInfo("Australia/Sydney"),
    timezone_name="Australia/Sydney",
    received=datetime(2026, 5, 4, tzinfo=UTC),
)
JSON = "application/json"
LARGE = b'{"uri": "a:1", "headline": "Large", "body_text": "' + b"word " * 1_900_000 + b'"}'
"""9.5 MB: more than a parser with little memory can even take in."""


def started(*, count: int = 1, seconds: float = 30, cpu_seconds: int = 20, mib: int = 128) -> ParserProcesses:
    parsers = ParserProcesses(count, Limits(seconds=seconds, cpu_seconds=cpu_seconds, mib=mib))
    parsers.start()
    return parsers


@pytest.fixture(scope="module")
def parsers() -> Iterator[ParserProcesses]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REDIS_URL", "redis://:canary@127.0.0.1/0")
        # Little memory: the large body must pass it, and the small ones do not.
        pool = started(mib=32)
    yield pool
    pool.close()


def refusal(parsers: ParserProcesses, body: bytes) -> str:
    with pytest.raises(UnreadableCopy) as refused:
        parsers.parse(body, content_type=JSON, hints=HINTS)
    return refused.value.code


def test_copy_reads_as_it_does_in_the_same_process(parsers: ParserProcesses) -> None:
    read = parsers.parse(ninjs(), content_type=JSON, hints=HINTS)
    assert read == parse(ninjs(), content_type=JSON, hints=HINTS)


def test_refusal_of_the_parser_comes_with_its_code(parsers: ParserProcesses) -> None:
    assert refusal(parsers, b"{") == "invalid_json"


def at_its_parser(parsers: ParserProcesses, sign: signal.Signals) -> threading.Timer:
    """Stop the one parser, so that it holds the copy to come, and soon send it a signal."""
    parsers.parse(ninjs(), content_type=JSON, hints=HINTS)
    (process,) = parsers.pids
    os.kill(process, signal.SIGSTOP)

    def send_it() -> None:
        os.kill(process, sign)
        os.kill(process, signal.SIGCONT)

    timer = threading.Timer(0.2, send_it)
    timer.start()
    return timer


def limit_of(parsers: ParserProcesses, name: str) -> list[str]:
    """Return the soft and the hard limit of the one parser."""
    (process,) = parsers.pids
    line = next(line for line in Path(f"/proc/{process}/limits").read_text().splitlines() if line.startswith(name))
    return line.removeprefix(name).split()[:2]


def test_copy_whose_parser_is_killed_for_another_reason_is_read_by_the_next(parsers: ParserProcesses) -> None:
    at_its_parser(parsers, signal.SIGKILL)
    assert parsers.parse(ninjs(), content_type=JSON, hints=HINTS).items


def test_copy_that_uses_up_its_processor_time_is_not_tried_again(parsers: ParserProcesses) -> None:
    at_its_parser(parsers, signal.SIGXCPU)
    assert refusal(parsers, ninjs()) == "parse_too_costly"


def test_processor_time_of_a_body_is_limited(parsers: ParserProcesses) -> None:
    parsers.parse(ninjs(), content_type=JSON, hints=HINTS)
    # What it used before, to start, is the second or so above the 20.
    assert 20 < int(limit_of(parsers, "Max cpu time")[0]) < 30


def test_parser_dumps_no_core(parsers: ParserProcesses) -> None:
    parsers.parse(ninjs(), content_type=JSON, hints=HINTS)
    assert limit_of(parsers, "Max core file size") == ["0", "0"]


def test_parser_knows_no_address_and_no_secret_of_the_service(parsers: ParserProcesses) -> None:
    parsers.parse(ninjs(), content_type=JSON, hints=HINTS)
    assert b"canary" not in Path(f"/proc/{parsers.pids[0]}/environ").read_bytes()


def test_copy_that_takes_too_long_is_refused() -> None:
    pool = started(seconds=1)
    try:
        pool.parse(ninjs(), content_type=JSON, hints=HINTS)
        os.kill(pool.pids[0], signal.SIGSTOP)
        assert refusal(pool, ninjs()) == "parse_too_costly"
    finally:
        pool.close()


def test_no_parser_outlives_the_service() -> None:
    pool = started(count=2)
    pids = pool.pids
    pool.close()
    assert (len(pids), [pid for pid in pids if Path(f"/proc/{pid}").exists()]) == (2, [])


def test_copy_that_comes_while_the_service_stops_is_not_refused() -> None:
    pool = started()
    pool.close()
    pool.start()
    try:
        with pytest.raises(ParsersUnavailable):
            pool.parse(ninjs(), content_type=JSON, hints=HINTS)
    finally:
        pool.close()


async def test_parsers_that_do_not_start_are_no_fault_of_the_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nonexistent")
    pool = started()
    try:
        with pytest.raises(ParsersUnavailable):
            pool.parse(ninjs(), content_type=JSON, hints=HINTS)
        assert "do not start" in (await pool.check() or "")
    finally:
        pool.close()


async def test_copy_that_takes_too_much_memory_is_kept_and_in_the_books_and_holds_nothing_up(
    parsers: ParserProcesses, delivery: Delivery, archive: RawArchive, desk: Desk
) -> None:
    reader = CopyReader(at_once=1, seconds=30, parser=parsers.parse)
    admission = Admission(delivery, archive, reader, state_days=1)
    with pytest.raises(RefusedCopy) as refused:
        await send(admission, LARGE, content_type=JSON)
    await send(admission, ninjs(), content_type=JSON)
    reader.close()
    kept = archive.path_of(refused.value.raw).read_bytes() == LARGE
    assert (kept, [result.code for result in desk.outcomes]) == (True, ["parse_too_costly", None])
