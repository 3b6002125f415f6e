"""What stands at the head of a NITF text for its reader: headline, byline, dateline, abstract."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.ingest.parse.header import byline
from services.ingest.parse.text import bounded, same_words
from services.ingest.parse.xml_fields import dateline_of
from services.ingest.parse.xml_tree import Element, all_named, first_text, text_of, under
from shared.article import Dateline

__all__ = ["Head", "read_head"]

EDGES = " ,;|\u2013\u2014-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Every value is one clean line."""

    headline: str | None = None
    summary: str = ""
    by: str | None = None
    dateline: Dateline | None = None
    provider: str | None = None
    """The distributor, as the text credits it."""


def read_head(nitf: Element) -> Head:
    """Read the ``body.head`` of a NITF document."""
    head = under(nitf, "body/body.head")
    dateline = under(head, "dateline")
    headline, subheadline = (
        first_text(head, 500, "hedline/hl1", "hedline"),
        first_text(head, 1_000, "hedline/hl2") or "",
    )
    repeats = same_words(headline or "", subheadline)
    return Head(
        headline=headline,
        summary=first_text(head, 1_000, "abstract") or ("" if repeats else subheadline),
        by=_bylines(head),
        dateline=_dateline(dateline) if dateline is not None else None,
        provider=first_text(head, 200, "distributor"),
    )


def _bylines(head: Element | None) -> str | None:
    names = (_by(element) for element in all_named(head, "byline", 10))
    return bounded(", ".join(dict.fromkeys(name for name in names if name)), 200)


def _by(element: Element) -> str | None:
    """Return who a byline names, without the title that follows; a byline that is nothing but one is that."""
    titles = [text for found in all_named(element, "byttl") if (text := text_of(found, 200))]
    line = text_of(element, 400) or ""
    for title in titles:
        line = line.replace(title, " ", 1)
    who = re.sub(r"\s+", " ", line).strip(EDGES)
    return byline(who) or who or ", ".join(titles) or None


def _dateline(element: Element) -> Dateline | None:
    where, date = under(element, "location"), text_of(under(element, "story.date"), 100)
    printed = text_of(element, 200) or ""
    if date and re.search(r"\d{8}", date):
        printed = printed.replace(date, " ")  # a time for machines where the date for readers belongs
    printed = printed.strip(EDGES)
    said = text_of(where, 100) if where is not None else printed
    place = first_text(where, 100, "city") or (said or "").partition(",")[0].strip() or None
    return dateline_of(printed or None, place, first_text(where, 100, "country"))
