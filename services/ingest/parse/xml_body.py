"""Bodies of the XML wire formats into blocks: NITF, XHTML, and HTML or plain text carried as character data."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator

from lxml import etree

from services.ingest.parse.blocks import Block
from services.ingest.parse.fragment import blocks_of_html
from services.ingest.parse.plain import blocks_of_text
from services.ingest.parse.text import same_words
from services.ingest.parse.xml_tree import LANG, NAME, Element, name_of

__all__ = ["blocks_of_data", "blocks_of_markup", "decoded", "has_media", "language_of", "without_headline"]

# What NITF names otherwise than HTML. What is not here keeps its name; names that HTML does not know keep their text.
AS_HTML = {
    "body.content": "div", "body.end": "div", "block": "div", "hl1": "h2", "hl2": "h2", "bq": "blockquote",
    "credit": "p", "tagline": "p", "datasource": "p", "fn": "p", "note": "div", "nitf-table": "div",
    "custom-table": "div",
}  # fmt: skip
LEFT_OUT = frozenset(
    """
    head body.head media table-reference nitf-table-metadata nitf-colgroup byline dateline copyrite bibliography
    tobject key-list classifier alt-code
    """.split()  # noqa: SIM905 - one screen instead of three
)
"""Inside a body these are about it, or a picture and what belongs to one."""
MARKED_UP = re.compile(r"</?(?:p|div|br|h[1-6]|ul|ol|li|blockquote|section|article|pre|table)\b[^<>]*>", re.IGNORECASE)


def has_media(element: Element | None) -> bool:
    """Tell whether a body carries pictures, sound or film."""
    names = {"media", "img", "video", "audio", "object", "figure"}
    return element is not None and any(name_of(found) in names for found in element.iter(etree.Element))


def blocks_of_markup(element: Element, base: str | None) -> list[Block]:
    """Return the blocks of NITF or XHTML.

    Raises:
        UnreadableCopy: it is deeper, wider or larger than any copy.
    """
    for found in list(element.iter(etree.Element)):
        name = name_of(found)
        address, tail = found.get("href"), found.tail
        if name in LEFT_OUT:
            found.clear()
        found.tag, found.tail = _html_name(name), tail
        found.attrib.clear()
        if name == "frac":
            found.text = f" {found.text or ''}"  # "1<frac>1/2</frac>" is one and a half, and not eleven halves
        if address:
            found.set("href", address)
    etree.cleanup_namespaces(element)
    return blocks_of_html(etree.tostring(element, encoding="unicode", method="html", with_tail=False), base)


def _html_name(name: str) -> str:
    return "span" if name in LEFT_OUT or not NAME.fullmatch(name) else AS_HTML.get(name, name)


def blocks_of_data(text: str, content_type: str, base: str | None) -> list[Block]:
    """Return the blocks of character data; whether it is HTML is seen from it when ``content_type`` does not say.

    Raises:
        UnreadableCopy: as above.
    """
    opened = "".join(_opened(text)) if "<![CDATA[" in text else text
    # Text that begins with a mark of HTML is HTML, and some call it plain.
    is_plain = content_type.startswith("text/plain") and not MARKED_UP.match(opened.lstrip()[:500])
    if "html" in content_type or (not is_plain and MARKED_UP.search(opened)):
        return blocks_of_html(opened, base)
    return blocks_of_text(html.unescape(opened) if re.search(r"&(?:\w{2,8}|#\w{1,6});", opened) else opened)


def decoded(text: str, encoding: str) -> str:
    """Return character data out of base64, the one encoding that IPTC's vocabulary has for text."""
    if not encoding.lower().endswith("base64"):
        return text
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _opened(text: str) -> Iterator[str]:
    """Take CDATA marks off text that was wrapped twice: an HTML parser would drop what is inside as a comment."""
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0 and (end := text.find("]]>", start)) >= 0:
        yield text[at:start]
        yield text[start + 9 : end]
        at = end + 3
    yield text[at:].replace("<![CDATA[", "")


def language_of(element: Element | None) -> str | None:
    """Return what an element says its language is."""
    return None if element is None else element.get(LANG) or element.get("baselang") or element.get("lang")


def without_headline(blocks: list[Block], headline: str | None) -> list[Block]:
    """Return a text without its first heading, where that is the headline once more."""
    repeats = bool(blocks and headline) and blocks[0].kind != "p" and same_words(blocks[0].text, headline or "")
    return blocks[1:] if repeats else blocks
