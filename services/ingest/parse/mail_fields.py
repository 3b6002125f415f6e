"""Header fields of an e-mail, decoded. Bounded, and read without the standard library's grammar of addresses.

``email.headerregistry`` takes seconds for an address line of some kilobytes of parentheses, so names are taken out of
``From`` by their shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

from services.ingest.items import Authentication
from services.ingest.parse.text import bounded

__all__ = ["authentication", "field", "identity", "sender", "thread"]

LONGEST = 2_000
MOST_RESULTS = 5
MOST_REFERENCES = 10
ENCODED = re.compile(r"=\?[^?\s]{1,60}\?[bq]\?", re.IGNORECASE)
MESSAGE_ID = re.compile(r"<([!-;=?-~]{3,500})>")
ADDRESS = re.compile(r"<?([^\s<>@,;\"]{1,64}@([A-Za-z0-9.-]{1,253}))>?")
RESULT = re.compile(r"(spf|dkim|dmarc)\s*=\s*([a-z]{1,20})\b(.*)", re.IGNORECASE | re.DOTALL)
PROPERTY = {
    "dmarc": re.compile(r"\bheader\.from\s*=\s*(?:[^\s@]*@)?([a-z0-9.-]+)", re.IGNORECASE),
    "dkim": re.compile(r"\bheader\.[di]\s*=\s*(?:[^\s@]*@)?([a-z0-9.-]+)", re.IGNORECASE),
    "spf": re.compile(r"\bsmtp\.(?:mailfrom|helo)\s*=\s*(?:[^\s@]*@)?([a-z0-9.-]+)", re.IGNORECASE),
}


def field(message: Message, name: str) -> str:
    """Return the first field of that name as one line of text, the empty string when there is none."""
    return next(_fields(message, name), "")


def identity(message: Message) -> str | None:
    """Return the Message-ID as an RFC 2392 URI."""
    found = MESSAGE_ID.search(field(message, "Message-ID"))
    return f"mid:{found[1]}" if found else None


def thread(message: Message) -> tuple[str, ...]:
    """Return the URIs of the messages that this one answers, the first of its thread before the others."""
    fields = (field(message, name) for name in ("References", "In-Reply-To"))
    found = (f"mid:{one}" for text in fields for one in MESSAGE_ID.findall(text))
    return tuple(dict.fromkeys(found))[:MOST_REFERENCES]


def sender(message: Message) -> str | None:
    """Return who the message says it is from: the name, else the domain."""
    text = field(message, "From")
    found = ADDRESS.search(text)
    name = text[: found.start()] if found else text
    return bounded(name.strip(" \"'<,;"), 200) or (bounded(found[2], 200) if found else None)


def authentication(message: Message) -> tuple[Authentication, ...]:
    """Return what each ``Authentication-Results`` says, the topmost first. Whom to believe is the caller's to know."""
    read = (_results(value) for value in _fields(message, "Authentication-Results"))
    return tuple(found for found, _ in zip((r for r in read if r), range(MOST_RESULTS), strict=False))


def _fields(message: Message, name: str) -> Iterator[str]:
    for found, value in message.raw_items():
        if found.lower() == name.lower():
            yield " ".join(_decoded(str(value)[:LONGEST]).split())


def _decoded(value: str) -> str:
    """Decode encoded words, and bytes that were sent as they are."""
    text = _eight_bit(value.encode("utf-8", "surrogateescape"))
    if not ENCODED.search(text):
        return text
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(part if isinstance(part, str) else _in_charset(part, charset) for part, charset in parts)


def _in_charset(part: bytes, charset: str | None) -> str:
    try:
        return part.decode(charset or "ascii")
    except (LookupError, UnicodeError, ValueError):
        return _eight_bit(part)


def _eight_bit(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _results(value: str) -> Authentication | None:
    server, *clauses = _without_free_text(value).split(";")
    name = server.split()[0].lower() if server.split() else ""
    if not re.fullmatch(r"[a-z0-9._-]{1,253}", name):
        return None
    results: dict[str, str] = {}
    domains: dict[str, str] = {}
    for clause in clauses[:50]:
        if (found := RESULT.match(clause.strip())) is None:
            continue
        method, result = found[1].lower(), found[2].lower()
        # Of several signatures one that holds is enough; of the others the first result counts.
        if method not in results or (method == "dkim" and result == "pass"):
            results[method] = result
            named = PROPERTY[method].search(found[3])
            if result == "pass" and named:
                domains.setdefault(method, named[1].lower().strip("."))
    domain = next((domains[method] for method in ("dmarc", "dkim", "spf") if method in domains), None)
    return Authentication(server=name, domain=domain, **results)


def _without_free_text(value: str) -> str:
    """Drop comments and quoted strings: senders choose what stands in them, also ``; dmarc=pass``."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for character in value:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif quoted:
            quoted = character != '"'
        elif character == '"' and not depth:
            quoted = True
        elif character in "()":
            depth = max(0, depth + (1 if character == "(" else -1))
        elif not depth:
            kept.append(character)
    return "".join(kept)
