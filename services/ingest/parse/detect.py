"""Which format bytes are in: told by their content type when it is specific and true, by the bytes when not."""

from __future__ import annotations

import re
from enum import StrEnum

from services.ingest.parse.codes import Refusal, refused

__all__ = ["Format", "declares_utf8", "detect"]


class Format(StrEnum):
    """A format, by the media type that copy in it is recorded under."""

    PLAIN = "text/plain"
    PAGE = "text/html"
    RSS = "application/rss+xml"
    ATOM = "application/atom+xml"
    JSON_FEED = "application/feed+json"
    NINJS = "application/ninjs+json"
    IPTC7901 = "text/vnd.iptc.7901"
    ANPA = "text/vnd.iptc.anpa"
    ZCZC = "text/x-zczc"
    MESSAGE = "message/rfc822"
    NEWSML_G2 = "application/vnd.iptc.g2.newsitem+xml"
    NITF = "text/vnd.iptc.nitf"
    NEWSML_1 = "text/vnd.iptc.newsml"


ROOTS = {
    "rss": Format.RSS, "rdf": Format.RSS, "feed": Format.ATOM, "html": Format.PAGE,
    "nitf": Format.NITF, "newsml": Format.NEWSML_1,
    "newsitem": Format.NEWSML_G2, "newsmessage": Format.NEWSML_G2, "packageitem": Format.NEWSML_G2,
    "conceptitem": Format.NEWSML_G2, "knowledgeitem": Format.NEWSML_G2, "planningitem": Format.NEWSML_G2,
    "catalogitem": Format.NEWSML_G2,
}  # fmt: skip
# What may stand before the root of an XML document. Each branch ends in a fixed string, so the scan moves on.
ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
HTML_SIGNS = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|main|div|p|h1|h2|meta|title|span|table)[\s>]", re.IGNORECASE
)
FEED_VERSION = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version')
FEED_ITEMS = re.compile(r'"items"\s*:\s*\[')
BINARY = ("%PDF", "PK\x03\x04", "\x89PNG", "GIF8", "\xff\xd8\xff", "{\\rtf", "\x1f\x8b")
TEXT_TYPES = frozenset(
    """
    application/octet-stream application/xml text/xml text/plain text/html application/xhtml+xml
    application/json application/rss+xml application/atom+xml application/rdf+xml binary/octet-stream text/json
    """.split()  # noqa: SIM905 - one screen instead of three
)


def declares_utf8(media_type: str) -> bool:
    """Tell whether a media type's own standard makes UTF-8 the default."""
    return "json" in media_type or "xml" in media_type


def detect(text: str, media_type: str) -> Format:
    """Tell the format of decoded copy.

    Raises:
        UnreadableCopy: ``unsupported_format``.
    """
    start = text[:4096].lstrip("\ufeff \t\r\n")
    if text.startswith(BINARY) or "\0" in text[:4096]:
        raise refused(Refusal.UNSUPPORTED_FORMAT, f"{media_type or 'the bytes'}: not text")
    if start.startswith("<"):
        return _by_root(text, media_type)
    if "json" in media_type or (start[:1] in {"{", "["} and re.match(r'[{\[]\s*[{"\]}]', start)):
        return _json(text, media_type)
    if "xml" in media_type and "html" not in media_type:
        raise refused(Refusal.INVALID_XML, "no element at the start")
    if media_type == "text/html":
        return Format.PAGE if "<" in text else Format.PLAIN
    if media_type in TEXT_TYPES or not media_type or media_type.startswith("text/"):
        return Format.PLAIN
    raise refused(Refusal.UNSUPPORTED_FORMAT, f"{media_type} is no format of copy")


def _json(text: str, media_type: str) -> Format:
    """A JSON Feed names its version, wherever in the document; without it, its media type is believed of a list."""
    is_feed = FEED_VERSION.search(text) or (media_type == Format.JSON_FEED and FEED_ITEMS.search(text))
    return Format.JSON_FEED if is_feed else Format.NINJS


def _by_root(text: str, media_type: str) -> Format:
    name = _root(text)
    if name in ROOTS:
        return ROOTS[name]
    xml = text.lstrip("\ufeff \t\r\n").startswith("<?xml") or ("xml" in media_type and "html" not in media_type)
    if media_type == "text/html" or (not xml and HTML_SIGNS.search(text[:4096])):
        return Format.PAGE
    if xml or media_type != "text/plain":
        raise refused(Refusal.UNSUPPORTED_FORMAT, f"the root element is {name[:40] or 'missing'}")
    return Format.PLAIN


def _root(text: str) -> str:
    """Return the local name of the root element in lower case, past declaration, comments and document type."""
    at = 0
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<!--", at):
            end = text.find("-->", at + 4)
            step = 3
        elif text.startswith(("<?", "<!"), at):
            # A document type with an internal subset holds ">"; the gate refuses it, and the root comes after it.
            end = text.find("]>" if "[" in text[at : text.find(">", at)] else ">", at)
            step = 1
        else:
            found = ROOT.match(text, at)
            return found[2].lower() if found else ""
        if end < 0:
            return ""
        at = end + step
    return ""
