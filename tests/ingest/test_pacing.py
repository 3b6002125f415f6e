"""How often a feed is asked: what its changes, its headers and its failures come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.feeds.adaptive import interval, learned
from services.ingest.feeds.caching import fresh_for
from services.ingest.feeds.circuit import Failure, HostCircuit, failure_of, is_open, strained
from services.ingest.feeds.cursor import Cursor
from services.ingest.feeds.pacing import Pace, after_answer, after_failure, left_to_wait

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PACE = Pace(fastest=60, slowest=300)
URL = "https://harbour.example/feed"


def answered(cursor: Cursor, now: float, *, fresh: int = 0, fresh_seconds: float = 0, at_least: float = 0) -> Cursor:
    return after_answer(cursor, PACE, now=now, fresh=fresh, fresh_seconds=fresh_seconds, at_least=at_least, chance=0.5)


def watched(*, every: float, polls: int, start: Cursor | None = None) -> Cursor:
    """Return the cursor after so many polls, when due, of a feed with a new entry every so many seconds."""
    cursor, now, last = start or Cursor(url=URL), 0.0, 0.0
    if start:
        now = last = start.due_ms / 1000
    for _ in range(polls):
        fresh = int((now - last) // every)
        last += fresh * every
        cursor = answered(cursor, now, fresh=fresh)
        now = cursor.due_ms / 1000
    return cursor


def test_busy_feed_is_polled_as_often_as_it_may_be() -> None:
    assert PACE.of(watched(every=20, polls=50)) == 60


def test_feed_that_seldom_changes_is_polled_more_seldom() -> None:
    assert PACE.of(watched(every=86_400, polls=60)) == 300


def test_feed_in_between_is_polled_about_twice_for_each_change() -> None:
    assert 150 < PACE.of(watched(every=400, polls=400)) < 260


def test_pace_shortens_within_a_few_polls_of_a_quiet_feed_that_turns_busy() -> None:
    quiet = watched(every=900, polls=200)
    assert (PACE.of(quiet), PACE.of(watched(every=30, polls=5, start=quiet))) == (300, 60)


def test_pace_does_not_lengthen_within_as_many_polls_of_a_busy_feed_that_turns_quiet() -> None:
    busy = watched(every=30, polls=200)
    assert PACE.of(watched(every=86_400, polls=5, start=busy)) < 120


def test_new_feed_is_polled_as_often_as_it_may_be() -> None:
    assert PACE.of(watched(every=86_400, polls=1)) == 60


@given(st.floats(0, 1e6), st.floats(1, 1e4), st.floats(1, 1e4))
def test_interval_stays_within_its_bounds(gap: float, fastest: float, slowest: float) -> None:
    assert fastest <= interval(gap, fastest=fastest, slowest=slowest) <= max(fastest, slowest)


@given(st.floats(1, 1e5), st.floats(0, 1e5))
def test_poll_without_news_never_shortens_the_gap(gap: float, since: float) -> None:
    assert learned(gap, since, fresh=0) >= gap


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=120"}, 120),
        ({"cache-control": 'MAX-AGE="120"'}, 120),
        ({"cache-control": "max-age=120", "age": "50"}, 70),
        ({"cache-control": "max-age=120", "age": "500"}, 0),
        ({"cache-control": "max-age=120, no-cache"}, 0),
        ({"cache-control": "max-age=99999999"}, 3_600),
        ({"cache-control": "max-age=-5"}, 0),
        ({"cache-control": "s-maxage=600"}, 0),
        ({"cache-control": "max-age=60", "expires": "Mon, 04 May 2026 12:30:00 GMT"}, 60),
        ({"expires": "Mon, 04 May 2026 12:05:00 GMT"}, 300),
        ({"expires": "Mon, 04 May 2026 12:05:00 GMT", "date": "Mon, 04 May 2026 12:04:00 GMT"}, 60),
        ({"expires": "Mon, 04 May 2026 11:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "-1"}, 0),
        ({}, 0),
    ],
)
def test_freshness_is_read_from_each_of_its_headers(headers: dict[str, str], seconds: float) -> None:
    assert fresh_for(headers, now=NOW) == seconds


def test_source_is_not_asked_before_its_answer_is_stale() -> None:
    cursor = answered(Cursor(url=URL), 1_000, fresh_seconds=900)
    assert left_to_wait(cursor, slowest=300, now=1_000) >= 900


def test_shorter_interval_in_the_configuration_counts_at_once() -> None:
    cursor = Cursor(url=URL, due_ms=9_000_000)
    assert left_to_wait(cursor, slowest=10, now=0) == 11


def test_feed_that_is_delivered_otherwise_is_polled_more_seldom() -> None:
    cursor = answered(Cursor(url=URL), 0, at_least=3_600)
    assert cursor.due_ms == 3_600_000


@pytest.mark.parametrize(
    "code", ["no_such_host", "bad_certificate", "tls_failed", "http_404", "http_403", "forbidden_address"]
)
def test_failure_that_stays_is_hard(code: str) -> None:
    assert failure_of(code) is Failure.HARD


@pytest.mark.parametrize(
    "code", ["too_slow", "connection_failed", "dns_failed", "http_500", "http_503", "http_429", "html_instead_of_feed"]
)
def test_failure_that_passes_is_soft(code: str) -> None:
    assert failure_of(code) is Failure.SOFT


def failures(code: str) -> int:
    """Return how many failures in a row open the circuit."""
    strain = count = 0
    while not is_open(strain):
        strain, count = strained(strain, failure_of(code)), count + 1
    return count


def test_hard_failures_open_the_circuit_sooner_than_soft_ones() -> None:
    assert (failures("http_404"), failures("http_500")) == (3, 6)


def failed(cursor: Cursor, code: str = "http_500", *, asked: float | None = None) -> Cursor:
    return after_failure(cursor, PACE, now=0, code=code, asked=asked, chance=0.5)


def test_source_whose_circuit_is_open_is_probed_once_an_hour() -> None:
    cursor = Cursor(url=URL)
    for _ in range(3):
        cursor = failed(cursor, "http_404")
    assert cursor.due_ms == 3_600_000


def test_one_answer_closes_the_circuit() -> None:
    cursor = answered(Cursor(url=URL, strain=9, failures=9, code="http_500"), 0)
    assert (cursor.strain, cursor.failures, cursor.code) == (0, 0, "")


def test_failure_leaves_what_marks_our_version() -> None:
    known = Cursor(url=URL, etag='"v1"', last_modified="Mon, 04 May 2026 10:00:00 GMT", sha256="ab")
    cursor = failed(known, "html_instead_of_feed")
    assert (cursor.etag, cursor.last_modified, cursor.sha256) == (known.etag, known.last_modified, known.sha256)


def test_host_that_is_away_strains_no_source() -> None:
    cursor = failed(Cursor(url=URL), "host_away", asked=30)
    assert (cursor.strain, cursor.failures, cursor.due_ms >= 30_000) == (0, 0, True)


def test_redirect_that_leads_nowhere_any_more_is_forgotten() -> None:
    cursor = Cursor(url=URL, moved="https://old-harbour.example/feed")
    for _ in range(3):
        cursor = failed(cursor, "no_such_host")
    assert cursor.moved == ""


def test_cursor_that_learned_nothing_yet_waits_as_its_failures_say() -> None:
    assert failed(replace(Cursor(url=URL), strain=0)).due_ms == 60_000


def host_after(*, failures: int) -> HostCircuit:
    circuit = HostCircuit()
    for _ in range(failures):
        circuit = circuit.failed(100)
    return circuit


def test_host_is_asked_until_three_in_a_row_did_not_reach_it() -> None:
    assert [host_after(failures=n).waits(100) for n in (0, 1, 2, 3)] == [0, 0, 0, 30]


def test_host_that_stays_away_is_left_alone_for_longer_up_to_a_quarter_of_an_hour() -> None:
    assert [host_after(failures=n).waits(100) for n in (4, 5, 50)] == [60, 120, 900]


def test_one_source_asks_a_host_that_was_away_on_behalf_of_all() -> None:
    circuit = host_after(failures=3)
    assert (circuit.waits(130), circuit.asked(130).waits(131) > 0) == (0, True)
