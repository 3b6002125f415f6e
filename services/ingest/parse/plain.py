"""``text/plain``: a published page as its reader would copy it, site name, headline, date, copy, furniture."""

from __future__ import annotations

import re

from services.ingest.items import Hints, Item
from services.ingest.parse.addresses import absolute, canonical, names_a_page
from services.ingest.parse.blocks import Block, from_text
from services.ingest.parse.body import headline_or_first_sentence, make_body
from services.ingest.parse.codes import Refusal, refused
from services.ingest.parse.furniture import trim
from services.ingest.parse.header import read_header
from services.ingest.parse.text import bounded, squeeze

__all__ = ["blocks_of_text", "parse_plain"]

BULLET = re.compile(r"[-*•▪]\s+(?=\S)")
LONGEST_COPY = 1_000_000
"""Characters of text in one story: some 160,000 words. Longer than any, and short enough to be read in a second."""
WRAPPED = range(40, 101)
"""Length of the lines of copy that was wrapped by hand; longer lines are paragraphs, shorter ones lists and labels."""


def parse_plain(text: str, hints: Hints) -> Item:
    """Read one page.

    Raises:
        UnreadableCopy: ``no_content``.
    """
    head = read_header(trim(blocks_of_text(text)).blocks, hints)
    body = make_body(head.rest)
    named = headline_or_first_sentence(head.headline, body)
    if named is None:
        raise refused(Refusal.NO_CONTENT, "no headline and no text")
    headline, notes = named
    address = canonical(hints.url)
    moment = head.moment
    return Item(
        headline=headline,
        body_html=body.html,
        summary=head.summary,
        identity=address if address and names_a_page(address) else None,
        url=absolute(hints.url, None),
        provider=bounded(head.site, 200),
        by=bounded(head.by, 200),
        published=moment.at if moment else None,
        dateline=body.dateline,
        copyright_notice=body.copyright_notice or trim(blocks_of_text(text)).copyright_notice,
        assumptions=(*(moment.assumptions if moment else ()), *head.assumptions, *notes),
    )


def blocks_of_text(text: str) -> list[Block]:
    """Split plain text into blocks at blank lines, and at line ends where these are no mere wrapping.

    Raises:
        UnreadableCopy: ``too_large``.
    """
    if len(text) > LONGEST_COPY:
        raise refused(Refusal.TOO_LARGE, f"{len(text)} characters of text, more than {LONGEST_COPY}")
    lines = [squeeze(line) for line in text.splitlines()]
    blocks: list[Block] = []
    run: list[str] = []
    for line in [*lines, ""]:
        if line:
            run.append(line)
        else:
            blocks.extend(_blocks_of_run(run))
            run = []
    return blocks


def _blocks_of_run(run: list[str]) -> list[Block]:
    bulleted = [BULLET.match(line) is not None for line in run]
    if len(run) > 1 and not any(bulleted) and all(len(line) in WRAPPED for line in run[:-1]) and len(run[-1]) <= 100:
        return [from_text(" ".join(run))]
    return [
        from_text(BULLET.sub("", line, count=1), "ul") if is_item else from_text(line)
        for line, is_item in zip(run, bulleted, strict=True)
    ]
