"""The pictures that are associated with a ninjs item, in every version's spelling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.ingest.parse.ninjs_members import Fields, objects, string, variants
from services.ingest.parse.pictures import Told, few, picture, rendition
from services.ingest.parse.text import bounded, plain
from shared.article import Association, Rendition

__all__ = ["associated", "picture_of", "read_pictures"]

PICTURES = frozenset({"picture", "graphic"})
MOST_FILES = 50


def read_pictures(fields: Fields) -> tuple[Association, ...]:
    """Return the associated pictures that may be shown and say where they are."""
    return few(picture_of(part) for part in associated(fields))


def associated(fields: Fields) -> list[Fields]:
    """Return the associated items: 1.x has them by name, later versions in a list."""
    found = fields.get("associations")
    return list(objects({"associations": _listed(found)}, "associations"))


def picture_of(part: Fields) -> Association | None:
    """Return an associated item as a picture; None for what is none, may not be used, or is under embargo."""
    status = string(part, "pubstatus").lower().removeprefix("stat:")
    sealed = any(part.get(name) not in (None, False) for name in ("embargoed", "embargoeduntil"))
    if string(part, "type").lower() not in PICTURES or status not in {"", "usable"} or sealed:
        return None
    return picture(
        _files(part),
        Told(
            name=string(part, "name"),
            uri=string(part, "uri"),
            headline=_first(part, "headlines", "headline", "main", ""),
            caption=_first(part, "descriptions", "description", "caption", "text", "", "summary"),
            alt=_in_role(part, "alt", "alttext"),
            by=plain((string(part, "by") or string(part, "byline"))[:1_000]),
            credit=next((string(source, "name") for source in objects(part, "infosources", "infosource")), None),
            notice=string(part, "copyrightnotice"),
            usage=string(part, "usageterms"),
        ),
    )


def _listed(found: Any) -> Any:
    if isinstance(found, dict):
        return [{"name": name, **(part if isinstance(part, dict) else {})} for name, part in found.items()]
    return found


def _files(part: Fields) -> Iterator[Rendition | None]:
    for file in list(objects({"renditions": _listed(part.get("renditions"))}, "renditions"))[:MOST_FILES]:
        kind = string(file, "contenttype") or string(file, "mimetype")
        yield rendition(
            string(file, "href"),
            name=string(file, "name"),
            content_type=kind,
            width=_size(file, "width"),
            height=_size(file, "height"),
        )


def _size(file: Fields, name: str) -> str | int | None:
    value = file.get(name)
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def _first(part: Fields, listed: str, single: str, *roles: str) -> str | None:
    found = (form for form in variants(part, listed, single, *roles) if string(form, "role") not in {"alt", "alttext"})
    return next((text for form in found if (text := bounded(plain(string(form, "value")[:8_000]), 2_000))), None)


def _in_role(part: Fields, *roles: str) -> str | None:
    found = variants(part, "descriptions", "description")
    said = (string(form, "value") for form in found if string(form, "role").lower().replace("-", "") in roles)
    return next((plain(text[:2_000]) for text in said if text), None)
