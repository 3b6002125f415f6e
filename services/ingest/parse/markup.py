"""HTML made safe to parse, and parsed into blocks.

Measured with the versions in the lock file: 200,000 nested elements hold nh3 for 198 s, 200,000 attributes on one
element hold lxml for 71 s. So the text is scanned first, in one pass with no backtracking, and what is deeper or
wider than any page is refused. Scripts, styles and comments are cut out before:
what the parser then sees is what was counted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from services.ingest.parse.codes import Refusal, refused

__all__ = ["Markup", "gate", "strip"]

DEEPEST, MOST_ATTRIBUTES, MOST_TAGS = 100, 200, 100_000
LARGEST_TAG = 4 << 20
"""Characters: a picture in an attribute may be large, and a page is not read for it."""

RAW = ("script", "style", "template", "noscript", "iframe", "svg", "math", "textarea", "xmp", "noembed", "noframes")
RAW_START = re.compile(rf"<(?:!--|({'|'.join(RAW)})(?=[\s/>]))", re.IGNORECASE)
TAG_START = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# One attribute, as the HTML standard reads it; every branch moves forward, so the scan is linear.
ATTRIBUTE = re.compile(
    r"""[\s/]*(?:([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^\s>"'][^\s>]*)?)?)?"""
)
LD_JSON = re.compile(r"""type\s*=\s*["']?application/ld\+json""", re.IGNORECASE)
# Elements with no content, and those that end by themselves where the next of their kind begins.
FLAT = frozenset(
    """
    area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot
    """.split()  # noqa: SIM905 - one screen instead of three
)


@dataclass(slots=True)
class Markup:
    """HTML without scripts, styles and comments; the JSON-LD among the scripts is kept beside it."""

    text: str
    ld_json: list[str] = field(default_factory=list)


def strip(source: str) -> Markup:
    """Cut out what is no copy: comments, scripts, styles, drawings.

    Raises:
        UnreadableCopy: ``too_many_elements``.
    """
    if source.count("<") > MOST_TAGS * 3:  # "<" alone begins no tag, and still costs a parser time
        raise refused(Refusal.TOO_MANY_ELEMENTS, f'more than {MOST_TAGS * 3} "<"')
    kept: list[str] = []
    scripts: list[str] = []
    ends: dict[str, re.Pattern[str]] = {}
    at = 0
    while (found := RAW_START.search(source, at)) is not None:
        kept.append(source[at : found.start()])
        name = (found[1] or "").lower()
        closing = ends.setdefault(name, _end_of(name))
        # `<!-->` is a whole comment, so the end may begin inside the start.
        end = closing.search(source, found.end() if name else found.start() + 2)
        stop = len(source) if end is None else end.end()
        if name and end is not None and source[stop - 1] != ">":
            stop = len(source) if (close := source.find(">", stop)) < 0 else close + 1
        if name == "script" and end is not None and LD_JSON.search(source[found.start() : found.start() + 300]):
            begin = source.find(">", found.end() - 1)
            scripts.append(source[begin + 1 : end.start()])
        kept.append(" ")
        at = stop
    kept.append(source[at:])
    return Markup("".join(kept), scripts)


def _end_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?:[\s/>]|\Z)" if name else "-->|--!>", re.IGNORECASE)


def gate(text: str) -> None:
    """Refuse HTML that is deeper or wider than any page. Reads what :func:`strip` gave.

    Raises:
        UnreadableCopy: ``too_deep``, ``too_large``, ``too_many_attributes`` or ``too_many_elements``.
    """
    opened: Counter[str] = Counter()
    depth, tags, at = 0, 0, 0
    while (found := TAG_START.search(text, at)) is not None:
        name = found[2].lower()
        at = _after_attributes(text, found.end())
        tags += 1
        if tags > MOST_TAGS:
            raise refused(Refusal.TOO_MANY_ELEMENTS, f"more than {MOST_TAGS} tags")
        if found[1]:
            # An end without a start ends nothing: a parser ignores it, so it may not lower the count.
            if opened[name]:
                opened[name] -= 1
                depth -= 1
            continue
        if name not in FLAT:
            opened[name] += 1
            depth += 1
        if depth > DEEPEST:
            raise refused(Refusal.TOO_DEEP, f"elements nested more than {DEEPEST} deep")


def _after_attributes(text: str, at: int) -> int:
    start, count = at, 0
    while (found := ATTRIBUTE.match(text, at)) is not None and found[1]:
        at = found.end()
        count += 1
        if count > MOST_ATTRIBUTES:
            raise refused(Refusal.TOO_MANY_ATTRIBUTES, f"more than {MOST_ATTRIBUTES} attributes on one element")
        if at - start > LARGEST_TAG:
            raise refused(Refusal.TOO_LARGE, f"a tag of more than {LARGEST_TAG} characters")
    return at
