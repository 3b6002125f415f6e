"""What a note to the editor says of the copy, where its status does not: agencies correct and kill by such notes."""

from __future__ import annotations

import re
from dataclasses import replace

from services.ingest.items import Item
from shared.article import PubStatus

__all__ = ["heed", "says_correction"]

CORRECTS = re.compile(r"\W*(?:correction|corrects|corrected|correcting)\b", re.IGNORECASE)
# In capitals as the whole note or as its label. "Kill Bill is reviewed by" and "disregard the first version" are none.
STORMY = r"\W*(?:(?:BULLETIN|MANDATORY|URGENT|EDITORS)[\s,:-]+)*"
LABEL_ENDS = r"(?:\s+(?:ADVISORY|NOTICE|ORDER))?\s*(?:$|[:.,;\u2013\u2014-])"
KILLS = re.compile(f"{STORMY}(?:KILL|ELIMINATION){LABEL_ENDS}")
WITHHOLDS = re.compile(f"{STORMY}WITHHOLD{LABEL_ENDS}")
KILL_ANYWHERE = re.compile(r"\b(?:MANDATORY|BULLETIN)\s+(?:KILL|ELIMINATION)\b|\b[Aa] kill is mandatory\b")


def says_correction(*notes: str | None) -> bool:
    """Tell whether a note to the editor begins as that of a correction does."""
    return any(CORRECTS.match(note) for note in notes if note)


def heed(item: Item) -> Item:
    """Return the item as its note or headline has it: a kill that is sent as usable copy is still a kill.

    Such a notice may be a document of its own, so its story is also looked for by what else names it.
    """
    note = item.ed_note or ""
    if item.takes_back:
        return item
    if KILLS.match(note) or KILL_ANYWHERE.search(note) or KILL_ANYWHERE.search(item.headline):
        status = PubStatus.CANCELED
    elif WITHHOLDS.match(note):
        status = PubStatus.WITHHELD
    else:
        return item
    names = (item.identity,) if item.identity else ()
    return replace(item, pub_status=status, change=None, refers_to=names, body_html="", summary="")
