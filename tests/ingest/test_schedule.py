"""When a feed is polled next."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.feeds.caching import retry_after
from services.ingest.feeds.schedule import next_wait

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
chances = st.floats(0, 1)


@given(chances)
def test_healthy_source_is_polled_at_its_pace(chance: float) -> None:
    assert 54 <= next_wait(60, strain=0, asked=None, chance=chance) <= 66


def test_each_failure_doubles_the_wait() -> None:
    assert [next_wait(60, strain=n, asked=None, chance=0.5) for n in (1, 2, 3)] == [60, 120, 240]


@given(st.integers(1, 10_000), chances)
def test_failing_source_is_asked_about_once_an_hour(failures: int, chance: float) -> None:
    assert next_wait(60, strain=failures, asked=None, chance=chance) <= 4321


def test_source_polled_once_a_day_is_not_asked_sooner_for_failing() -> None:
    assert next_wait(86_400, strain=5, asked=None, chance=0.5) == 86_400


@given(st.floats(0, 86_400), chances)
def test_source_is_never_asked_sooner_than_it_said(asked: float, chance: float) -> None:
    assert next_wait(60, strain=1, asked=asked, chance=chance) >= asked - 1e-6


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 04 May 2026 12:05:00 GMT", 300),
        ("Mon, 04 May 2026 11:00:00 GMT", 0),
        ("Mon, 04 May 2099 12:00:00 GMT", 86_400),
        ("99999999999999999999", 86_400),
        ("soon", None),
        ("", None),
        (None, None),
        ("-5", None),
        ("١٢", None),
    ],
)
def test_retry_after_is_read_in_each_of_its_forms(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, now=NOW) == seconds
