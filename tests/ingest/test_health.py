"""What a source's own history makes of its silence."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.health.health import (
    HOUR_MS,
    HOURS,
    IMPROBABLE,
    Health,
    hour_of,
    read_health,
    silence_odds,
    weekly_rates,
)

START = 2_900 * HOURS * HOUR_MS
"""A Thursday at midnight UTC."""


def history(weeks: float, rate: Callable[[int], float]) -> Health:
    """Return the health of a source with ``rate`` items in each hour of so many weeks, booked as Redis books them."""
    hours: dict[int, tuple[float, int]] = {}
    last_ms = 0
    for passed in range(int(weeks * HOURS)):
        ms = START + passed * HOUR_MS
        week, hour = hour_of(ms)
        if count := rate(hour):
            kept, counted = hours.get(hour, (0.0, week))
            hours[hour] = (kept * 0.8 ** (week - counted) + count, week)
            last_ms = ms + HOUR_MS - 1
    return Health(first_ms=START, item_ms=last_ms, hours=hours)


def odds(health: Health, *, quiet_hours: float) -> float:
    return silence_odds(health, now_ms=health.item_ms + int(quiet_hours * HOUR_MS))


def by_day(hour: int) -> float:
    """Give an office that works from 8 to 18 and sends ten items an hour."""
    return 10 if 8 <= hour % 24 < 18 else 0


def busy(_: int) -> float:
    return 20


def seldom(hour: int) -> float:
    return 1 if hour % 24 == 9 else 0


def test_busy_source_is_silent_after_three_hours() -> None:
    assert odds(history(4, busy), quiet_hours=3) < IMPROBABLE


def test_busy_source_is_not_silent_after_one_hour() -> None:
    assert odds(history(4, busy), quiet_hours=1) > IMPROBABLE


def test_source_that_sends_once_a_day_is_not_silent_after_a_day_and_a_half() -> None:
    assert odds(history(6, seldom), quiet_hours=36) > IMPROBABLE


def test_source_that_sends_once_a_day_is_silent_after_a_fortnight() -> None:
    assert odds(history(6, seldom), quiet_hours=14 * 24) < IMPROBABLE


def test_night_of_an_office_is_no_silence() -> None:
    assert odds(history(6, by_day), quiet_hours=14) > IMPROBABLE


def test_night_of_an_office_is_no_silence_in_the_second_week_either() -> None:
    assert odds(history(10 / 7, by_day), quiet_hours=14) > IMPROBABLE


def test_morning_of_an_office_without_copy_is_a_silence() -> None:
    assert odds(history(6, by_day), quiet_hours=14 + 6) < IMPROBABLE


def test_source_of_less_than_a_week_is_never_silent() -> None:
    assert odds(history(0.9, busy), quiet_hours=12) == 1.0


def test_source_of_few_items_is_never_silent() -> None:
    assert odds(history(2, lambda hour: float(hour == 3)), quiet_hours=1_000) == 1.0


def test_rates_are_those_of_the_source() -> None:
    health = history(8, by_day)
    rates = weekly_rates(health, now_ms=START + 8 * HOURS * HOUR_MS)
    assert all(abs(rate - by_day(hour)) < 1 for hour, rate in enumerate(rates))


def test_later_weeks_count_for_more() -> None:
    health = history(8, busy)
    calm = {hour: (count * 0.8**4, week + 4) for hour, (count, week) in health.hours.items()}
    later = Health(first_ms=health.first_ms, item_ms=health.item_ms, hours=calm)
    assert max(weekly_rates(later, now_ms=START + 12 * HOURS * HOUR_MS)) < 10


@given(st.floats(0, 500), st.floats(0, 500))
def test_longer_silence_is_never_more_probable(one: float, more: float) -> None:
    health = history(3, by_day)
    assert odds(health, quiet_hours=one + more) <= odds(health, quiet_hours=one) + 1e-12


def test_hash_is_read_whole() -> None:
    fields = {
        "first": "1",
        "reached": "3",
        "item": "2",
        "items": "7",
        "hour:9": "6.5@2900",
        "error:http_500": "4",
        "sequence:a": "12 20000 10,11",
        "closed": "http_410",
        "silent": "5",
    }
    health = read_health(fields)
    assert (health.hours, health.errors, health.sequences["a"].missing, health.closed, health.silent) == (
        {9: (6.5, 2900)},
        {"http_500": 4},
        (10, 11),
        "http_410",
        True,
    )
