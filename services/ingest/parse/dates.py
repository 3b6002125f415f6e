"""Dates as copy writes them. What a date does not say is settled here, and said to have been settled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from dateutil import parser as dateutil_parser

from services.ingest.items import Hints
from services.ingest.parse.codes import Assumed, assumption
from shared.article import Assumption

__all__ = ["Moment", "is_date_line", "read_moment", "read_zoned"]

HOURS = {
    "utc": 0.0, "gmt": 0.0, "z": 0.0, "bst": 1.0, "wet": 0.0, "west": 1.0, "cet": 1.0, "cest": 2.0, "eet": 2.0,
    "eest": 3.0, "est": -5.0, "edt": -4.0, "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0,
    "pdt": -7.0, "jst": 9.0, "kst": 9.0, "hkt": 8.0, "sgt": 8.0, "awst": 8.0, "acst": 9.5, "acdt": 10.5,
    "aest": 10.0, "aedt": 11.0, "nzst": 12.0, "nzdt": 13.0,
}  # fmt: skip
"""Zones with one meaning in copy. IST is India, Ireland or Israel, so it is left to the source's own zone."""
LABEL = re.compile(
    r"^(?:first\s+)?(?:published|posted|updated|last\s+updated|last\s+modified|date)\b(?:\s+(?:on|at))?\s*:?\s*",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?:19|20)\d\d")
CLOCK = re.compile(r"\b(\d{1,2})\.(\d\d)(?=\s*[ap]\.?m)", re.IGNORECASE)
NUMERIC = re.compile(r"^\D*(\d{1,2})[./-](\d{1,2})[./-]\d{4}")
ONE_DEFAULT, OTHER_DEFAULT = datetime(2000, 1, 1), datetime(2004, 2, 2, 2, 2, 2)  # noqa: DTZ001 - compared, not kept


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment, and what had to be assumed to have one."""

    at: datetime
    assumptions: tuple[Assumption, ...] = ()


def read_moment(text: str, hints: Hints) -> Moment | None:
    """Read a date with a year, a month and a day; None when there is no such thing in ``text``."""
    wording = LABEL.sub("", " ".join(text.split()).replace("|", " ")).strip()
    wording = CLOCK.sub(r"\1:\2", wording)
    if not 8 <= len(wording) <= 80 or not YEAR.search(wording):
        return None
    found = _iso(wording) or _rfc822(wording) or _written(wording)
    if found is None or not 1900 <= found[0].year <= 2100:
        return None
    moment, has_time = found
    notes = []
    if not has_time:
        notes.append(assumption(Assumed.TIME_OF_DAY, f"00:00: only the date is given, {wording}"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=hints.timezone)
        notes.append(assumption(Assumed.TIME_ZONE, hints.timezone_name + _clock_change(moment)))
    if (order := NUMERIC.match(wording)) and int(order[1]) <= 12 and int(order[2]) <= 12 and order[1] != order[2]:
        notes.append(assumption(Assumed.DATE_ORDER, f"day first: {wording}"))
    return Moment(moment, tuple(notes))


def read_zoned(text: str) -> datetime | None:
    """Read an ISO 8601 moment that states its zone; None for anything less. For embargoes, where a guess leaks."""
    found = _iso(text.strip()) if len(text) <= 80 else None
    if found is None or found[0].tzinfo is None or not found[1] or not 1900 <= found[0].year <= 2100:
        return None
    return found[0]


def _clock_change(moment: datetime) -> str:
    """Say what daylight saving leaves open about a local time: it may have been skipped, or shown twice."""
    first, second = moment.replace(fold=0).utcoffset(), moment.replace(fold=1).utcoffset()
    if first is None or second is None or first == second:
        return ""
    # Before a gap the clock is behind; read by it, the moment is the one that the clock would have come to.
    return ", where the clock skipped this time" if first < second else ", where the clock showed it twice: the first"


def is_date_line(text: str, hints: Hints) -> bool:
    """Tell whether a line is a date and nothing more."""
    return read_moment(text, hints) is not None


def _iso(text: str) -> tuple[datetime, bool] | None:
    if not re.match(r"\d{4}-?\d\d-?\d\d", text):
        return None
    try:
        return datetime.fromisoformat(text), len(text) > 10
    except ValueError:
        return None


def _rfc822(text: str) -> tuple[datetime, bool] | None:
    if ":" not in text or NUMERIC.match(text) or not re.search(r"[+-]\d{4}$", text):
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError, TypeError):
        return None
    # RFC 5322: -0000 is UTC, written by a system that does not say where it stands.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC), True


def _written(text: str) -> tuple[datetime, bool] | None:
    """Parse twice with different defaults: a part that differs was not in the text."""
    day_first = not re.match(r"\d{4}", text)  # dateutil would read 2023-04-03 as 4 March
    try:
        one, other = (
            dateutil_parser.parse(text, default=default, dayfirst=day_first, tzinfos=_zone)
            for default in (ONE_DEFAULT, OTHER_DEFAULT)
        )
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError, ArithmeticError):
        return None
    if one.date() != other.date():
        return None
    return (one, True) if one.hour == other.hour else (one.replace(hour=0, minute=0, second=0, microsecond=0), False)


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    if offset is not None:
        return UTC if offset == 0 else timezone(timedelta(seconds=offset)) if abs(offset) < 86_400 else None
    hours = HOURS.get((name or "").lower())
    return None if hours is None else timezone(timedelta(hours=hours))
