"""HTML into blocks: the words and their structure, none of its attributes, and nothing that is no copy."""

from __future__ import annotations

import html
import re

from lxml import etree
from lxml import html as lxml_html

from services.ingest.parse.addresses import absolute
from services.ingest.parse.blocks import Block, Kind
from services.ingest.parse.codes import Refusal, refused
from services.ingest.parse.markup import gate, strip
from services.ingest.parse.plain import LONGEST_COPY, blocks_of_text
from services.ingest.parse.text import UNPRINTABLE

__all__ = ["blocks_of_html", "blocks_of_tree", "is_chrome", "tree_of"]

DROPPED = frozenset(
    """
    head title figure figcaption picture img video audio object embed canvas button select option input label
    meter progress map area link meta base frame frameset applet dialog
    """.split()  # noqa: SIM905 - one screen instead of three
)
PAGE_CHROME = frozenset({"nav", "aside", "footer", "form", "menu"})
CHROME_WORDS = frozenset(
    """
    nav navbar navigation menu breadcrumb breadcrumbs sidebar comment comments disqus respond share sharing
    sharedaddy social related newsletter subscribe cookie cookies advert adverts advertisement ad ads promo
    popular trending recommended outbrain taboola pagination skiplink footer
    """.split()  # noqa: SIM905 - one screen instead of three
)
KINDS: dict[str, Kind] = {
    "h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4",
    "ul": "ul", "ol": "ol", "blockquote": "blockquote",
}  # fmt: skip
BLOCKS = frozenset(
    """
    p div section article main header body html center address hgroup dl dt dd li table thead tbody tfoot tr
    caption details summary fieldset legend hr form footer aside nav menu
    """.split()  # noqa: SIM905 - one screen instead of three
) | set(KINDS)
INLINE = {"em": "em", "i": "em", "cite": "em", "strong": "strong", "b": "strong"}
EMPTY = re.compile(r"<(a|em|strong)(?: [^<>]*)?>\s*</\1>")
EDGES = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")


def blocks_of_html(source: str, base: str | None) -> list[Block]:
    """Return the blocks of a piece of HTML, or of plain text that has no element in it.

    Raises:
        UnreadableCopy: it is deeper or wider than any copy.
    """
    tree = tree_of(strip(source).text)
    return [] if tree is None else blocks_of_tree(tree, base, page=False)


def tree_of(text: str) -> lxml_html.HtmlElement | None:
    """Parse stripped HTML after the gate; None when there is nothing in it."""
    gate(text)
    # As bytes: lxml refuses text that carries an encoding declaration of its own.
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return lxml_html.document_fromstring(UNPRINTABLE.sub("", text).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def blocks_of_tree(tree: lxml_html.HtmlElement, base: str | None, *, page: bool) -> list[Block]:
    """Return the blocks of a tree; of a whole ``page``, without what surrounds the copy.

    Raises:
        UnreadableCopy: ``too_large``.
    """
    whole = len(tree.text_content())
    if whole > LONGEST_COPY:
        raise refused(Refusal.TOO_LARGE, f"{whole} characters of text, more than {LONGEST_COPY}")
    reader = _Reader(base)
    # No recursion: how deep a tree is was decided by somebody else.
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            reader.end(tag)
            reader.text(element.tail)
        elif tag == "pre":
            reader.preformatted(element.text_content())
            walk.skip_subtree()
        elif tag in DROPPED or (page and is_chrome(element, whole)):
            reader.start("", None)
            walk.skip_subtree()
        else:
            reader.start(tag, element.get("href"))
            reader.text(element.text)
    reader.flush()
    return reader.blocks


def is_chrome(element: lxml_html.HtmlElement, whole: int) -> bool:
    """Tell whether an element surrounds the copy of a page whose text is ``whole`` characters long."""
    words = set(re.split(r"[\s_-]+", f"{element.get('class', '')} {element.get('id', '')}".lower()[:400]))
    named = element.get("role") in {"navigation", "complementary", "contentinfo", "search"} or bool(
        words & CHROME_WORDS
    )
    if element.tag in {"html", "body", "main", "article", "h1"} or not (named or element.tag in PAGE_CHROME):
        return False
    # `layout has-sidebar` and pages that are one form hold the copy itself.
    return len(element.text_content()) * 2 < whole


class _Reader:
    """Collects blocks from a walk over a tree."""

    def __init__(self, base: str | None) -> None:
        self.blocks: list[Block] = []
        self.base = base
        self.parts: list[str] = []
        self.kinds: list[Kind] = ["p"]
        self.inlines: list[tuple[str, str]] = []
        # What each open element did, to be undone at its end.
        self.opened: list[str] = []

    def start(self, tag: str, href: str | None) -> None:
        effect = ""
        if tag == "br":
            self._line_break()
        elif tag in BLOCKS:
            self.flush()
            self.kinds.append(KINDS.get(tag, self.kinds[-1]))
            effect = "block"
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        elif (inline := _inline(tag, href, self.base)) and all(name != inline[0] for name, _ in self.inlines):
            self.inlines.append(inline)
            self.parts.append(inline[1])
            effect = "inline"
        self.opened.append(effect)

    def end(self, _: str) -> None:
        effect = self.opened.pop()
        if effect == "block":
            self.flush()
            self.kinds.pop()
        elif effect == "inline":
            self.parts.append(f"</{self.inlines.pop()[0]}>")

    def text(self, text: str | None) -> None:
        if text:
            self.parts.append(html.escape(re.sub(r"\s+", " ", text), quote=False))

    def preformatted(self, text: str) -> None:
        self.flush()
        self.blocks.extend(blocks_of_text(text))
        self.opened.append("")

    def flush(self) -> None:
        """End the block in hand; inline elements that are still open go on in the next."""
        closing = "".join(f"</{name}>" for name, _ in reversed(self.inlines))
        inline = "".join(self.parts) + closing
        for _ in range(3):  # a, em and strong may each hold nothing but the next
            inline = EMPTY.sub("", inline)
        inline = EDGES.sub("", re.sub(r" {2,}", " ", inline))
        block = Block(self.kinds[-1], inline)
        if block.text:
            self.blocks.append(block)
        self.parts = [opening for _, opening in self.inlines]

    def _line_break(self) -> None:
        """One is a line break, two in a row are how older systems write a paragraph."""
        while self.parts and not self.parts[-1].strip():
            self.parts.pop()
        if self.parts and self.parts[-1] == "<br>":
            self.parts.pop()
            self.flush()
        else:
            self.parts.append("<br>")


def _inline(tag: str, href: str | None, base: str | None) -> tuple[str, str] | None:
    if tag in INLINE:
        return INLINE[tag], f"<{INLINE[tag]}>"
    address = absolute(href, base) if tag == "a" else None
    return ("a", f'<a href="{html.escape(address)}">') if address else None
