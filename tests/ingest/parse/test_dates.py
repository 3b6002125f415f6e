from __future__ import annotations

import pytest

from services.ingest.parse.dates import read_moment, read_zoned
from tests.ingest.parse.golden import HINTS

DAY, ZONE, ORDER = "time_of_day_assumed", "time_zone_assumed", "date_order_assumed"


@pytest.mark.parametrize(
    ("written", "moment", "assumed"),
    [
        ("Mar 04, 2024", "2024-03-04T00:00:00+11:00", [DAY, ZONE]),
        ("4 July 2024", "2024-07-04T00:00:00+10:00", [DAY, ZONE]),
        ("Sunday, March 3rd, 2024", "2024-03-03T00:00:00+11:00", [DAY, ZONE]),
        ("Published: 17 June 2023 at 5:40 pm AEST", "2023-06-17T17:40:00+10:00", []),
        ("June 17, 2023 | 5.40pm", "2023-06-17T17:40:00+10:00", [ZONE]),
        ("2024-03-04", "2024-03-04T00:00:00+11:00", [DAY, ZONE]),
        ("2024-03-04T05:00:00Z", "2024-03-04T05:00:00+00:00", []),
        ("2024-03-04T05:00:00", "2024-03-04T05:00:00+11:00", [ZONE]),
        ("Mon, 04 Mar 2024 05:00:00 GMT", "2024-03-04T05:00:00+00:00", []),
        ("Mon, 04 Mar 2024 05:00:00 EST", "2024-03-04T05:00:00-05:00", []),
        ("Mon, 04 Mar 2024 05:00:00 -0000", "2024-03-04T05:00:00+00:00", []),
        ("Mon, 04 Mar 2024 05:00:00 IST", "2024-03-04T05:00:00+11:00", [ZONE]),
        ("03/04/2024", "2024-04-03T00:00:00+11:00", [DAY, ZONE, ORDER]),
        ("03/14/2024", "2024-03-14T00:00:00+11:00", [DAY, ZONE]),
        ("2024-10-06T02:30:00", "2024-10-06T02:30:00+10:00", [ZONE]),
    ],
)
def test_a_date_is_read_with_what_it_leaves_open_written_down(written: str, moment: str, assumed: list[str]) -> None:
    found = read_moment(written, HINTS)
    assert found is not None
    assert (found.at.isoformat(), [note.code for note in found.assumptions]) == (moment, assumed)


@pytest.mark.parametrize("written", ["", "soon", "June 2023", "2023", "31 Feb 2023", "Order 66 of 2023", "9" * 500])
def test_what_is_no_date_is_none(written: str) -> None:
    assert read_moment(written, HINTS) is None


@pytest.mark.parametrize(
    "written", ["", "2024-03-04", "2024-03-04T05:00:00", "after lunch", "Mon, 04 Mar 2024 05:00 GMT"]
)
def test_an_embargo_without_a_full_zoned_moment_is_not_guessed(written: str) -> None:
    assert read_zoned(written) is None


def test_an_embargo_with_a_zone_is_read() -> None:
    assert str(read_zoned("2024-03-05T06:00:00+13:00")) == "2024-03-05 06:00:00+13:00"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2024-10-06 02:30", "Australia/Hobart, where the clock skipped this time"),
        ("2024-04-07 02:30", "Australia/Hobart, where the clock showed it twice: the first"),
        ("2024-04-07 04:30", "Australia/Hobart"),
    ],
)
def test_what_daylight_saving_leaves_open_is_written_down(written: str, said: str) -> None:
    found = read_moment(written, HINTS)
    assert found is not None
    assert [note.detail for note in found.assumptions] == [said]
