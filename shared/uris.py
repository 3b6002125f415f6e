"""Addresses as RFC 3986 URIs, the only form that ninjs and feeds take."""

from __future__ import annotations

import re
from urllib.parse import quote

__all__ = ["as_uri"]

_ESCAPED = r"%[0-9A-Fa-f]{2}"
_CHAR = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|{_ESCAPED})"
_NAME = rf"(?:[A-Za-z0-9._~!$&'()*+,;=-]|{_ESCAPED})*"
_USER = rf"(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|{_ESCAPED})*@)?"
_REST = rf"(?:/{_CHAR}*)*"
_TAIL = rf"(?:{_CHAR}|[/?])*"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?://{_USER}{_NAME}(?::[0-9]*)?{_REST}|/?{_CHAR}+{_REST}|/?)(?:\?{_TAIL})?(?:#{_TAIL})?"
)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def as_uri(address: str) -> str | None:
    """Return an address as a URI, or None where it is none.

    Letters that a URI has no place for are percent-encoded (RFC 3987, 3.1), so an address in any script survives.
    Hosts given as IPv6 literals are not taken.
    """
    encoded = quote(_STRAY_PERCENT.sub("%25", address.strip()), safe="!#$%&'()*+,/:;=?@~")
    return encoded if _URI.fullmatch(encoded) else None
