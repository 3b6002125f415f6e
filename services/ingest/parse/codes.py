"""Every code that parsing can give, in one place: operators search for them, so they are never renamed."""

from __future__ import annotations

from enum import StrEnum

from services.ingest.items import UnreadableCopy
from shared.article import Assumption

__all__ = ["Assumed", "Refusal", "assumption", "refused"]


class Refusal(StrEnum):
    """Why copy (``UnreadableCopy.code``) or one entry of it (``Warned.code``) could not be had."""

    TOO_LARGE = "too_large"
    """The body, or one field that names the story, is larger than any real one."""
    TOO_DEEP = "too_deep"
    """Elements or JSON values are nested deeper than any real copy."""
    TOO_MANY_ATTRIBUTES = "too_many_attributes"
    TOO_MANY_ELEMENTS = "too_many_elements"
    TOO_MANY_ITEMS = "too_many_items"
    DOCTYPE_FORBIDDEN = "doctype_forbidden"
    """XML with a document type: the way in for entity bombs and for reading local files."""
    CHARSET_REFUSED = "charset_refused"
    """UTF-7 and other encodings that hide markup from whoever checks it."""
    UNSUPPORTED_FORMAT = "unsupported_format"
    FEED_CUT_OFF = "feed_cut_off"
    """A feed without its end: half of a story is not published, the whole ones before it are."""
    INVALID_JSON = "invalid_json"
    INVALID_XML = "invalid_xml"
    INVALID_JSON_FEED = "invalid_json_feed"
    INVALID_NINJS = "invalid_ninjs"
    INVALID_TRANSMISSION = "invalid_transmission"
    """IPTC 7901, ANPA 1312 or ZCZC whose first line cannot be read."""
    INVALID_MESSAGE = "invalid_message"
    """Bytes that are said to be an e-mail and have no header of one."""
    ADVISORY_ONLY = "advisory_only"
    """A note to editors in place of copy (``please read in 3rd graf``): for a person to act on, not for readers."""
    ATTACHMENT_IGNORED = "attachment_ignored"
    """Something that came with an e-mail and is in no format of copy, or the letter around copy that is."""
    NOT_TEXT = "not_text"
    """A picture, a video, an event, a package: news, but no story to publish as text."""
    MEDIA_IGNORED = "media_ignored"
    """What came with a story and is no picture that can be shown: the story was taken without it."""
    NO_IDENTITY = "no_identity"
    """A kill or a withhold that does not name what it kills."""
    PUB_STATUS_UNKNOWN = "pub_status_unknown"
    """A publishing status that is none of IPTC's: it might mean withhold, so it is not published."""
    PARTIAL_REVISION = "partial_revision"
    """NewsML 1: a revision that sends only what changed, which does not say what the whole story now is."""
    NO_CONTENT = "no_content"
    PARSER_FAILED = "parser_failed"
    """A fault in a parser, ours or a library's: the bytes are worth a bug report."""


class Assumed(StrEnum):
    """What the copy did not say and a parser settled (``Assumption.code``)."""

    TIME_ZONE = "time_zone_assumed"
    TIME_OF_DAY = "time_of_day_assumed"
    DATE_ORDER = "date_order_assumed"
    """``03/04/2023`` was read day first."""
    DATE_UNREADABLE = "date_unreadable"
    CHARSET_READ = "charset_read"
    """Nothing was assumed: how the bytes were read, for whoever doubts it. Every such detail has ``N of 100``."""
    CHARSET_DETECTED = "charset_detected"
    CHARSET_REPAIRED = "charset_repaired"
    """What was declared is not what the bytes are, or they were encoded twice. The archive has them as they came."""
    HEADLINE_FROM_BODY = "headline_from_body"
    SITE_NAME = "site_name_assumed"
    """The first line was taken for the name of the site, with nothing but its shape to go by."""
    MARKUP_REPAIRED = "markup_repaired"
    CATALOG_UNREAD = "catalog_unread"
    """An alias was taken for the IPTC's, since the provider's catalog that may declare it is never fetched."""
    BODY_ELSEWHERE = "body_elsewhere"
    """The text is at an address, which was not fetched."""
    PARTS_LEFT_OUT = "parts_left_out"
    """The item has more than one text; the first is taken, and the others are in the raw copy alone."""
    STORY_BY_REFERENCE = "story_by_reference"
    """The copy names another document as the one that it corrects or updates: its story is that one's."""
    DOUBLE_ESCAPED = "double_escaped"
    """The body's markup had been escaped once too often."""
    YEAR = "year_assumed"
    """A day and a month without a year: the one nearest to when the copy came."""
    END_MISSING = "end_mark_missing"
    """A transmission stops without its end mark, so its last lines may be lost."""
    URGENCY = "urgency_mapped"
    """The priority was a letter or a word."""
    STORY_INFERRED = "story_inferred"
    """Which story this is was told from slug and day."""
    TAKE_APART = "take_apart"
    """An add or a take, which goes on where another piece ended: shown by itself."""


def assumption(code: Assumed, detail: str) -> Assumption:
    """Return an assumption for an item; ``detail`` is cut, as it may quote the copy."""
    return Assumption(code=code.value, detail=detail[:200])


def refused(code: Refusal, detail: str) -> UnreadableCopy:
    """Return the error to raise; ``detail`` is cut, as it may quote the copy."""
    return UnreadableCopy(code.value, detail[:300])
