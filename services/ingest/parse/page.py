"""``text/html``: a published page. Metadata from what it says to machines, copy from what it shows to readers."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace

import trafilatura
from lxml import html as lxml_html

from services.ingest.items import Hints, Item
from services.ingest.parse.addresses import absolute, canonical, names_a_page
from services.ingest.parse.blocks import Block
from services.ingest.parse.body import headline_or_first_sentence, make_body
from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from services.ingest.parse.dates import Moment, read_moment
from services.ingest.parse.fragment import blocks_of_tree, tree_of
from services.ingest.parse.furniture import trim
from services.ingest.parse.header import Header, byline, date_and_byline, read_header
from services.ingest.parse.markup import strip
from services.ingest.parse.metadata import Metadata, read_metadata
from services.ingest.parse.page_pictures import pictures_of_page
from services.ingest.parse.text import bounded, ends_sentence, same_words
from shared.article import Assumption

__all__ = ["parse_page"]

TOO_LITTLE = 200
"""Characters: when less than this was found, finding failed, and the whole page is read."""
LARGEST_FOR_TRAFILATURA = 2_000
"""Blocks: it takes 0.1 s for each thousand and grows faster than that; longer pages are read whole."""


def parse_page(source: str, hints: Hints) -> Item:
    """Read one page.

    Raises:
        UnreadableCopy: ``no_content``, or a code of the gate.
    """
    markup = strip(source)
    tree = tree_of(markup.text)
    if tree is None:
        raise refused(Refusal.NO_CONTENT, "no element in the page")
    metadata = read_metadata(tree, markup.ld_json)
    address = _address(metadata, hints)
    base = absolute(metadata.base, address or hints.url) or address or hints.url

    def read(part: lxml_html.HtmlElement) -> list[Block]:
        return blocks_of_tree(part, base, page=True)

    blocks = read(tree)
    marked = _marked_copy(tree)
    head = _head(blocks, metadata, hints, lambda at: _copy(tree, blocks, at) if marked is None else read(marked))
    item = _item(head, metadata, address, hints)
    return replace(item, pictures=pictures_of_page(tree, marked, base, metadata.picture))


def _item(head: Header, metadata: Metadata, address: str | None, hints: Hints) -> Item:
    body = make_body(head.rest)
    named = headline_or_first_sentence(head.headline, body)
    if named is None:
        raise refused(Refusal.NO_CONTENT, "no headline and no text")
    headline, notes = named
    published, date_notes = _published(head, metadata, hints)
    modified = read_moment(metadata.modified, hints) if metadata.modified else None
    return Item(
        headline=headline,
        body_html=body.html,
        summary=head.summary,
        identity=canonical(address) if address and names_a_page(address) else None,
        url=canonical(address),
        provider=bounded(head.site, 200),
        by=bounded(head.by, 200),
        published=published.at if published else None,
        modified=modified.at if modified else None,
        dateline=body.dateline,
        language=metadata.language,
        copyright_notice=body.copyright_notice or metadata.copyright_notice,
        keywords=metadata.keywords,
        assumptions=(*date_notes, *head.assumptions, *notes),
    )


def _address(metadata: Metadata, hints: Hints) -> str | None:
    """Return the page's address; a canonical link to the front page is a known fault of site software."""
    found = [absolute(metadata.canonical, hints.url), absolute(hints.url, None)]
    named = [address for address in found if address]
    return next((address for address in named if names_a_page(address)), named[0] if named else None)


def _marked_copy(tree: lxml_html.HtmlElement) -> lxml_html.HtmlElement | None:
    """Return the element that the page itself marks as the copy, when there is one such and it is no stub."""
    for path in ("//*[@itemprop='articleBody']", "//article"):
        found = tree.xpath(path)
        if isinstance(found, list) and len(found) == 1 and isinstance(found[0], lxml_html.HtmlElement):
            return found[0] if len(found[0].text_content()) >= TOO_LITTLE else None
    return None


def _head(
    blocks: list[Block], metadata: Metadata, hints: Hints, copy_below: Callable[[int | None], list[Block]]
) -> Header:
    if metadata.headline is None or metadata.title_alone:
        shown = read_header(trim(blocks).blocks, hints)
        # Some pages have the site's name for title, whatever the story.
        if metadata.headline is None or (shown.headline and shown.moment):
            return shown
    at = next((n for n, b in enumerate(blocks) if same_words(b.text, metadata.headline)), None)
    moment, by, site = _around(blocks, at, metadata, hints)
    copy = trim(copy_below(at)).blocks
    while copy and _belongs_to_head(copy[0], metadata, hints):
        copy = copy[1:]
    summary = metadata.summary or ""
    return Header(
        rest=copy,
        headline=metadata.headline,
        site=metadata.site or site,
        # Site software fills the description with the start of the copy when nobody wrote one.
        summary="" if _repeats(summary, copy) else summary,
        by=byline(metadata.by) or metadata.by if metadata.by else by,
        moment=moment,
    )


def _around(
    blocks: list[Block], at: int | None, metadata: Metadata, hints: Hints
) -> tuple[Moment | None, str | None, str | None]:
    """Look near the headline for what the metadata does not say: date, byline, and the site's name above."""
    if at is None:
        return None, None, None
    near = [date_and_byline(b.text, hints) for b in [*blocks[at + 1 : at + 5], *blocks[max(0, at - 3) : at]]]
    above = trim(blocks[:at]).blocks
    site = above[0].text if above and metadata.site is None and len(above[0].text) <= 60 else None
    return next((m for m, _ in near if m), None), next((b for _, b in near if b), None), site


def _copy(tree: lxml_html.HtmlElement, blocks: list[Block], at: int | None) -> list[Block]:
    """Return the blocks between the first and the last that trafilatura takes for copy.

    It says where the copy is; the copy itself is the page's, since trafilatura drops short lists and subheadings.
    """
    below = 0 if at is None else at + 1
    wanted = {b.text for b in _found_by_trafilatura(tree, blocks)}
    hits = [n for n in range(below, len(blocks)) if blocks[n].text in wanted]
    if not hits or sum(len(blocks[n].text) for n in hits) < TOO_LITTLE:
        return trim(blocks[below:]).blocks
    start = hits[0]
    while start > below and blocks[start - 1].kind == "p" and _is_paragraph(blocks[start - 1].text):
        start -= 1
    end = hits[-1] + 1
    while end < len(blocks) and blocks[end].kind == "p" and _is_paragraph(blocks[end].text):
        end += 1
    return blocks[start:end]


def _found_by_trafilatura(tree: lxml_html.HtmlElement, blocks: list[Block]) -> list[Block]:
    if len(blocks) > LARGEST_FOR_TRAFILATURA:
        return []
    with contextlib.suppress(Exception):  # a fault in finding costs nothing but the finding
        document = trafilatura.bare_extraction(lxml_html.tostring(tree, encoding="unicode"), include_comments=False)
        if document is not None and not isinstance(document, dict) and document.body is not None:
            texts = {
                " ".join(("" if e.tag != "row" else " ").join(map(str, e.itertext())).split())
                for e in document.body.iter("p", "item", "quote", "head", "row")
            }
            return [block for block in blocks if block.text in texts]
    return []


def _is_paragraph(text: str) -> bool:
    return len(text) >= 60 and ends_sentence(text)


def _belongs_to_head(block: Block, metadata: Metadata, hints: Hints) -> bool:
    text = block.text
    repeated = (metadata.headline, metadata.site)
    return any(same_words(text, known) for known in repeated if known) or date_and_byline(text, hints) != (None, None)


def _repeats(summary: str, copy: list[Block]) -> bool:
    start = summary.rstrip(" .…[]")[:80]
    return bool(start) and start in " ".join(b.text for b in copy[:3])


def _published(head: Header, metadata: Metadata, hints: Hints) -> tuple[Moment | None, tuple[Assumption, ...]]:
    declared = read_moment(metadata.published, hints) if metadata.published else None
    moment = declared or head.moment
    if moment is not None:
        return moment, moment.assumptions
    if metadata.published:
        return None, (assumption(Assumed.DATE_UNREADABLE, metadata.published),)
    return None, ()
