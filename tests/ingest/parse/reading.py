"""Shortcuts for tests that read small copy."""

from __future__ import annotations

import pytest

from services.ingest.items import Item, Parsed, UnreadableCopy
from services.ingest.parse import parse
from tests.ingest.parse.golden import HINTS

__all__ = ["one", "read", "refusal"]


def read(body: str | bytes, content_type: str | None = None) -> Parsed:
    """Read copy with the hints of the golden pairs."""
    return parse(body.encode() if isinstance(body, str) else body, content_type=content_type, hints=HINTS)


def one(body: str | bytes, content_type: str | None = None) -> Item:
    """Read copy that gives one item."""
    (item,) = read(body, content_type).items
    return item


def refusal(body: str | bytes, content_type: str | None = None) -> str:
    """Return the code that copy is refused with."""
    with pytest.raises(UnreadableCopy) as caught:
        read(body, content_type)
    return caught.value.code
