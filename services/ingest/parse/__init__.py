"""Parsers: from the bytes of copy to items. Pure: no network, no clock, no store.

:func:`parse` is the only way in. Every code that it can refuse, warn or assume with is in
:mod:`services.ingest.parse.codes`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from services.ingest.items import Hints, Parsed, UnreadableCopy
from services.ingest.parse.anpa1312 import parse_anpa1312
from services.ingest.parse.charset import decode, media_type
from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from services.ingest.parse.detect import Format, declares_utf8, detect
from services.ingest.parse.feed import parse_feed
from services.ingest.parse.iptc7901 import parse_iptc7901
from services.ingest.parse.json_feed import parse_json_feed
from services.ingest.parse.mail_gate import is_message
from services.ingest.parse.newsml1 import parse_newsml_1
from services.ingest.parse.newsml_g2 import parse_newsml_g2
from services.ingest.parse.ninjs import parse_ninjs
from services.ingest.parse.nitf import parse_nitf
from services.ingest.parse.page import parse_page
from services.ingest.parse.plain import parse_plain
from services.ingest.parse.rfc822 import parse_message
from services.ingest.parse.wire_frame import wire_format
from services.ingest.parse.zczc import parse_zczc

__all__ = ["BYTE_PARSERS", "LARGEST_BODY", "PARSERS", "Assumed", "Refusal", "assumption", "parse"]

LARGEST_BODY = 10 * 1024 * 1024


def parse(body: bytes, *, content_type: str | None, hints: Hints) -> Parsed:
    """Read one body of copy in whatever format it is.

    Raises:
        UnreadableCopy: a code of :class:`Refusal`; nothing else is raised, whatever the bytes.
    """
    try:
        return _parse(body, content_type, hints)
    except UnreadableCopy:
        raise
    except Exception as error:
        # Five libraries read bytes from strangers here; what none of them is documented to raise is still the copy's.
        raise refused(Refusal.PARSER_FAILED, f"{type(error).__name__}: {error}") from error


def _parse(body: bytes, content_type: str | None, hints: Hints, depth: int = 0) -> Parsed:
    if len(body) > LARGEST_BODY:
        raise refused(Refusal.TOO_LARGE, f"{len(body)} bytes, more than {LARGEST_BODY}")
    if not body.strip():
        raise refused(Refusal.NO_CONTENT, "an empty body")
    declared = media_type(content_type)
    if is_message(body, declared):
        return parse_message(body, hints, read_part=_parse, depth=depth)
    if (wire := wire_format(body, declared)) is not None:
        return BYTE_PARSERS[wire](body, hints)
    decoded = decode(body, content_type, utf8_by_format=declares_utf8(declared) or body.lstrip()[:1] in b"{[")
    parsed = PARSERS[detect(decoded.text, declared)](decoded.text, hints)
    if not decoded.assumptions:
        return parsed
    items = tuple(replace(item, assumptions=(*decoded.assumptions, *item.assumptions)) for item in parsed.items)
    return replace(parsed, items=items)


def _page(text: str, hints: Hints) -> Parsed:
    return Parsed(Format.PAGE.value, (parse_page(text, hints),))


def _plain(text: str, hints: Hints) -> Parsed:
    return Parsed(Format.PLAIN.value, (parse_plain(text, hints),))


PARSERS: dict[Format, Callable[[str, Hints], Parsed]] = {
    Format.PLAIN: _plain,
    Format.PAGE: _page,
    Format.RSS: partial(parse_feed, expected=Format.RSS),
    Format.ATOM: partial(parse_feed, expected=Format.ATOM),
    Format.JSON_FEED: parse_json_feed,
    Format.NINJS: parse_ninjs,
    Format.NEWSML_G2: parse_newsml_g2,
    Format.NITF: parse_nitf,
    Format.NEWSML_1: parse_newsml_1,
}
"""What reads the text of each format. A format that is told from its text is added here and in ``detect`` alone."""

BYTE_PARSERS: dict[Format, Callable[[bytes, Hints], Parsed]] = {
    Format.IPTC7901: parse_iptc7901,
    Format.ANPA: parse_anpa1312,
    Format.ZCZC: parse_zczc,
    Format.MESSAGE: partial(parse_message, read_part=_parse),
}
"""What reads the bytes of formats that name no one charset: several may stand in one body."""
