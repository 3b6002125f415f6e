"""The dateline: where copy says it was written. When unsure there is none, and the paragraph stays whole."""

from __future__ import annotations

import re

from services.ingest.parse.countries import COUNTRIES
from shared.article import Dateline
from shared.places import title_case

__all__ = ["split_dateline"]

PLACE = r"(?P<place>[^\W\d_](?:[^\W\d_]|[.'\u2019 /-]){1,48})"
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
DATE = rf"(?:,\s*(?:{MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{MONTH})(?:,?\s+\d{{4}})?)"
REGION = r"(?:,\s*(?P<region>[^\W\d_](?:[^\W\d_]|[.' -]){1,40}?))"
AGENCY = r"(?:\s*\([^()]{2,40}\))"
DASH = r"\s*(?:—|\u2013|--+|(?<=\s)-(?=\s))\s*"
# TOKYO: Japan: text
COLONS = re.compile(rf"^(?P<text>{PLACE}:\s*(?P<region>[^\W\d_][^:]{{2,40}})):\s+(?P<rest>\S.*)$", re.DOTALL)
# LONDON, June 17 (Reuters) - text; BERLIN, Germany (AP) — text; CANBERRA (AAP) - text; PARIS, 17 June — text
MARKED = re.compile(
    rf"^(?P<text>{PLACE}{REGION}?(?:{DATE}{AGENCY}?|{AGENCY}))(?:{DASH}|:\s+)(?P<rest>\S.*)$", re.DOTALL
)
# NEW YORK/LONDON — text; BERLIN, Germany — text
BARE = re.compile(rf"^(?P<text>{PLACE}{REGION}?){DASH}(?P<rest>\S.*)$", re.DOTALL)
# In capitals at the start of a paragraph, followed by a dash, and no place.
LABELS = re.compile(
    r"(?:BREAKING|UPDATED?|EXCLUSIVE|WATCH|LIVE|LISTEN|OPINION|ANALYSIS|CORRECT(?:ION|ED)|EDITORIAL|EXPLAINER|VIDEO"
    r"|PHOTOS?|PICTURES?|NEWS|SPORTS?|REPORT|JUST IN|FACTBOX|PREVIEW|REVIEW|TIMELINE|NOTE|WARNING|ALERT|URGENT|KILL"
    r"|ADVISORY|EMBARGO(?:ED)?|EDITORS?|QUESTION|ANSWER|NATO|NASA|COVID|FIFA|UEFA|OPEC|UNESCO|UNICEF|ASEAN|BREXIT|WHO"
    r"|AUKUS|BRICS)\b"
)


def split_dateline(paragraph: str) -> tuple[Dateline, str] | None:
    """Split a paragraph of plain text into its dateline and the rest; None when it has none for certain."""
    head = paragraph.lstrip()
    for shape in (COLONS, MARKED, BARE):
        found = shape.match(head)
        if found and _is_place(found["place"]) and _fits(shape, found):
            return _read(found), found["rest"]
    return None


def _is_place(place: str) -> bool:
    letters = [c for c in place if c.isalpha()]
    return (
        place.isupper()
        and len(letters) >= 3
        and len(re.split(r"[ /]+", place.strip())) <= 6
        and LABELS.match(place) is None
    )


def _fits(shape: re.Pattern[str], found: re.Match[str]) -> bool:
    region = (found["region"] or "").strip()
    if shape is COLONS:
        return region in COUNTRIES
    if region and not region[0].isupper():
        return False
    # A bare name needs what follows to begin a sentence: in `INTERPOL — the police body — said` it does not.
    return shape is MARKED or re.match(r"[“\u2018\"'«(]?[A-Z0-9À-ÖØ-Þ]", found["rest"]) is not None


def _read(found: re.Match[str]) -> Dateline:
    region = (found["region"] or "").strip() or None
    place = found["place"].split("/")[0].strip()
    return Dateline(
        text=" ".join(found["text"].split()),
        place=title_case(place),
        country=region if region in COUNTRIES else None,
    )
