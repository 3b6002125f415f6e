"""The figures that must not fall, held against made-up tables."""

from __future__ import annotations

import pytest

from tools.evaluate.floors import FLOORS, Floor, shortfalls

TABLES = """\
### Names

|  | precision | recall | F1 |
|---|---:|---:|---:|
| ours, all | 81.0 | 79.0 | 80.0 |
| theirs, all | 70.0 | 74.0 | 72.0 |

### Topics

|  | accuracy | articles |
|---|---:|---:|
| outlets, default tier | 82.0 | 172 |
| outlets, full tier | 84.0 | 172 |
""".splitlines()


@pytest.mark.parametrize(
    "floor",
    [
        Floor("ours, all", "F1", 80),
        Floor("ours, all", "F1", 8, over="theirs, all"),
        Floor("outlets", "accuracy", 82),
        Floor("ours, all", "F1 | precision", 80),
    ],
)
def test_a_figure_that_reaches_its_floor_is_not_named(floor: Floor) -> None:
    assert shortfalls(TABLES, [floor]) == []


def test_a_figure_under_its_floor_is_named_with_both() -> None:
    assert shortfalls(TABLES, [Floor("ours, all", "recall", 80)]) == ["ours, all: recall is 79.0, and should be 80.0"]


def test_a_figure_may_have_to_be_above_another() -> None:
    (said,) = shortfalls(TABLES, [Floor("ours, all", "F1", 9, over="theirs, all")])
    assert said == "ours, all: F1, 9 above theirs, all is 80.0, and should be 81.0"


def test_of_several_rows_the_lowest_counts() -> None:
    assert shortfalls(TABLES, [Floor("outlets", "accuracy", 83)]) == ["outlets: accuracy is 82.0, and should be 83.0"]


@pytest.mark.parametrize("floor", [Floor("nobody", "F1", 1), Floor("ours, all", "F1", 1, over="nobody")])
def test_a_figure_that_was_not_measured_falls_short(floor: Floor) -> None:
    (said,) = shortfalls(TABLES, [floor])
    assert said.endswith("is not in the tables")


def test_without_any_table_every_floor_is_named() -> None:
    assert len(shortfalls([])) == len(FLOORS)
