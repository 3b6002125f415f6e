"""What a NITF document says that it is about: subject codes, classifiers, persons, organisations, places, keywords."""

from __future__ import annotations

from typing import NamedTuple

from services.ingest.parse.metadata import keyword_list
from services.ingest.parse.qcodes import CV
from services.ingest.parse.text import bounded
from services.ingest.parse.xml_tree import Element, all_named, text_of
from shared.article import Named, Subject

__all__ = ["Tags", "keywords_of", "tags_of"]


class Tags(NamedTuple):
    """The names are those of the Item's fields."""

    subjects: tuple[Subject, ...]
    people: tuple[Named, ...]
    organisations: tuple[Named, ...]
    places: tuple[Named, ...]


def tags_of(root: Element) -> Tags:
    """Read the head; names that are marked up in the text stay in the text."""
    codes = [_subject_code(element) for element in all_named(root, "head/tobject/tobject.subject")]
    classes = [_classifier(element) for element in all_named(root, "head/docdata/identified-content/classifier")]
    return Tags(
        subjects=tuple(subject for subject in (*codes, *classes) if subject),
        people=_named(root, "person"),
        organisations=_named(root, "org"),
        places=_named(root, "location"),
    )


def keywords_of(root: Element) -> tuple[str, ...]:
    """Return the keywords of the document."""
    found = all_named(root, "head/docdata/key-list/keyword")
    return keyword_list([element.get("key") or text_of(element, 80) for element in found])


def _subject_code(element: Element) -> Subject | None:
    """Return a subject by the name of its most exact level, and by its code where that is the IPTC's."""
    code = bounded(element.get("tobject.subject.refnum"), 40)
    levels = (element.get(f"tobject.subject.{level}") for level in ("detail", "matter", "type"))
    name = next((text for level in levels if (text := bounded(level, 200))), None) or code
    register = (element.get("tobject.subject.ipr") or "IPTC").strip().upper()
    known = code is not None and len(code) == 8 and code.isascii() and code.isdigit() and register == "IPTC"
    uri = f"{CV}subjectcode/{code}" if known else None
    return Subject(name=name, uri=uri, literal=None if uri else code) if name else None


def _classifier(element: Element) -> Subject | None:
    code = bounded(element.get("value"), 200)
    name = text_of(element, 200) or code
    return Subject(name=name, rel=bounded(element.get("type"), 40), literal=code) if name else None


def _named(root: Element, kind: str) -> tuple[Named, ...]:
    found = all_named(root, f"head/docdata/identified-content/{kind}")
    return tuple(
        Named(name=name, literal=bounded(element.get("idsrc") and element.get("value"), 200))
        for element in found
        if (name := text_of(element, 200) or bounded(element.get("value"), 200))
    )
