"""The last step that every format shares: blocks become a body, with broken sentences mended and the dateline off."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from services.ingest.parse.blocks import Block, render
from services.ingest.parse.codes import Assumed, assumption
from services.ingest.parse.dateline import split_dateline
from services.ingest.parse.furniture import trim
from services.ingest.parse.joining import join_broken
from services.ingest.parse.text import first_sentence
from shared.article import Assumption, Dateline

__all__ = ["LONGEST_HEADLINE", "Body", "headline_or_first_sentence", "make_body"]

LONGEST_HEADLINE = 500
LEADING_TEXT = re.compile(
    r"(?P<open>(?:<(?:strong|em)>)?)(?P<lead>[^<]*)(?P<close>(?:</(?:strong|em)>)?)(?P<tail>.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Body:
    """A finished body."""

    html: str
    blocks: list[Block]
    dateline: Dateline | None = None
    copyright_notice: str | None = None


def make_body(blocks: list[Block]) -> Body:
    """Trim, mend and render; the dateline of the first paragraph is taken off it."""
    trimmed = trim(blocks)
    kept = join_broken(trimmed.blocks)
    dateline: Dateline | None = None
    if kept and kept[0].kind == "p":
        dateline, kept[0] = _take_dateline(kept[0])
    kept = [block for block in kept if block.text]
    return Body(render(kept), kept, dateline, trimmed.copyright_notice)


def _take_dateline(block: Block) -> tuple[Dateline | None, Block]:
    """Take the dateline off, if it ends before the first markup or is itself what is marked up."""
    parts = LEADING_TEXT.match(block.inline)
    if parts is None:
        return None, block
    if parts["open"] and parts["close"]:
        found = split_dateline(html.unescape(parts["lead"] + re.sub(r"<[^<>]+>.*", "", parts["tail"], flags=re.DOTALL)))
        # Only when the mark-up ends inside or right at the end of the dateline does it go away with it.
        if found is None or len(html.unescape(parts["lead"]).strip()) > len(found[0].text) + 4:
            return None, block
        rest_markup = re.search(r"<.*", parts["tail"], flags=re.DOTALL)
        return found[0], Block(block.kind, _escaped(found[1]) + (rest_markup.group() if rest_markup else ""))
    lead = html.unescape(parts["lead"])
    found = None if parts["open"] else split_dateline(lead)
    if found is None:
        return None, block
    space = " " if lead[-1:].isspace() else ""
    return found[0], Block(block.kind, _escaped(found[1].rstrip()) + space + block.inline[len(parts["lead"]) :])


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def headline_or_first_sentence(headline: str | None, body: Body) -> tuple[str, tuple[Assumption, ...]] | None:
    """Return the headline, made of the body's first sentence if the copy has none; None when it has neither."""
    if headline:
        return headline[:LONGEST_HEADLINE].strip(), ()
    first = next((b.text for b in body.blocks if any(c.isalnum() for c in b.text)), "")
    sentence = first_sentence(first)
    if not sentence:
        return None
    return sentence, (assumption(Assumed.HEADLINE_FROM_BODY, sentence),)
