"""When a transmission was sent, by the stamp at its end and the day in its header. Years are told from its arrival."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from services.ingest.items import Hints
from services.ingest.parse.codes import Assumed, assumption
from services.ingest.parse.dates import HOURS, Moment

__all__ = ["MONTHS", "Stamped", "day_near", "take_stamp", "zone_of"]

MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
# AP-WF-11-13-13 1509GMT<
NUMERIC = re.compile(
    r"(?:[a-z]{2,6}-){0,2}(?P<m>\d{1,2})-(?P<day>\d{1,2})-(?P<year>\d{4}|\d\d) (?P<clock>\d{4}) ?(?P<zone>[a-z]{1,5})?",
    re.IGNORECASE,
)
# 242200 GMT Jun 17: the day, the time, the zone, the month, the year
MILITARY = re.compile(
    rf"(?:[a-z]{{2,8}} )?(?P<day>\d\d)(?P<clock>\d{{4}}) ?(?P<zone>[a-z]{{1,5}})?[ .]{{1,3}}{MONTH}"
    r"(?: ?'?(?P<year>\d{4}|\d\d))?",
    re.IGNORECASE,
)
NEAR_THE_END = 6
FARTHEST = timedelta(days=300)
"""A stamp may be this far from the arrival; a day and month without a year is read as the one within it."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """What the lines without the stamp say, and the moment of the stamp if one was there."""

    lines: list[str]
    moment: Moment | None


def take_stamp(lines: Sequence[str], tail: Sequence[str], hints: Hints) -> Stamped:
    """Take the stamp off the end of the text, or read it in what follows the end mark."""
    for line in tail[:NEAR_THE_END]:
        if (moment := _read(line, hints)) is not None:
            return Stamped(list(lines), moment)
    written = [number for number, line in enumerate(lines) if line.strip()][-NEAR_THE_END:]
    for number in reversed(written):
        if (moment := _read(lines[number], hints)) is not None:
            return Stamped([*lines[:number], *lines[number + 1 :]], moment)
    return Stamped(list(lines), None)


def zone_of(name: str | None) -> tzinfo | None:
    """Return the zone of an abbreviation that has one meaning on a wire."""
    hours = HOURS.get((name or "").lower())
    return None if hours is None else UTC if hours == 0 else timezone(timedelta(hours=hours))


def day_near(month: int, day: int, hints: Hints) -> date | None:
    """Return the day of that name which is nearest to the arrival."""
    near = hints.received.astimezone(hints.timezone).date()
    days = (found for year in (near.year - 1, near.year, near.year + 1) if (found := _day(year, month, day)))
    nearest = min(days, key=lambda found: abs(found - near), default=None)
    return nearest if nearest is not None and abs(nearest - near) <= FARTHEST else None


def _read(line: str, hints: Hints) -> Moment | None:
    text = " ".join(line.strip(" \t<=^").split())
    found = (NUMERIC.fullmatch(text) or MILITARY.fullmatch(text)) if len(text) <= 60 else None
    if found is None:
        return None
    parts = found.groupdict()
    month = MONTHS[parts["month"].lower()] if parts.get("month") else int(parts["m"])
    notes = []
    if parts["year"]:
        day = _day(_century(parts["year"]), month, int(parts["day"]))
    else:
        day = day_near(month, int(parts["day"]), hints)
        notes.append(assumption(Assumed.YEAR, f"the year of {text}"))
    zone = zone_of(parts["zone"])
    if zone is None:
        notes.append(assumption(Assumed.TIME_ZONE, hints.timezone_name))
    moment = _at(day, parts["clock"], zone or hints.timezone)
    return Moment(moment, tuple(notes)) if moment else None


def _century(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits) if int(digits) < 70 else 1900 + int(digits)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _at(day: date | None, clock: str, zone: tzinfo) -> datetime | None:
    if day is None or int(clock[:2]) > 23 or int(clock[2:]) > 59 or not 1900 <= day.year <= 2100:
        return None
    return datetime(day.year, day.month, day.day, int(clock[:2]), int(clock[2:]), tzinfo=zone)
