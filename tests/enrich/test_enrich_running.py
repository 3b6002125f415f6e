"""A story is never held back: not by an enricher that is slow, that fails, that kills its worker or is not there."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from services.enrich.additions import Finding, Found
from services.enrich.running import Enrichers
from shared.article import Change, PubStatus, Skipped
from tests.enrich.stories import story


@asynccontextmanager
async def running(name: str, *, budget: float = 30.0, hard_seconds: float = 30.0) -> AsyncIterator[Enrichers]:
    enrichers = Enrichers(
        f"tests.enrich.odd_registry:{name}", budget=budget, hard_seconds=hard_seconds, urgent_budget=30.0
    )
    await enrichers.start()
    try:
        yield enrichers
    finally:
        await enrichers.close()


def told(findings: Sequence[Finding]) -> dict[str, str]:
    return {f.name: "found" if isinstance(f, Found) else f"{f.reason} {f.detail or ''}".strip() for f in findings}


async def test_a_story_that_makes_an_enricher_fail_costs_the_others_in_its_batch_nothing() -> None:
    async with running("BASIC") as enrichers:
        good, bad = await enrichers.ask([story(), story(headline="A bad one")], urgent=False)
    assert told(good) == {"counts": "found", "picky": "found"}
    assert told(bad) == {"counts": "found", "picky": "failed ValueError"}


async def test_a_flash_is_given_to_the_instant_enrichers_alone_and_a_kill_to_none() -> None:
    async with running("BASIC") as enrichers:
        flash, kill = await enrichers.ask([story(urgency=1), story(change=Change.KILL)], urgent=True)
    assert (told(flash), kill) == ({"counts": "found", "picky": "deferred"}, [])


async def test_when_the_time_is_up_a_story_goes_on_with_what_is_instant_and_the_rest_is_late() -> None:
    async with running("SLOW", budget=0.2) as enrichers:
        (late,) = await enrichers.ask([story()], urgent=False)
        (patient,) = await enrichers.ask([story()], urgent=False, patient=True)
    assert told(late) == {"counts": "found", "slow": "late"}
    assert told(patient) == {"counts": "found", "slow": "found"}


async def test_a_story_that_kills_its_worker_is_told_apart_from_its_batch_and_the_worker_is_replaced() -> None:
    async with running("DEADLY") as enrichers:
        deadly, other = await enrichers.ask([story(headline="A deadly one"), story()], urgent=False)
        (after,) = await enrichers.ask([story()], urgent=False)
    assert told(deadly) == {"counts": "found", "deadly": "failed its worker died"}
    assert told(other) == told(after) == {"counts": "found", "deadly": "found"}


async def test_a_worker_that_hangs_is_killed_and_its_story_goes_on() -> None:
    async with running("SLOW", hard_seconds=0.3) as enrichers:
        (hung,) = await enrichers.ask([story()], urgent=False)
    assert told(hung) == {"counts": "found", "slow": "failed its worker hung"}


async def test_a_worker_killed_from_outside_is_replaced() -> None:
    async with running("BASIC") as enrichers:
        for pid in enrichers.pids:
            os.kill(pid, signal.SIGKILL)
        await enrichers.ask([story()], urgent=False)
        (after,) = await enrichers.ask([story()], urgent=False)
    assert told(after) == {"counts": "found", "picky": "found"}


async def test_a_model_that_cannot_be_had_degrades_readiness_and_costs_no_story_the_others() -> None:
    async with running("ABSENT") as enrichers:
        assert await enrichers.check() == "absent not loaded (FileNotFoundError)"
        (findings,) = await enrichers.ask([story()], urgent=False)
    assert findings[1] == Skipped(name="absent", reason="failed", detail="not loaded: FileNotFoundError")


async def test_what_is_switched_off_is_not_asked_and_not_missed() -> None:
    enrichers = Enrichers(
        "tests.enrich.odd_registry:ABSENT", budget=30.0, urgent_budget=30.0, off=frozenset({"absent"})
    )
    await enrichers.start()
    (findings,) = await enrichers.ask([story()], urgent=False)
    await enrichers.close()
    assert told(findings) == {"counts": "found"}


@pytest.mark.parametrize("change", [Change.KILL, Change.WITHHOLD])
def test_copy_that_is_taken_away_passes_through(change: Change) -> None:
    assert story(change=change).is_taken_away


def test_copy_whose_status_is_not_usable_passes_through_whatever_its_change() -> None:
    assert story(pub_status=PubStatus.WITHHELD).is_taken_away
