"""The gate before the e-mail parser: bytes told to be a message, and bounded before a parser has seen them.

The standard library's parser keeps a predicate for each open boundary and asks all of them on every line, and nests a
generator for each message in a message: bytes are counted first, so that neither can be made to take long.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message

from services.ingest.parse.codes import Refusal, refused
from services.ingest.parse.detect import Format

__all__ = ["is_message", "open_message"]

GENERIC = frozenset({"", "application/octet-stream", "binary/octet-stream", "text/plain"})
LARGEST_HEAD = 256 * 1024
LARGEST_FIELD = 8 * 1024
MOST_LINES = 150_000
MOST_BOUNDARIES = 15
MOST_PARTS = 2_000
"""Lines that begin like a boundary: copy draws rules with them too."""
MOST_NESTED = 50
HEAD_END = re.compile(rb"\r\n\r\n|\n\n|\r\r")
FIELD = re.compile(rb"^(?:>?From [^\r\n]*|(?P<name>[!-9;-~]{1,76})[ \t]*:[^\r\n]*|[ \t][^\r\n]*)$")
CONTENT = re.compile(
    rb"^content-[a-z-]{1,30}[ \t]*:[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*", re.IGNORECASE | re.MULTILINE
)
BOUNDARY = re.compile(rb"boundary[*0-9]{0,8}[ \t]*=", re.IGNORECASE)
PART = re.compile(rb"(?:^|[\r\n])--")
NESTED = re.compile(rb"message/", re.IGNORECASE)


def is_message(body: bytes, media_type: str) -> bool:
    """Tell whether ``body`` is an e-mail: said to be one, or beginning with the header of one."""
    if media_type == Format.MESSAGE.value:
        return True
    if media_type not in GENERIC:
        return False
    start = body[:8_192].lstrip(b"\r\n")
    end = HEAD_END.search(start)
    lines = re.split(rb"\r\n|\r|\n", start[: end.start()] if end else start.rpartition(b"\n")[0])
    fields = [FIELD.match(line) for line in lines]
    names = {found["name"].lower() for found in fields if found and found["name"]}
    # A story may open with "From: …"; it has no Message-ID.
    transit = names & {b"message-id", b"received", b"mime-version", b"return-path", b"delivered-to"}
    return all(fields) and b"from" in names and bool(transit) and bool(names & {b"date", b"subject"})


def open_message(body: bytes) -> Message:
    """Parse a message.

    Raises:
        UnreadableCopy: ``too_large``, ``too_many_elements``, ``too_deep``, ``invalid_message``.
    """
    source = body.lstrip(b"\r\n")
    end = HEAD_END.search(source, 0, LARGEST_HEAD + 4)
    if end is None and len(source) > LARGEST_HEAD:
        raise refused(Refusal.TOO_LARGE, f"a header of more than {LARGEST_HEAD} bytes")
    if any(len(found.group()) > LARGEST_FIELD for found in CONTENT.finditer(source)):
        raise refused(Refusal.TOO_LARGE, f"a field of more than {LARGEST_FIELD} bytes")
    if source.count(b"\n") + source.count(b"\r") > 2 * MOST_LINES or _count(PART, source) > MOST_PARTS:
        raise refused(Refusal.TOO_MANY_ELEMENTS, "more lines or parts than any message")
    if _count(BOUNDARY, source) > MOST_BOUNDARIES or _count(NESTED, source) > MOST_NESTED:
        raise refused(Refusal.TOO_DEEP, "messages within messages")
    try:
        message = message_from_bytes(source)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise refused(Refusal.INVALID_MESSAGE, type(error).__name__) from error
    if not any(name.lower() in {"from", "date", "subject", "message-id", "received"} for name in message.keys()):  # noqa: SIM118
        raise refused(Refusal.INVALID_MESSAGE, "no From, Date, Subject or Message-ID")
    return message


def _count(shape: re.Pattern[bytes], source: bytes) -> int:
    return sum(1 for _ in shape.finditer(source))
