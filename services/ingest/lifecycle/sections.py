"""Which section of the site an item goes to. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from services.ingest.items import Item

__all__ = ["section_of"]


def section_of(item: Item, sections: Collection[str], otherwise: str) -> str:
    """Return the first of the item's own section, keywords and subjects that is a section of the site.

    Copy from outside may name anything, so what the site does not have is passed over, and the source's section
    stands in.
    """
    named = (item.section or "", *item.keywords, *(subject.name for subject in item.subjects))
    return next((slug for name in named if (slug := _slug(name)) in sections), otherwise)


def _slug(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name[:200]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")
