"""Text whose bytes are not what they are said to be, put right where it can only have been meant one way."""

from __future__ import annotations

import codecs
import re

__all__ = ["undoubled", "with_strays"]

C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
TO_BYTE = {ord(letter): code for code, letter in C1.items() if letter}
"""What windows-1252 has where Latin-1 has controls, by the byte; the five that it leaves free stay as they are."""
DOUBLED = re.compile("[\u00c2-\u00f4][\u0080-\u00bf" + "".join(map(chr, TO_BYTE)) + "]")
"""How the first two bytes of a UTF-8 character look in windows-1252."""
MOST_STRAYS = 20_000
"""Each is decoded by itself, at about a microsecond."""


def undoubled(text: str) -> str | None:
    """Return the text that was encoded as UTF-8, read as windows-1252 and encoded again; None for any other.

    Every letter beyond ASCII must be part of it: no language happens to write all of its letters so.
    """
    if DOUBLED.search(text) is None:
        return None
    try:
        return text.translate(TO_BYTE).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def with_strays(body: bytes) -> str | None:
    """Decode UTF-8 that has single bytes of windows-1252 in it, as when pages are pasted together.

    None where there is no UTF-8 beyond ASCII in it, or too much else: then it is another charset altogether.
    """
    known = body.decode("utf-8", "ignore")
    strays = len(body) - len(known.encode())
    if known.isascii() or strays > MOST_STRAYS:
        return None
    return body.decode("utf-8", "wireroom-strays")


def _stray(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("wireroom-strays", _stray)
