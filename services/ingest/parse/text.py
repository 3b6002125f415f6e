"""Plain text: cleaned of what no reader should get, and read for sentences."""

from __future__ import annotations

import html
import re

__all__ = ["bounded", "ends_sentence", "first_sentence", "has_boundary", "plain", "same_words", "squeeze"]

# Controls that XML forbids (tab and line ends aside), and halves of surrogate pairs, which JSON can smuggle in
# and no later stage could encode.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
CLOSERS = "\"'”\u2019»)]}\u203a"
END = re.compile(r"[.!?…。\uff01\uff1f][" + re.escape(CLOSERS) + r"]*$")
BOUNDARY = re.compile(r"[.!?…][" + re.escape(CLOSERS) + r"]*\s+[“\u2018\"'«(]?[^\W\d_]")
# A full stop after these ends no sentence.
ABBREVIATED = re.compile(
    r"(?:^|[\s(“\u2018])(?:[^\W\d_]|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Rev|Hon|St|No|vs|Jr|Sr|Inc|Ltd|Co"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|[^\W\d_](?:\.[^\W\d_])+)\.$"
)
TAG = re.compile(r"</?[A-Za-z][^<>]{0,4000}>")


def squeeze(text: str) -> str:
    """Return ``text`` on one line: unprintable characters out, runs of white space to one space."""
    return " ".join(UNPRINTABLE.sub("", text).split())


def bounded(text: str | None, limit: int) -> str | None:
    """Return one clean line of at most ``limit`` characters, None for nothing."""
    line = squeeze(text[: limit * 4])[:limit].strip() if text else ""
    return line or None


def plain(markup: str) -> str:
    """Return the text of a line that may hold a little HTML: headlines and names from feeds."""
    return squeeze(html.unescape(TAG.sub("", markup)))


def same_words(one: str, other: str) -> bool:
    """Tell whether two lines say the same, whatever their case, quotes and spacing."""
    return bool(one) and _words(one) == _words(other)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def ends_sentence(text: str) -> bool:
    """Tell whether ``text`` ends the way a paragraph does."""
    return END.search(text.rstrip()[-12:]) is not None


def has_boundary(text: str) -> bool:
    """Tell whether one sentence ends inside ``text`` and another begins: the mark of prose."""
    return _first_boundary(text) is not None


def first_sentence(text: str, limit: int = 200) -> str:
    """Return the first sentence, cut at a word when it is longer than ``limit``."""
    end = _first_boundary(text)
    sentence = text[:end].strip() if end else text.strip()
    if len(sentence) <= limit:
        return sentence
    return sentence[:limit].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _first_boundary(text: str) -> int | None:
    for found in BOUNDARY.finditer(text):
        stop = found.start() + 1
        if not ABBREVIATED.search(text[max(0, stop - 12) : stop]):
            return found.end() - len(found.group().split()[-1])
    return None
