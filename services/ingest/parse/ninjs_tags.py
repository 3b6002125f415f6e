"""What a ninjs item is about, as its provider says, and what comes with it that is neither text nor a picture."""

from __future__ import annotations

from typing import Any, NamedTuple

from services.ingest.parse.ninjs_members import Fields, number, objects, string
from services.ingest.parse.ninjs_pictures import associated, picture_of
from services.ingest.parse.text import bounded
from shared.article import Genre, Named, Subject
from shared.uris import as_uri

__all__ = ["Tags", "companions", "read_tags"]

LONGEST_NAME, LONGEST_CODE = 200, 500


class Tags(NamedTuple):
    """The names are those of the Item's fields."""

    subjects: tuple[Subject, ...]
    people: tuple[Named, ...]
    organisations: tuple[Named, ...]
    places: tuple[Named, ...]
    genres: tuple[Genre, ...]


def read_tags(fields: Fields) -> Tags:
    """Read the concepts of an item; 1.x lists them under the singular, and names them by scheme and code."""
    return Tags(
        subjects=tuple(_subject(c) for c in objects(fields, "subjects", "subject") if _name(c)),
        people=tuple(_named(c) for c in objects(fields, "people", "person") if _name(c)),
        organisations=tuple(_named(c) for c in objects(fields, "organisations", "organisation") if _name(c)),
        places=tuple(_named(c) for c in objects(fields, "places", "place") if _name(c)),
        genres=tuple(Genre(name=_name(c), uri=_uri(c)) for c in objects(fields, "genres", "genre") if _name(c)),
    )


def companions(fields: Fields) -> str:
    """Return the names of what comes with a text and is not shown with it; the empty string for nothing."""
    named = [_companion(part) for part in associated(fields) if picture_of(part) is None]
    renditions = fields.get("renditions")
    if renditions and isinstance(renditions, dict | list):
        named.append(f"renditions ({len(renditions)})")
    return ", ".join(named)


def _companion(part: Fields) -> str:
    kind = bounded(string(part, "type"), 40) or "item"
    return f"{bounded(string(part, 'name'), 60) or 'unnamed'} ({kind})"


def _subject(concept: Fields) -> Subject:
    return Subject(
        **_concept(concept),
        creator=bounded(string(concept, "creator"), LONGEST_CODE),
        relevance=number(concept.get("relevance"), 100),
        confidence=number(concept.get("confidence"), 100),
    )


def _named(concept: Fields) -> Named:
    return Named(**_concept(concept))


def _concept(concept: Fields) -> dict[str, Any]:
    literal = string(concept, "literal") or (string(concept, "code") if _uri(concept) is None else "")
    return {
        "name": _name(concept),
        "rel": bounded(string(concept, "rel"), 40),
        "uri": _uri(concept),
        "literal": bounded(literal, LONGEST_CODE),
    }


def _name(concept: Fields) -> str:
    return bounded(string(concept, "name"), LONGEST_NAME) or ""


def _uri(concept: Fields) -> str | None:
    """Return the concept's URI; 1.x gives it as the code, or in two pieces that only an open scheme joins."""
    scheme, code = string(concept, "scheme"), string(concept, "code")
    joined = f"{scheme}{code}" if code and scheme.endswith(("/", ":", "#", "=")) else code
    address = string(concept, "uri") or joined
    return as_uri(address) if 0 < len(address) <= LONGEST_CODE else None
