"""The archive: a page for each day that has stories, one for each month, and one over all."""

from __future__ import annotations

import re
from datetime import date
from itertools import groupby

from services.publish.site.frame import Frame
from services.publish.site.page_cache import Page
from services.publish.site.surrogates import EVERYTHING_NEW, shown_keys
from services.publish.store.archive import ArchiveReader
from services.publish.store.reading import Cursor

__all__ = ["ARCHIVE", "ArchivePages", "day_path"]

ARCHIVE = "/archive"
A_PAGE = 20
OLD_ENOUGH = 60.0
"""Seconds that an older page may lack what is new in its navigation."""
_WHEN = re.compile(r"(19|2[01])[0-9]{2}-[0-9]{2}(-[0-9]{2})?")


def day_path(day: date) -> str:
    """Return the address of a day."""
    return f"{ARCHIVE}/{day.isoformat()}"


class ArchivePages:
    """Makes the pages of the archive. Days and months are those of the site's zone."""

    def __init__(self, reader: ArchiveReader, frame: Frame) -> None:
        self._reader = reader
        self._frame = frame

    def all(self, base: str) -> Page:
        """Return the page of all months that have stories, by years."""
        months = self._reader.months()
        body = self._frame.render(
            "archive.html",
            title="Archive",
            description=f"Every story of {self._frame.site.name}, by day.",
            canonical=f"{base}{ARCHIVE}",
            here=ARCHIVE,
            years=[(year, list(of_year)) for year, of_year in groupby(months, lambda month: month.year)],
        )
        return Page(body, keys=frozenset({EVERYTHING_NEW}))

    def of(self, base: str, when: str, before: Cursor | None) -> Page | None:
        """Return the page of a month or a day; None for one without stories, and for what is neither."""
        if not _WHEN.fullmatch(when):
            return None
        try:
            day = date.fromisoformat(when if len(when) > 7 else f"{when}-01")
        except ValueError:
            return None
        return self._day(base, day, before) if len(when) > 7 else self._month(base, day)

    def _month(self, base: str, month: date) -> Page | None:
        days = self._reader.days(month)
        if not days:
            return None
        name = f"{month:%B} {month.year}"
        path = f"{ARCHIVE}/{month:%Y-%m}"
        body = self._frame.render(
            "archive_month.html",
            title=name,
            description=f"The stories of {name}, by day.",
            canonical=f"{base}{path}",
            here=path,
            heading=name,
            days=days,
        )
        return Page(body, keys=frozenset({EVERYTHING_NEW}))

    def _day(self, base: str, day: date, before: Cursor | None) -> Page | None:
        found = self._reader.of_day(day, A_PAGE + 1, before=before)
        if not found and before is None:
            return None
        shown = found[:A_PAGE]
        earlier, later = self._reader.neighbours(day)
        name = f"{day:%A}, {day.day} {day:%B} {day.year}"
        body = self._frame.render(
            "archive_day.html",
            title=name,
            description=f"The stories of {name}." if before is None else "",
            canonical=f"{base}{day_path(day)}" + (f"?before={before}" if before else ""),
            here=day_path(day),
            heading=name,
            day=day,
            stories=shown,
            older=Cursor.after(shown[-1]) if len(found) > A_PAGE else None,
            first=before is None,
            earlier=earlier,
            later=later,
        )
        # A day may gain stories, and neighbours, as long as copy comes with its date; what is older does not.
        names = [EVERYTHING_NEW] if before is None else []
        return Page(body, keys=shown_keys(shown, *names), max_age=OLD_ENOUGH, kept=bool(shown))
