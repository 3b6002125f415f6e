"""One part of an e-mail, asked safely: the standard library answers some nonsense in a header with an exception."""

from __future__ import annotations

from collections.abc import Callable
from email.message import Message

from services.ingest.parse.codes import Refusal, refused

__all__ = ["charset_of", "children", "content", "disposition", "filename"]

FAULTS = (ValueError, LookupError, TypeError, AttributeError)
"""Seen: ``embedded null character`` for a charset with one, ``IndexError`` for half an RFC 2231 parameter."""


def children(part: Message) -> list[Message] | None:
    """Return the parts of a part, None for one that has none."""
    payload = part.get_payload() if part.is_multipart() else None
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else None


def content(part: Message) -> bytes:
    """Return the bytes of a part, its transfer encoding undone.

    Raises:
        UnreadableCopy: ``invalid_message``.
    """
    try:
        payload = part.get_payload(decode=True)
    except FAULTS as error:
        raise refused(Refusal.INVALID_MESSAGE, f"a part that cannot be decoded: {type(error).__name__}") from error
    return payload if isinstance(payload, bytes) else b""


def charset_of(part: Message) -> str | None:
    """Return the charset that a part declares."""
    return _asked(part.get_content_charset)


def filename(part: Message) -> str | None:
    """Return the name of an attached file."""
    return _asked(part.get_filename)


def disposition(part: Message) -> str | None:
    """Return ``attachment``, ``inline`` or None."""
    return _asked(part.get_content_disposition)


def _asked(question: Callable[[], str | None]) -> str | None:
    try:
        return question()
    except FAULTS:
        return None
