"""The members of a ninjs object under one name each, whatever the version.

1.x writes ``versioncreated`` and ``headline_main``, 3.x ``versionCreated`` and a list of ``headlines``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from services.ingest.parse.codes import Refusal, refused

__all__ = ["Fields", "fields_of", "number", "objects", "string", "variants"]

Fields = Mapping[str, Any]
"""Members by name in lower case without underscores."""
MOST_PARTS = 100
NEWS = re.compile(r"uri|pubstatus|(?:headline|body).*|headlines|bodies")
"""Members of which a news item has at least one."""


def fields_of(entry: Any) -> Fields:
    """Return the members of an item.

    Raises:
        UnreadableCopy: ``invalid_ninjs``.
    """
    if not isinstance(entry, dict):
        raise refused(Refusal.INVALID_NINJS, "an item is a JSON object")
    fields = _by_name(entry)
    if not any(NEWS.fullmatch(name) for name in fields):
        raise refused(Refusal.INVALID_NINJS, "no uri, no headline, no body: not a news item")
    return fields


def string(fields: Fields, name: str) -> str:
    """Return a text member, the empty string for anything else."""
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def number(value: Any, most: int) -> int | None:
    """Return a whole number from 0 to ``most``, however it is written."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if re.fullmatch(r"[0-9]{1,16}", text) and int(text) <= most else None


def objects(fields: Fields, *names: str) -> Iterator[Fields]:
    """Yield the objects of the first of these members that is there, as lists hold them in every version."""
    listed: list[Any] = next((fields[name] for name in names if isinstance(fields.get(name), list)), [])
    return (_by_name(part) for part in listed[:MOST_PARTS] if isinstance(part, dict))


def variants(fields: Fields, listed: str, single: str, *first: str) -> list[Fields]:
    """Return what is given in several forms, with ``role``, ``contenttype`` and ``value``; those in ``first`` lead.

    2.x and 3.x list them (``headlines``); 1.x has a member for each (``headline``, ``headline_main``, ``headline_…``).
    """
    singles = [name for name in fields if name.startswith(single) and name != listed]
    found: list[Fields] = [*objects(fields, listed)]
    found += [{"role": name.removeprefix(single), "value": fields[name]} for name in singles]
    rank = {role: place for place, role in enumerate(first)}
    return sorted(found, key=lambda part: rank.get(string(part, "role").lower(), len(rank)))


def _by_name(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name).lower().replace("_", ""): value for name, value in entry.items()}
