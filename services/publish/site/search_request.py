"""What a reader asks of the search page, out of the address. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from services.publish.sanitise import plain
from services.publish.search.question import LONGEST
from services.publish.store.archive import span_of
from services.publish.store.reading import Cursor
from services.publish.store.searching import Filters, Place

__all__ = ["PATH", "SearchRequest"]

PATH = "/search"
LONGEST_NAME = 200
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class SearchRequest:
    text: str = ""
    first: date | None = None
    last: date | None = None
    section: str = ""
    source: str = ""
    newest: bool = False
    after: Place | None = None
    """Where the page before ended, among the best."""
    before: Cursor | None = None
    """Where it ended, among the newest."""

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> SearchRequest:
        """Return what is asked; what cannot be is as if it were not there."""
        newest = query.get("sort") == "newest"
        return cls(
            text=plain(query.get("q", "")[: 2 * LONGEST])[:LONGEST],
            first=_day(query.get("from", "")),
            last=_day(query.get("to", "")),
            section=plain(query.get("section", "")[:LONGEST_NAME]),
            source=plain(query.get("source", "")[:LONGEST_NAME]),
            newest=newest,
            after=None if newest else Place.parse(query.get("after", "")),
            before=Cursor.parse(query.get("before", "")) if newest else None,
        )

    @property
    def is_first(self) -> bool:
        return self.after is None and self.before is None

    @property
    def is_filtered(self) -> bool:
        return bool(self.first or self.last or self.section or self.source)

    def filters(self, zone: ZoneInfo) -> Filters:
        """Return the filters; days are days where the site is."""
        return Filters(
            first=span_of(self.first, zone).start if self.first else None,
            last=span_of(self.last, zone).end - 1 if self.last else None,
            section=self.section or None,
            provider=self.source or None,
        )

    def address(self, *, text: str | None = None, newest: bool | None = None, go_on: str = "") -> str:
        """Return the address of the same search, of another text, in another order, or from where this page ends."""
        newest = self.newest if newest is None else newest
        told = {
            "q": self.text if text is None else text,
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
            "section": self.section,
            "source": self.source,
            "sort": "newest" if newest else "",
            ("before" if newest else "after"): go_on,
        }
        return f"{PATH}?{urlencode({name: value for name, value in told.items() if value})}"


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
