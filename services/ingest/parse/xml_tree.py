"""A wire document as a tree: past the gate, its document type unread, its elements known by their local names.

NITF and NewsML 1 name a DTD in their first line. It is taken off and never loaded; one with an internal subset, where
entities are declared, is left for the gate to refuse.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from lxml import etree

from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from services.ingest.parse.text import bounded
from services.ingest.parse.xmlgate import pass_gate
from shared.article import Assumption

__all__ = ["LANG", "NAME", "Element", "all_named", "first_text", "name_of", "read_tree", "text_of", "under"]

Element = etree._Element  # noqa: SLF001 - it has no public name

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
KNOWN = re.compile(r"\{(?:https?://iptc\.org/std/[^{}]{1,80}|https?://www\.w3\.org/1999/xhtml)\}")
"""Namespaces whose elements are known by their local names; those of anybody else keep theirs, and match nothing."""
DOCTYPE = re.compile(r"<!DOCTYPE\s+(?:nitf|NewsML|newsItem|newsMessage|packageItem)\b[^\[\]<>]{0,500}>", re.IGNORECASE)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
OLD_LETTER = re.compile(r"&#(?:1(?:2[89]|[345]\d)|[xX][89][0-9a-fA-F]);")
"""Written by systems that think in windows-1252: XML has controls there, HTML the letters that were meant."""
FARTHEST_DOCTYPE = 4_096
LETTER = re.compile(r"&[A-Za-z][A-Za-z0-9]{1,30};")
START_TAG = re.compile(r"<[A-Za-z_]")


def read_tree(text: str) -> tuple[Element, tuple[Assumption, ...]]:
    """Return the root, and what had to be assumed to have it.

    Raises:
        UnreadableCopy: a code of the gate.
    """
    passed = pass_gate(OLD_LETTER.sub(lambda found: html.unescape(found[0]), _without_doctype(text)))
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(passed.xml, parser)
    except etree.XMLSyntaxError as error:
        raise refused(Refusal.INVALID_XML, str(error.msg)) from error
    for element in root.iter(etree.Element):
        name = KNOWN.sub("", str(element.tag), count=1)
        if name != element.tag and NAME.fullmatch(name):
            element.tag = name
    if not passed.repaired:
        return root, ()
    return root, (assumption(Assumed.MARKUP_REPAIRED, "the document is not well-formed XML"),)


def _without_doctype(text: str) -> str:
    """Take off a document type that stands before the root and declares nothing itself.

    What it would have declared is HTML's names of letters, which the IPTC's DTDs include: those are put in place.
    """
    at = text.find("<!DOCTYPE", 0, FARTHEST_DOCTYPE)
    found = DOCTYPE.match(text, at) if at >= 0 and not START_TAG.search(text, 0, at) else None
    return text[:at] + LETTER.sub(_letter, text[found.end() :]) if found else text


def _letter(entity: re.Match[str]) -> str:
    letter = html.unescape(entity[0])
    return entity[0] if {"<", ">", "&", '"', "'"}.intersection(letter) else letter


def name_of(element: Element) -> str:
    """Return the element's name without any namespace or prefix: repaired XML may have one that nothing declares."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def under(element: Element | None, path: str) -> Element | None:
    """Return the first element at ``path``, a way down by names with slashes; None when there is none."""
    return None if element is None else element.find(path)


def all_named(element: Element | None, path: str, most: int = 200) -> Iterator[Element]:
    """Yield the elements at ``path``: the first ``most`` of them, as nobody writes more."""
    found = [] if element is None else element.findall(path)
    yield from found[:most]


def text_of(element: Element | None, limit: int) -> str | None:
    """Return the text in an element on one clean line, None for nothing."""
    return None if element is None else bounded("".join(map(str, element.itertext())), limit)


def first_text(element: Element | None, limit: int, *paths: str) -> str | None:
    """Return the first text there is at one of the ``paths``."""
    return next((text for path in paths if (text := text_of(under(element, path), limit))), None)
