"""NewsML 1: the lines, the text and the concepts of an item, wherever in its tree of components they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from services.ingest.parse.blocks import Block
from services.ingest.parse.codes import Assumed, assumption
from services.ingest.parse.header import byline
from services.ingest.parse.metadata import keyword_list
from services.ingest.parse.newsml1_management import formal_name
from services.ingest.parse.nitf_head import Head, read_head
from services.ingest.parse.qcodes import CV
from services.ingest.parse.text import bounded
from services.ingest.parse.xml_body import blocks_of_data, blocks_of_markup
from services.ingest.parse.xml_fields import dateline_of
from services.ingest.parse.xml_tree import Element, all_named, first_text, name_of, text_of, under
from shared.article import Assumption, Dateline, Genre, Named, Subject

__all__ = ["Lines", "Tags", "Text", "has_other_media", "read_lines", "read_text", "tags_of"]

MOST_PARTS = 100
ASIDE = frozenset({"caption", "headline", "subheadline", "byline", "dateline", "title", "slugline", "keyword"})
"""Roles of components whose text belongs to a picture, or repeats a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What the item prints around its text. Every value is one clean line."""

    headline: str | None
    subheadline: str
    by: str | None
    dateline: Dateline | None
    credit: str | None
    provider: str | None
    copyright_notice: str | None
    copyright_holder: str | None
    usage_terms: str | None
    slugline: str | None
    keywords: tuple[str, ...]
    language: str | None
    note: str | None


class Text(NamedTuple):
    blocks: list[Block]
    head: Head
    assumptions: tuple[Assumption, ...]


class Tags(NamedTuple):
    """The names are those of the Item's fields."""

    subjects: tuple[Subject, ...]
    places: tuple[Named, ...]
    genres: tuple[Genre, ...]


def read_lines(item: Element) -> Lines:
    """Read the first of each line that the item has: those of the whole stand before those of its parts."""
    by = _line(item, "ByLine")
    party = under(item, ".//AdministrativeMetadata/Provider/Party")
    rights = under(item, ".//RightsMetadata")
    keywords = [text_of(element, 80) for element in all_named(item, ".//NewsLines/KeywordLine")]
    keywords += [
        e.get("Value") for e in all_named(item, ".//DescriptiveMetadata/Property") if formal_name(e) == "Keyword"
    ]
    return Lines(
        headline=_line(item, "HeadLine", 500),
        subheadline=_line(item, "SubHeadLine", 1_000) or "",
        by=byline(by) or by if by else None,
        dateline=_located(item),
        credit=_line(item, "CreditLine"),
        provider=formal_name(party),
        copyright_notice=_line(item, "CopyrightLine", 500),
        copyright_holder=first_text(rights, 200, "Copyright/CopyrightHolder"),
        usage_terms=_line(item, "RightsLine", 2_000)
        or first_text(rights, 2_000, "UsageRights/Limitations", "UsageRights/UsageType"),
        slugline=_line(item, "SlugLine") or _line(item, "Slugline"),
        keywords=keyword_list(keywords),
        language=formal_name(under(item, ".//DescriptiveMetadata/Language")),
        note=_note(item),
    )


def read_text(item: Element, base: str | None) -> Text:
    """Return the first text among the item's components; how many others there are is noted.

    Raises:
        UnreadableCopy: it is deeper, wider or larger than any copy.
    """
    parts = [element for element in all_named(item, ".//ContentItem", MOST_PARTS) if _is_text(element)]
    for place, part in enumerate(parts):
        blocks, head = _blocks(part, base)
        if blocks:
            others = len(parts) - place - 1
            note = (assumption(Assumed.PARTS_LEFT_OUT, f"{others} more after the first"),) if others else ()
            return Text(blocks, head, note)
    address = next((found.get("Href") for found in parts if found.get("Href")), None)
    return Text([], Head(), (assumption(Assumed.BODY_ELSEWHERE, address),) if address else ())


def has_other_media(item: Element) -> bool:
    """Tell whether the item holds what is no text: pictures, sound, other items."""
    return (
        any(not _is_text(element) for element in item.iter("ContentItem")) or under(item, ".//NewsItemRef") is not None
    )


def tags_of(item: Element) -> Tags:
    """Return subjects by their most exact code, places and genres."""
    codes = [_subject(element) for element in all_named(item, ".//DescriptiveMetadata/SubjectCode")]
    properties = all_named(item, ".//DescriptiveMetadata/Location/Property")
    cities = [bounded(e.get("Value"), 200) for e in properties if (formal_name(e) or "").lower() == "city"]
    genres = [formal_name(element) for element in all_named(item, ".//DescriptiveMetadata/Genre")]
    return Tags(
        subjects=tuple(subject for subject in codes if subject),
        places=tuple(Named(name=name) for name in dict.fromkeys(cities) if name),
        genres=tuple(Genre(name=name) for name in dict.fromkeys(genres) if name),
    )


def _line(item: Element, name: str, limit: int = 200) -> str | None:
    return first_text(item, limit, f"NewsComponent/NewsLines/{name}", f".//NewsLines/{name}")


def _note(item: Element) -> str | None:
    """Return lines of the provider's own types that are notes to the editor."""
    for element in all_named(item, ".//NewsLines/NewsLine"):
        kind = (formal_name(under(element, "NewsLineType")) or "").lower().replace(" ", "")
        if kind in {"ednote", "editorsnote", "editorialnote", "advisoryline", "advisory"}:
            return first_text(element, 2_000, "NewsLineText")
    return None


def _located(item: Element) -> Dateline | None:
    found = {
        (formal_name(element) or "").lower(): bounded(element.get("Value"), 100)
        for element in all_named(under(item, ".//DescriptiveMetadata/Location"), "Property")
    }
    printed = _line(item, "DateLine")
    return dateline_of(printed, found.get("city"), found.get("countryname")) if printed else None


def _is_text(part: Element) -> bool:
    kind = (formal_name(under(part, "MediaType")) or "text").lower()
    role = (formal_name(under(part.getparent(), "Role")) or "").lower()
    return kind in {"text", "complexdata", "multimedia"} and role not in ASIDE


def _blocks(part: Element, base: str | None) -> tuple[list[Block], Head]:
    data = under(part, "DataContent")
    if data is None:
        return [], Head()
    inner = next(iter(data.iterchildren("*")), None)
    if inner is None:
        kind = (
            f"{formal_name(under(part, 'MimeType')) or ''} {formal_name(under(part, 'Format')) or ''}".lower().strip()
        )
        return blocks_of_data("".join(map(str, data.itertext())), kind, base), Head()
    head = read_head(inner) if name_of(inner) == "nitf" else Head()
    return blocks_of_markup(data, base), head


def _subject(element: Element) -> Subject | None:
    levels = (formal_name(under(element, name)) for name in ("SubjectDetail", "SubjectMatter", "Subject"))
    code = next((name for name in levels if name), None)
    known = code is not None and len(code) == 8 and code.isascii() and code.isdigit()
    return (
        Subject(name=code, uri=f"{CV}subjectcode/{code}" if known else None, literal=None if known else code)
        if code
        else None
    )
