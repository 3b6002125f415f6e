"""From bytes to text: what was declared if it is true, what the bytes are if it is not."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from email.message import Message

from charset_normalizer import from_bytes

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


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without byte order mark, and what had to be assumed to get it."""

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
            return _repairing(body[len(mark) :], marked, "its byte order mark")
    label = _declared(body, content_type)
    encoding = _codec(label)
    if encoding is None:
        return _detected(body, utf8_by_format=utf8_by_format and label is None)
    if encoding not in {"utf-8", "utf-16", "utf-32"} and (utf8 := _as_utf8(body)) is not None:
        # The commonest lie: a page saved as UTF-8 under a server that says ISO-8859-1.
        return Decoded(utf8, (assumption(Assumed.CHARSET_REPAIRED, f"declared {label}, the bytes are utf-8"),))
    # Browsers read ISO-8859-1 and ASCII as windows-1252 (WHATWG Encoding), and copy is made for browsers.
    return _repairing(body, "cp1252" if encoding in {"iso8859-1", "ascii"} else encoding, "its declaration")


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


def _repairing(body: bytes, encoding: str, declared_by: str) -> Decoded:
    try:
        return Decoded(body.decode(encoding))
    except UnicodeDecodeError:
        used = "windows-1252" if encoding == "utf-8" else encoding
        note = assumption(Assumed.CHARSET_REPAIRED, f"not {encoding}, which {declared_by} says; read as {used}")
        return Decoded(body.decode(used, errors="replace"), (note,))


def _detected(body: bytes, *, utf8_by_format: bool) -> Decoded:
    if body.isascii():
        return Decoded(body.decode("ascii"))
    text = _as_utf8(body)
    if text is not None:
        note = (assumption(Assumed.CHARSET_DETECTED, "utf-8, which the bytes are"),)
        return Decoded(text, () if utf8_by_format else note)
    if b"\0" in body[:SNIFFED] and not body[:SNIFFED].count(b"\0") * 4 > len(body[:SNIFFED]):
        raise refused(Refusal.UNSUPPORTED_FORMAT, "the bytes are not text")
    # Cut at a line's end, since half a character would rule its charset out.
    best = from_bytes(body[:SNIFFED].rsplit(b"\n", 1)[0], cp_isolation=PLAUSIBLE.split()).best()
    encoding = best.encoding if best is not None else "cp1252"
    note = (assumption(Assumed.CHARSET_DETECTED, f"{encoding}, by the look of the bytes"),)
    return Decoded(body.decode(encoding, errors="replace"), note)
