"""What a NewsML-G2 item's metadata says: status, embargo, signals, dates, rights, place and concepts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from services.ingest.items import UnreadableCopy
from services.ingest.parse.header import byline
from services.ingest.parse.qcodes import Catalogs
from services.ingest.parse.text import bounded
from services.ingest.parse.xml_fields import Dates, dateline_of, lift, number, status_of
from services.ingest.parse.xml_notes import says_correction
from services.ingest.parse.xml_tree import LANG, Element, all_named, first_text, text_of, under
from shared.article import Change, Dateline, Genre, Named, PubStatus, Subject
from shared.uris import as_uri

__all__ = [
    "byline_of",
    "change_of",
    "dates_of",
    "embargo_of",
    "located",
    "printed_dateline",
    "provider_of",
    "rights_of",
    "status_in",
    "tags_of",
]

MOST_ASSERTIONS = 1_000
SIGNALS = {"correction": Change.CORRECTION, "update": Change.UPDATE}
KINDS = {"person": "people", "organisation": "organisations", "geoArea": "places", "poi": "places"}
"""Codes of the IPTC's concept natures, and the Item's fields for what is of that nature."""


class Tags(NamedTuple):
    """The names are those of the Item's fields."""

    subjects: tuple[Subject, ...]
    people: tuple[Named, ...]
    organisations: tuple[Named, ...]
    places: tuple[Named, ...]
    genres: tuple[Genre, ...]


def status_in(root: Element, catalogs: Catalogs) -> PubStatus:
    """Return the publishing status: usable where none is given, as the standard has it.

    Raises:
        UnreadableCopy: ``pub_status_unknown``.
    """
    element = under(root, "itemMeta/pubStatus")
    if element is None:
        return PubStatus.USABLE
    code = catalogs.iptc(element, "pubstatusg2")
    if code is not None:
        return status_of(code)
    said = (element.get("qcode") or element.get("uri") or "").strip()
    try:
        meant = status_of(said.replace("/", ":").rpartition(":")[2])
    except UnreadableCopy:
        meant = PubStatus.USABLE
    # Under an alias that no catalog declares, a kill is still obeyed; only leave to publish needs to be certain.
    return meant if meant is not PubStatus.USABLE else status_of(said)


def embargo_of(root: Element) -> tuple[datetime | None, bool]:
    """Return when the embargo ends, None for one that does not tell, and whether there is one."""
    found = list(all_named(under(root, "itemMeta"), "embargoed"))
    lifts = [lift(text_of(element, 80)) for element in found]
    known = [moment for moment in lifts if moment is not None]
    return max(known) if known and len(known) == len(lifts) else None, bool(found)


def change_of(root: Element, catalogs: Catalogs) -> tuple[str | None, Change | None]:
    """Return the note to the editor, and what the signals or else the note say that this revision is."""
    meta = under(root, "itemMeta")
    note = bounded(" ".join(filter(None, (text_of(found, 2_000) for found in all_named(meta, "edNote")))), 2_000)
    signals = [SIGNALS.get(catalogs.iptc(found, "signal") or "") for found in all_named(meta, "signal")]
    if Change.CORRECTION in signals or says_correction(note):
        return note, Change.CORRECTION
    return note, Change.UPDATE if Change.UPDATE in signals else None


def dates_of(root: Element, dates: Dates) -> dict[str, Any]:
    """Return the Item's dates: when the story was first created, when this version was, and when it expires."""
    first = ("itemMeta/firstCreated", "contentMeta/contentCreated")
    return {
        "published": dates.read(*(first_text(root, 100, path) for path in first)),
        "modified": dates.read(first_text(root, 100, "itemMeta/versionCreated")),
        "expires": dates.read(first_text(root, 100, "itemMeta/expires")),
    }


def rights_of(root: Element, printed: str | None) -> dict[str, Any]:
    """Return the Item's fields about rights; ``printed`` is the copyright line of the text."""
    return {
        "copyright_notice": first_text(root, 500, "rightsInfo/copyrightNotice") or printed,
        "copyright_holder": _party(under(root, "rightsInfo/copyrightHolder")),
        "usage_terms": first_text(root, 2_000, "rightsInfo/usageTerms"),
    }


def provider_of(root: Element) -> str | None:
    """Return the provider as the item names or credits it."""
    return _party(under(root, "itemMeta/provider")) or first_text(root, 200, "contentMeta/creditline")


def byline_of(content: Element | None, printed: str | None) -> str | None:
    """Return who wrote it: as the metadata has it for print, as the text has it, or else the creators' names."""
    line = first_text(content, 200, "by")
    creators = [_name(element, None) for element in all_named(content, "creator", 10)]
    return (byline(line) or line if line else printed) or bounded(", ".join(filter(None, creators)), 200)


def printed_dateline(content: Element | None, catalogs: Catalogs) -> Dateline | None:
    """Return the dateline that is given to be printed, read with the help of where the item is located."""
    line = first_text(content, 200, "dateline")
    return dateline_of(line, *_place_and_country(content, catalogs)) if line else None


def located(content: Element | None, catalogs: Catalogs) -> Dateline | None:
    """Return where the item says that it was written, which says as much."""
    return dateline_of(None, *_place_and_country(content, catalogs))


def _place_and_country(content: Element | None, catalogs: Catalogs) -> tuple[str | None, str | None]:
    where = under(content, "located")
    if where is None:
        return None, None
    for element in all_named(where, "broader"):
        kind = catalogs.uri(element, "type", "typeuri") or element.get("type") or ""
        if kind.replace("/", ":").rpartition(":")[2] == "country":
            return _party(where), _name(element, None)
    return _party(where), None


def tags_of(root: Element, catalogs: Catalogs) -> Tags:
    """Return the concepts that the item is about, each where its nature puts it."""
    content = under(root, "contentMeta")
    language = under(content, "language")
    concepts = _Concepts(root, catalogs, language.get("tag") if language is not None else None)
    found: dict[str, list[Any]] = {name: [] for name in ("subjects", *KINDS.values())}
    for element in all_named(content, "subject"):
        kind = KINDS.get(catalogs.iptc(element, "cpnature", "type", "typeuri") or "")
        concept = concepts.read(element)
        if concept and kind:
            found[kind].append(Named(**concept))
        elif concept:
            creator = bounded(catalogs.uri(element, "creator", "creatoruri") or element.get("creator"), 200)
            measures = {name: number(element.get(name), 100) for name in ("relevance", "confidence")}
            found["subjects"].append(Subject(**concept, creator=creator, **measures))
    genres = [concept for element in all_named(content, "genre") if (concept := concepts.read(element))]
    named = tuple(Genre(name=concept["name"], uri=concept["uri"]) for concept in genres)
    return Tags(**{name: tuple(tags) for name, tags in found.items()}, genres=named)


class _Concepts:
    """Reads concepts by the names that stand in them, or in the item's assertions about them."""

    def __init__(self, root: Element, catalogs: Catalogs, language: str | None) -> None:
        self.catalogs, self.language = catalogs, language
        asserted = [(element.get("qcode"), element) for element in all_named(root, "assert", MOST_ASSERTIONS)]
        self.asserted = {code: element for code, element in asserted if code}

    def read(self, element: Element) -> dict[str, Any] | None:
        """Return a concept by its code where it has no name; the literal is what no catalog resolves."""
        uri = as_uri((self.catalogs.uri(element) or "")[:500])
        code = bounded(element.get("qcode") or element.get("literal") or uri, 200)
        about = self.asserted.get(element.get("qcode") or "")
        name = _name(element, self.language) or (_name(about, self.language) if about is not None else None) or code
        return {"name": name, "uri": uri, "literal": None if uri else code} if name else None


def _party(element: Element | None) -> str | None:
    """Return who or what an element names, by name or, without one, literally."""
    return (_name(element, None) or bounded(element.get("literal"), 200)) if element is not None else None


def _name(element: Element, language: str | None) -> str | None:
    names = [(found.get(LANG) or "", text) for found in all_named(element, "name") if (text := text_of(found, 200))]
    wanted = (language or "").lower().partition("-")[0]
    same = (text for tag, text in names if wanted and tag.lower().partition("-")[0] == wanted)
    return next(same, names[0][1] if names else None)
