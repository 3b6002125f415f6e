"""Numbers of a wire, and which never came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.health.sequence import Sequence, read_sequence


def missing(last: int, *numbers: int, day: int = 1, width: int = 4) -> tuple[int, ...]:
    """Return what is missing after these numbers came, all but the first on ``day``."""
    standing = Sequence(last, 1)
    for number in numbers:
        standing, _ = standing.after(number, width=width, day=day)
    return standing.missing


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a0123", ("a", 123, 4)),
        ("A-0123", ("a", 123, 4)),
        ("0042", ("", 42, 4)),
        ("bc123", ("bc", 123, 3)),
        ("a", None),
        ("7", None),
        ("a\u0661\u0662\u0663", None),
        ("0" * 99, None),
        ("", None),
    ],
)
def test_number_is_read_with_its_service_and_width(text: str, told: tuple[str, int, int] | None) -> None:
    assert read_sequence(text) == told


def test_next_number_leaves_no_gap() -> None:
    assert missing(122, 123) == ()


def test_skipped_numbers_are_missing() -> None:
    assert missing(122, 126) == (123, 124, 125)


def test_same_number_again_leaves_no_gap() -> None:
    assert missing(122, 122) == ()


def test_late_number_fills_its_gap() -> None:
    assert missing(122, 126, 124) == (123, 125)


@pytest.mark.parametrize("first", [0, 1])
def test_numbers_begin_again_after_the_highest(first: int) -> None:
    assert missing(9999, first) == ()


def test_gap_over_the_turn_is_seen() -> None:
    assert missing(9997, 2) == (9998, 9999, 1)


def test_wire_of_three_digits_turns_after_999() -> None:
    assert missing(998, 1, width=3) == (999,)


def test_count_that_begins_anew_each_day_leaves_no_gap() -> None:
    assert missing(412, 1, day=2) == ()


def test_first_numbers_of_a_new_day_can_be_missing() -> None:
    assert missing(8412, 3, day=2) == (1, 2)


def test_count_that_goes_on_over_midnight_is_no_new_one() -> None:
    assert missing(9998, 2, day=2) == (9999, 1)


def test_number_of_yesterday_after_midnight_is_late_and_begins_nothing() -> None:
    assert missing(412, 410, day=2) == ()


def test_only_the_newest_missing_numbers_are_remembered() -> None:
    assert missing(0, 4_000) == tuple(range(3_900, 4_000))


@given(st.integers(0, 9_999), st.lists(st.integers(1, 9), max_size=30))
def test_what_is_said_to_be_missing_never_came(start: int, steps: list[int]) -> None:
    numbers = [start]
    for step in steps:
        numbers.append((numbers[-1] + step) % 10_000)
    assert not set(missing(*numbers)) & set(numbers)


@given(st.integers(0, 9_999), st.integers(0, 99_999), st.lists(st.integers(0, 9_999), max_size=9))
def test_standing_is_read_back_as_written(last: int, day: int, lost: list[int]) -> None:
    standing = Sequence(last, day, tuple(lost))
    assert Sequence.read(str(standing)) == standing
