"""From bytes to text: what was declared if it is true, what the bytes are if it is not."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from email.message import Message

from charset_normalizer import from_bytes

from services.ingest.parse.charset_repair import undoubled, with_strays
from services.ingest.parse.codes import Assumed, Refusal, assumption, refused
from shared.article import Assumption

__all__ = ["Decoded", "decode", "media_type"]

# The order matters: the UTF-32 LE mark begins with the UTF-16 LE one.
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Python's registry also holds codecs that are no charset (idna, unicode_escape, punycode): hence a list.
KNOWN = re.compile(
    r"utf-(8|16|16-le|16-be|32|32-le|32-be)|cp125[0-8]|cp(866|874|932|949)|iso8859-(1|[2-9]|1[0-6])|ascii"
    r"|koi8-[ru]|gb(2312|k|18030)|big5|euc_(jp|kr)|shift_jis|iso2022_jp|mac-roman|tis-620"
)
XML_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
# What pages are really in. Left to all of Python's codecs, detection takes Russian in cp1251 for an old Mac's.
PLAUSIBLE = "cp1252 cp1251 cp1250 cp1253 cp1254 cp1255 cp1256 cp1257 cp874 koi8_r gb18030 big5 euc_jp shift_jis euc_kr"
SNIFFED = 64 * 1024
"""Bytes that detection looks at: it is slow, and the start of a page says enough."""


MOSTLY_HIGH = 0.1
"""Share of bytes beyond ASCII from which text is in no Latin script, and so hardly windows-1252."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without byte order mark, and how it was had: charset, how sure that is (0 to 100), and any repair."""

    text: str
    assumptions: tuple[Assumption, ...] = ()


def media_type(content_type: str | None) -> str:
    """Return the bare media type in lower case, the empty string when there is none."""
    return (content_type or "").split(";", 1)[0].strip().lower()


def decode(body: bytes, content_type: str | None, *, utf8_by_format: bool) -> Decoded:
    """Decode copy; ``utf8_by_format`` for formats whose standard says UTF-8 when nothing is declared.

    Raises:
        UnreadableCopy: ``charset_refused``, or ``unsupported_format`` for what is not text.
    """
    for mark, marked in BOMS:
        if body.startswith(mark):
            return _as_declared(body[len(mark) :], marked, "its byte order mark")
    label = _declared(body, content_type)
    encoding = _codec(label)
    if encoding is None:
        return _detected(body, utf8_by_format=utf8_by_format and label is None)
    if encoding not in {"utf-8", "utf-16", "utf-32"} and (utf8 := _as_utf8(body)) is not None:
        # The commonest lie: a page saved as UTF-8 under a server that says ISO-8859-1.
        return _utf8(utf8, Assumed.CHARSET_REPAIRED, 99, f"declared {label}, the bytes are utf-8")
    # Browsers read ISO-8859-1 and ASCII as windows-1252 (WHATWG Encoding), and copy is made for browsers.
    return _as_declared(body, "cp1252" if encoding in {"iso8859-1", "ascii"} else encoding, "its declaration")


def _declared(body: bytes, content_type: str | None) -> str | None:
    message = Message()
    message["Content-Type"] = re.sub(r"[^\x20-\x7e]", "", content_type or "")
    label = message.get_content_charset()
    if label:
        return label.strip().lower()
    found = XML_DECLARATION.match(body[:512]) or META_CHARSET.search(body[:4096])
    return found.group(1).decode("ascii").lower() if found else None


def _codec(label: str | None) -> str | None:
    if label is None:
        return None
    if "utf-7" in label or "utf7" in label:
        raise refused(Refusal.CHARSET_REFUSED, "UTF-7 hides markup from whoever checks it")
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):  # ValueError: a label with a NUL in it
        return None
    return name if KNOWN.fullmatch(name) else None


def _as_utf8(body: bytes) -> str | None:
    """Return the text if the bytes are UTF-8 beyond doubt: valid, and more than ASCII."""
    if body.isascii():
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _as_declared(body: bytes, encoding: str, declared_by: str) -> Decoded:
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        return _misdeclared(body, encoding, declared_by)
    if encoding == "utf-8":
        return _utf8(text, Assumed.CHARSET_READ, 100, f"{declared_by} says so and the bytes are")
    # Any bytes at all are windows-1252: nothing in them can bear the declaration out.
    proved = body.isascii() or encoding.startswith("utf")
    return _decoded(text, Assumed.CHARSET_READ, encoding, 100 if proved else 90, f"{declared_by} says so")


def _utf8(text: str, code: Assumed, sure: int, how: str) -> Decoded:
    if (single := undoubled(text)) is not None:
        return _decoded(single, Assumed.CHARSET_REPAIRED, "utf-8", 95, "it was encoded twice, by way of windows-1252")
    return _decoded(text, code, "utf-8", sure, how)


def _misdeclared(body: bytes, encoding: str, declared_by: str) -> Decoded:
    how = f"not {encoding} throughout, which {declared_by} says"
    if encoding != "utf-8":
        text = body.decode(encoding, errors="replace")
        return _decoded(text, Assumed.CHARSET_REPAIRED, encoding, 40, f"{how}; what is not was replaced")
    if (mixed := with_strays(body)) is not None:
        return _decoded(mixed, Assumed.CHARSET_REPAIRED, "utf-8", 80, f"{how}; single bytes read as windows-1252")
    if sum(byte > 0x7F for byte in body[:SNIFFED]) > MOSTLY_HIGH * len(body[:SNIFFED]):
        found, sure = _looks_like(body)
    else:
        found, sure = "cp1252", 70
    return _decoded(body.decode(found, errors="replace"), Assumed.CHARSET_REPAIRED, found, sure, how)


def _detected(body: bytes, *, utf8_by_format: bool) -> Decoded:
    if body.isascii():
        return _decoded(body.decode("ascii"), Assumed.CHARSET_READ, "ascii", 100, "there is nothing else in it")
    text = _as_utf8(body)
    if text is not None and utf8_by_format:
        return _utf8(text, Assumed.CHARSET_READ, 100, "its format says so and the bytes are")
    if text is not None:
        return _utf8(text, Assumed.CHARSET_DETECTED, 99, "the bytes are")
    if utf8_by_format:
        return _misdeclared(body, "utf-8", "its format")
    if b"\0" in body[:SNIFFED] and not body[:SNIFFED].count(b"\0") * 4 > len(body[:SNIFFED]):
        raise refused(Refusal.UNSUPPORTED_FORMAT, "the bytes are not text")
    encoding, sure = _looks_like(body)
    return _decoded(
        body.decode(encoding, errors="replace"), Assumed.CHARSET_DETECTED, encoding, sure, "by the look of the bytes"
    )


def _looks_like(body: bytes) -> tuple[str, int]:
    """Return what charset-normalizer takes the bytes for, and how sure that is, from its two measures."""
    # Cut at a line's end, since half a character would rule its charset out.
    best = from_bytes(body[:SNIFFED].rsplit(b"\n", 1)[0], cp_isolation=PLAUSIBLE.split()).best()
    if best is None:
        return "cp1252", 20
    # A handful of letters looks like many charsets.
    letters = sum(byte > 0x7F for byte in body[:SNIFFED])
    return best.encoding, min(95, 30 + 5 * letters, round(100 * (1 - best.chaos) * (0.6 + 0.4 * best.coherence)))


def _decoded(text: str, code: Assumed, encoding: str, sure: int, how: str) -> Decoded:
    return Decoded(text, (assumption(code, f"{encoding}, {sure} of 100: {how}"),))
