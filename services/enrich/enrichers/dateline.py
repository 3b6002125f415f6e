"""Dateline: where, by whom and when the copy says that it was written.

Ingest has taken most datelines out of the body; that one is read first, then ``located``, the beginning of the first
paragraph and the byline (*By Ana Prieto in LIMA*). It is taken apart here and resolved by ``places``.
"""

# ruff: noqa: RUF001 - datelines end in real dashes

from __future__ import annotations

import re

from services.enrich.additions import Additions, Cost, Enrich, Enricher, each
from services.enrich.copy import Copy
from services.enrich.gazetteer import Gazetteer, fold, load_gazetteer
from shared.article import Dateline
from shared.places import as_written

__all__ = ["ENRICHER", "read", "read_paragraph"]

LONGEST = 160
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
MONTH += r"[A-Za-z]{0,6}\.?"
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
DATE = rf"(?P<date>(?:{MONTH}\s+{DAY}|{DAY}\s+{MONTH})(?:,?\s+\d{{4}})?)"
NAME = r"[^\W\d_](?:[^\W\d_]|[.'’ -]){1,48}?"
PLACES = rf"(?P<places>{NAME}(?:\s*/\s*{NAME}){{0,3}})"
REGION = r"(?P<region>[^\W\d_](?:[^\W\d_]|[.' -]){1,40}?)"
AGENCY = r"(?:\((?P<agency>[^()]{2,40})\))"
END = r"\s*(?:—|–|--+|(?<=\s)-(?=\s)|:(?=\s))\s*"
SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"{PLACES}:\s*{REGION}\s*(?P<end>:(?=\s)|$)",  # TOKYO: Japan:
        rf"{PLACES}(?:,\s*{REGION})?,?\s+{DATE}\s*,?\s*{AGENCY}?(?P<end>{END}|\s*$)",  # LONDON, June 17 (Reuters) -
        rf"{PLACES}(?:,\s*{REGION})?\s*{AGENCY}(?P<end>{END}|\s*$)",  # CANBERRA (AAP) -
        rf"{PLACES}(?:,\s*{REGION})?(?P<end>{END}|\s*$)",  # NEW YORK/LONDON —
        rf"(?:{DATE}\s*)?{AGENCY}(?P<end>{END}|\s*$)",  # (Reuters) -
    )
)
BYLINE = re.compile(rf"^(?:By\s+)?.{{0,80}}?\s+in\s+{PLACES}(?:,\s*{REGION})?\s*(?:$|[.;|])", re.IGNORECASE)
KNOWN_AGENCIES = "AP AFP AAP PA UPI dpa DPA ANSA EFE TASS RIA PTI ANI IANS Reuters Xinhua Kyodo Yonhap"
AGENCIES = frozenset(KNOWN_AGENCIES.split())
"""Agencies that are told from a region where they stand without brackets (*CANBERRA, AAP -*)."""


def read(copy: Copy, gazetteer: Gazetteer) -> Dateline | None:
    """Return the dateline of the copy, from the first of the four that has one."""
    article = copy.article
    taken = article.newsroom.dateline
    if taken is not None:
        found = read_printed(taken.text)
        if found is None or (taken.place and not found.place):
            return taken
        known = {"place": taken.place, "country": taken.country}
        return found.model_copy(update={name: value for name, value in known.items() if value})
    return (
        read_printed((article.located or "")[:LONGEST])
        or read_paragraph(copy.lead, gazetteer)
        or _read_byline(article.by or "", gazetteer)
        or (_read_byline(copy.lead, gazetteer) if copy.lead.startswith("By ") and len(copy.lead) < LONGEST else None)
    )


def read_printed(text: str) -> Dateline | None:
    """Take apart a text that is known to be a dateline and nothing else."""
    text = " ".join(text.split())
    for shape in SHAPES:
        found = shape.match(text)
        if found and not text[found.end() :].strip():
            return _taken_apart(found)
    return None


def read_paragraph(paragraph: str, gazetteer: Gazetteer) -> Dateline | None:
    """Read the dateline that a paragraph begins with; None where it may be anything else."""
    head = paragraph[:LONGEST]
    for shape in SHAPES:
        found = shape.match(head)
        if found and found["end"].strip() and _is_dateline(found, gazetteer):
            return _taken_apart(found)
    return None


def _is_dateline(found: re.Match[str], gazetteer: Gazetteer) -> bool:
    parts = found.groupdict()
    place, region, agency = parts.get("places") or "", parts.get("region"), parts.get("agency")
    if agency and not any(letter.isupper() for letter in agency) and agency not in AGENCIES:
        return False
    if agency and not place:
        return " " not in agency or agency.istitle()
    if place.isupper() and (agency or parts.get("date")):
        return True
    known = any(_is_known(fold(name), gazetteer) for name in place.split("/"))
    if parts.get("date") or agency:
        return known and len(place.split()) < 5
    colons = found["end"].strip() == ":"
    if colons and not (region and gazetteer.country_named(fold(region))):
        return False
    # A bare name needs what follows to begin a sentence: in `NATO — the alliance — met` it does not.
    return known and place.isupper() and not found.string[found.end() :][:1].islower()


def _is_known(name: str, gazetteer: Gazetteer) -> bool:
    return name in gazetteer.cities or name in gazetteer.terms or name.removeprefix("the ") in gazetteer.cities


def _read_byline(line: str, gazetteer: Gazetteer) -> Dateline | None:
    found = BYLINE.match(line[:LONGEST])
    if not found or not _is_known(fold(found["places"].split("/")[0]), gazetteer):
        return None
    return _taken_apart(found).model_copy(update={"text": line[found.start("places") : found.end()].strip(" .;|")})


def _taken_apart(found: re.Match[str]) -> Dateline:
    parts = found.groupdict()
    region, agency = (parts.get("region") or "").strip() or None, parts.get("agency")
    if region in AGENCIES:
        region, agency = None, agency or region
    places = [as_written(place) for place in (parts.get("places") or "").split("/") if place.strip()]
    end = found.start("end") if "end" in parts else found.end()
    return Dateline(
        text=" ".join(found.string[:end].split()),
        place=places[0] if places else None,
        country=region,
        agency=" ".join(agency.split()) if agency else None,
        date=_date(parts.get("date")),
        also=tuple(places[1:]),
    )


def _date(printed: str | None) -> str | None:
    """Write a date as ISO 8601, the year left out where it is not told; None for a day that no month has."""
    if not printed:
        return None
    month = next(MONTHS.index(word[:3].lower()) + 1 for word in re.findall(r"[A-Za-z]{3,}", printed))
    day, year = re.search(r"\b(\d{1,2})(?!\d)", printed), re.search(r"\b(\d{4})\b", printed)
    if day is None or not 1 <= int(day[1]) <= 31:
        return None
    return f"{year[1] if year else '-'}-{month:02}-{int(day[1]):02}"


def load() -> Enrich:
    """Read the gazetteer."""
    gazetteer = load_gazetteer()
    return each(lambda copy: Additions(dateline=read(copy, gazetteer)))


ENRICHER = Enricher(name="dateline", version="1", adds=("dateline",), load=load, cost=Cost.INSTANT)
