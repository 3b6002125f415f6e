"""A story is never held back: not by an enricher that is slow, that fails, that hangs or that is not there."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager

import pytest

from services.enrich.additions import Additions, Enrich, Enricher, Finding, Found
from services.enrich.loading import Absent, load_all
from services.enrich.registry import REGISTRY
from services.enrich.running import THREADS_EACH, Enrichers, passes_through
from services.enrich.worker import Worker
from shared.article import Article, Change, PubStatus, Skipped
from tests.enrich.stories import enricher, story
from tests.waiting import wait_until

LONG = 30.0
"""A budget that no test comes near."""
SHORT = 0.05


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What a hanging enricher waits for; opened in the end, so that no thread outlives the tests."""
    event = threading.Event()
    yield event
    event.set()


def hanging(gate: threading.Event) -> Enrich:
    def hang(_: Article) -> Additions:
        gate.wait()
        return Additions()

    return hang


def raising(error: BaseException) -> Enrich:
    def fail(_: Article) -> Additions:
        raise error

    return fail


def absent(name: str) -> Enricher:
    def load() -> Enrich:
        raise FileNotFoundError("/models/that.bin")

    return Enricher(name=name, version="1", adds=(), load=load)


@asynccontextmanager
async def running(registry: Sequence[Enricher], *, budget: float = LONG) -> AsyncIterator[Enrichers]:
    enrichers = Enrichers(load_all(registry), budget=budget)
    yield enrichers
    enrichers.close()


def reasons(findings: Sequence[Finding]) -> dict[str, str]:
    return {f.name: f.reason if isinstance(f, Skipped) else "applied" for f in findings}


async def test_findings_come_in_the_order_of_the_registry() -> None:
    def be_slow(_: Article) -> Additions:
        time.sleep(0.02)
        return Additions()

    async with running([enricher("a", be_slow), enricher("b")]) as enrichers:
        assert [f.name for f in await enrichers.ask(story(), urgent=False)] == ["a", "b"]


async def test_what_was_found_comes_with_the_enrichers_version() -> None:
    async with running([enricher("a", lambda _: Additions(word_count=7))]) as enrichers:
        assert await enrichers.ask(story(), urgent=False) == [Found("a", "1", Additions(word_count=7))]


async def test_who_is_not_done_in_time_is_skipped_as_late(gate: threading.Event) -> None:
    async with running([enricher("a", hanging(gate)), enricher("b")], budget=SHORT) as enrichers:
        assert reasons(await enrichers.ask(story(), urgent=False)) == {"a": "late", "b": "applied"}


@pytest.mark.parametrize("error", [KeyError("x"), RecursionError(), StopIteration(), SystemExit(3), MemoryError()])
async def test_who_raises_is_skipped_as_failed_with_the_errors_type(error: BaseException) -> None:
    async with running([enricher("a", raising(error))]) as enrichers:
        found = await enrichers.ask(story(), urgent=False)
    assert found == [Skipped(name="a", reason="failed", detail=type(error).__name__)]


async def test_who_raised_is_asked_again_for_the_next_story() -> None:
    answers = iter([SystemExit(3), SystemExit(3), SystemExit(3)])

    def fail_at_first(_: Article) -> Additions:
        for error in answers:
            raise error
        return Additions()

    async with running([enricher("a", fail_at_first)]) as enrichers:
        for _ in range(3):
            await enrichers.ask(story(), urgent=False)
        assert reasons(await enrichers.ask(story(), urgent=False)) == {"a": "applied"}


async def test_who_could_not_be_loaded_is_named_in_every_story() -> None:
    async with running([absent("a"), enricher("b")]) as enrichers:
        found = await enrichers.ask(story(), urgent=False)
    assert found[0] == Skipped(name="a", reason="failed", detail="not loaded: FileNotFoundError")


async def test_who_could_not_be_loaded_costs_the_others_nothing() -> None:
    async with running([absent("a"), enricher("b")]) as enrichers:
        assert reasons(await enrichers.ask(story(), urgent=False))["b"] == "applied"


async def test_a_story_waits_no_longer_than_its_budget(gate: threading.Event) -> None:
    async with running([enricher("a", hanging(gate))], budget=SHORT) as enrichers:
        started = time.monotonic()
        await enrichers.ask(story(), urgent=False)
        # Twenty times the budget: a busy machine may be late, an unbounded wait would never end.
        assert time.monotonic() - started < 20 * SHORT


async def test_once_all_its_threads_hang_an_enricher_is_waited_for_no_more(gate: threading.Event) -> None:
    refused = Skipped(name="a", reason="late", detail="earlier stories have not come back")
    async with running([enricher("a", hanging(gate))], budget=0.3) as enrichers:

        async def is_refused() -> bool:
            return await enrichers.ask(story(), urgent=False) == [refused]

        await wait_until(is_refused)
        started = time.monotonic()
        await enrichers.ask(story(), urgent=False)
        assert time.monotonic() - started < 0.3


async def test_an_enricher_that_hangs_takes_no_thread_of_another(gate: threading.Event) -> None:
    async with running([enricher("a", hanging(gate)), enricher("b")], budget=SHORT) as enrichers:
        seen = [reasons(await enrichers.ask(story(), urgent=False))["b"] for _ in range(10)]
    assert seen == ["applied"] * 10


async def test_an_enricher_that_comes_back_is_asked_again(gate: threading.Event) -> None:
    async with running([enricher("a", hanging(gate))], budget=SHORT) as enrichers:
        for _ in range(THREADS_EACH + 1):
            await enrichers.ask(story(), urgent=False)
        gate.set()

        async def asked_again() -> bool:
            return reasons(await enrichers.ask(story(), urgent=False)) == {"a": "applied"}

        assert await wait_until(asked_again)


async def test_a_story_that_has_gone_on_is_worked_out_for_nobody(gate: threading.Event) -> None:
    begun: list[str] = []

    def note_and_hang(article: Article) -> Additions:
        begun.append(article.uri)
        gate.wait()
        return Additions()

    worker = Worker(load_all([enricher("a", note_and_hang)])[0], threads=1, budget=LONG)  # type: ignore[arg-type]
    worker.submit(story())
    await wait_until(lambda: begun)
    worker.submit(story()).cancel()
    last = worker.submit(story())
    gate.set()
    await wait_until(last.done)
    worker.close()
    assert len(begun) == 2


def test_a_thread_that_hangs_does_not_hold_up_the_end_of_the_process() -> None:
    threads = {thread.name: thread.daemon for thread in _threads_of("forgotten")}
    assert set(threads.values()) == {True}


def _threads_of(name: str) -> list[threading.Thread]:
    enrichers = Enrichers(load_all([enricher(name)]), budget=LONG)
    threads = [thread for thread in threading.enumerate() if thread.name.startswith(name)]
    enrichers.close()
    return threads


@pytest.mark.parametrize("change", [Change.KILL, Change.WITHHOLD])
def test_a_revision_that_takes_copy_away_passes_through(change: Change) -> None:
    assert passes_through(story(change=change))


@pytest.mark.parametrize("status", [PubStatus.WITHHELD, PubStatus.CANCELED])
def test_copy_that_is_not_usable_passes_through(status: PubStatus) -> None:
    assert passes_through(story(pub_status=status))


@pytest.mark.parametrize("change", [Change.NEW, Change.UPDATE, Change.CORRECTION, Change.AMEND, Change.REINSTATE])
def test_other_revisions_are_enriched(change: Change) -> None:
    assert not passes_through(story(change=change))


async def test_a_kill_is_given_to_nobody() -> None:
    async with running([enricher("a", instant=True), absent("b")]) as enrichers:
        assert await enrichers.ask(story(change=Change.KILL), urgent=True) == []


async def test_a_flash_is_given_to_the_instant_enrichers() -> None:
    async with running([enricher("a", instant=True), enricher("b")]) as enrichers:
        # Asked until it is in time: 50 ms can pass on a busy machine before a thread gets its turn.
        async def in_time() -> bool:
            return reasons(await enrichers.ask(story(), urgent=True)) == {"a": "applied", "b": "late"}

        assert await wait_until(in_time)


async def test_a_flash_names_whom_it_did_not_wait_for() -> None:
    async with running([enricher("b")]) as enrichers:
        found = await enrichers.ask(story(), urgent=True)
    assert found == [Skipped(name="b", reason="late", detail="not asked: urgent copy does not wait")]


async def test_a_flash_waits_less_than_other_copy(gate: threading.Event) -> None:
    async with running([enricher("a", hanging(gate), instant=True)], budget=LONG) as enrichers:
        started = time.monotonic()
        await enrichers.ask(story(), urgent=True)
        assert time.monotonic() - started < LONG / 10


async def test_with_everything_loaded_and_free_the_enrichers_are_ready() -> None:
    async with running([enricher("a")]) as enrichers:
        assert await enrichers.check() is None


async def test_readiness_names_an_enricher_that_is_not_loaded() -> None:
    async with running([absent("a"), enricher("b")]) as enrichers:
        assert await enrichers.check() == "a not loaded (FileNotFoundError)"


async def test_readiness_names_an_enricher_that_is_stuck(
    gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.enrich.running.STUCK", SHORT)
    async with running([enricher("a", hanging(gate))], budget=SHORT) as enrichers:
        await enrichers.ask(story(), urgent=False)
        assert await wait_until(enrichers.check) == f"a stuck (1 of {THREADS_EACH} threads)"


def test_what_a_loader_raises_stays_with_its_enricher() -> None:
    first, _ = load_all([absent("a"), enricher("b")])
    assert first == Absent(first.enricher, "FileNotFoundError")


def test_every_enricher_of_the_registry_has_a_name_of_its_own() -> None:
    names = [one.name for one in REGISTRY]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("member", ["language", "word_count", "reading_minutes", "keywords", "tags", "places"])
def test_the_registry_adds(member: str) -> None:
    assert [one.name for one in REGISTRY if member in one.adds]


@pytest.mark.parametrize("one", REGISTRY, ids=lambda one: one.name)
def test_an_enricher_of_the_registry_loads(one: Enricher) -> None:
    loaded: Callable[[Article], Additions] = one.load()
    assert isinstance(loaded(story()), Additions)
