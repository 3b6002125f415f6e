"""Embargoes as wires write them: in capitals, in the lines for editors. A lift is read only when all of it is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from services.ingest.items import Hints
from services.ingest.parse.codes import Assumed, assumption
from services.ingest.parse.dates import read_zoned
from services.ingest.parse.wire_stamp import MONTHS, zone_of
from shared.article import Assumption

__all__ = ["Embargo", "read_embargo"]

HELD = re.compile(
    r"""(?<!not\ )(?<!longer\ )\b(?:
    (?:strictly\ |under\ )?embargoed\b | under\ (?:strict\ )?embargo\b | strict(?:ly)?\ embargo
    | embargo\s*(?::|until|till|to\b|ends|lifts\b|[\d\u2013\u2014]|-\s)
    | (?:^|:\ )embargo$ | hold\ for\ (?:release|use|publication)\b
    | (?:not|do\ not|don.t)\ (?:for\ )?(?:release|publish|publication|broadcast|use)\ (?:or\ \w+\ )?
        (?:before|until|till|prior)\b
    | for\ (?:release|use|publication)\ (?:on|at|after|from|not\ before|\w{3,9},?\ |\d) | for\ future\ release\b
    | adv(?:ance)?(?:\ for)?[ .-]?\d{1,2}\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
LIFTED = re.compile(r"embargo(?:ed)?\s+(?:now\s+|is\s+|has\s+been\s+)*(?:lifted|over|off|expired)", re.IGNORECASE)
IMMEDIATE = re.compile(r"for immediate (?:release|use|publication)", re.IGNORECASE)
MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
DAYS = (
    re.compile(rf"\b{MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>20\d\d))?\b", re.IGNORECASE),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]{MONTH}(?:[, -]+(?P<year>20\d\d))?\b", re.IGNORECASE),
)
CLOCK = re.compile(
    r"(?<![\d:.-])(?:(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s*(?P<half>[ap])\.?\s?m\b\.?"
    r"|(?P<h24>[01]?\d|2[0-3])[:.](?P<m24>\d\d)(?![:.\d])|(?P<military>(?:[01]\d|2[0-3])[0-5]\d)(?=\s*[a-z]{1,5}\b)"
    r"|(?P<word>noon|midnight)\b)(?:\s*hrs?\b)?",
    re.IGNORECASE,
)
ZONE = re.compile(r"\s*\(?(?P<zone>[A-Za-z]{1,5}\b|[+-]\d\d:?\d\d)\)?")
REGIONAL = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:?\d\d(?::?\d\d)?\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Embargo:
    """Copy that is held; ``until`` is None where the lift cannot be told, and then it stays sealed."""

    line: str
    until: datetime | None
    assumptions: tuple[Assumption, ...] = ()


def read_embargo(notes: Sequence[str], shown: Sequence[str], hints: Hints) -> Embargo | None:
    """Read the embargo in the lines for editors, or in capitals at the head of what readers are shown.

    Of several lifts the latest counts; one that cannot be read seals the copy whatever the others say.
    """
    # What is lifted says nothing of another embargo on the same copy.
    lines = [LIFTED.sub("", line) for line in (*notes, *(line for line in shown if _is_label(line)))]
    held = [n for n, line in enumerate(lines) if HELD.search(line)]
    if not held:
        return None
    # The lift may stand on the next line: EMBARGOED UNTIL / 0600 GMT NOVEMBER 25
    found = {n: _lift(lines[n], hints) or _lift(" ".join(lines[n : n + 2]), hints) for n in held}
    known = [lift for lift in found.values() if lift is not None]
    unread = [n for n, lift in found.items() if lift is None and re.search(r"\d", HELD.sub("", lines[n]))]
    line = lines[held[0]]
    if not known or unread:
        return Embargo(line, None)
    return Embargo(line, *max(known, key=lambda lift: lift[0]))


def _is_label(line: str) -> bool:
    found = HELD.search(line[:120])
    return found is not None and found.start() <= 30 and found.group().isupper() and "embargo" in line[:120].lower()


def _lift(text: str, hints: Hints) -> tuple[datetime, tuple[Assumption, ...]] | None:
    if stated := set(ISO.findall(text)):
        moment = _iso(stated.pop()) if len(stated) == 1 else None
        return (moment, ()) if moment else None
    days = [found for shape in DAYS for found in shape.finditer(text)]
    # The year of MARCH 6 2024 GMT is no twenty-four minutes past eight.
    undated = text
    for found in days:
        undated = undated[: found.start()] + "." * len(found.group()) + undated[found.end() :]
    clocks = list(CLOCK.finditer(undated))
    # Two days or two times are no lift that a program may choose from.
    if len({found.group() for found in days}) != 1 or len(clocks) != 1:
        return None
    clock, zone = _clock(clocks[0]), _zone(text, clocks[0])
    if clock is None or zone is None:
        return None
    day, notes = _day(days[0], hints)
    return (_latest(day, clock, zone), notes) if day else None


def _iso(stated: str) -> datetime | None:
    zoned = re.sub(r"\s?(?:UTC|GMT)$", "Z", stated, flags=re.IGNORECASE)
    return read_zoned(re.sub(r"^(\S{10}) ", r"\1T", zoned))


def _clock(found: re.Match[str]) -> tuple[int, int] | None:
    if word := found["word"]:
        # Midnight of a day is its start to some desks and its end to others.
        return (12, 0) if word.lower() == "noon" else None
    if found["military"]:
        return int(found["military"][:2]), int(found["military"][2:])
    if found["h24"]:
        return int(found["h24"]), int(found["m24"])
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if not 1 <= hour <= 12 or minute > 59:
        return None
    return hour % 12 + (12 if found["half"].lower() == "p" else 0), minute


def _zone(text: str, clock: re.Match[str]) -> tzinfo | None:
    found = ZONE.match(text, clock.end())
    if found is None:
        return None
    name = found["zone"]
    if name[0] in "+-":
        moment = read_zoned(f"2000-01-01T00:00{name}")
        return moment.tzinfo if moment else None
    if name.lower() in REGIONAL:
        return ZoneInfo(REGIONAL[name.lower()])
    return zone_of(name)


def _day(found: re.Match[str], hints: Hints) -> tuple[date | None, tuple[Assumption, ...]]:
    month, day = MONTHS[found["month"].lower()], int(found["day"])
    if found["year"]:
        return _date(int(found["year"]), month, day), ()
    # Never earlier than a few days before the copy came: the next year is wrong by waiting, the last by leaking.
    earliest = (hints.received - timedelta(days=3)).date()
    days = (_date(earliest.year + more, month, day) for more in range(5))
    note = assumption(Assumed.YEAR, f"the year of {found.group()}, in an embargo")
    return next((d for d in days if d and d >= earliest), None), (note,)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _latest(day: date, clock: tuple[int, int], zone: tzinfo) -> datetime:
    """Return the moment; an hour that the clocks pass twice, or never, is taken at its latest."""
    local = datetime(day.year, day.month, day.day, *clock)  # noqa: DTZ001 - the zone comes with each fold
    return max(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
