"""One story, one meaning: what a name is in one place it is elsewhere, and it is found where the model was blind."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace

from services.enrich.naming.casing import is_loud
from services.enrich.naming.kinds import is_country, is_nationality
from services.enrich.naming.spans import HEADLINE, Span, without_overlaps
from services.enrich.stop_words import ENGLISH
from shared.article import Kind

__all__ = ["acronyms", "agreed", "found_again", "surname"]

_PART = r"[A-Z][\w'\u2019&-]+|of|for|and|the|on|in|de|du|des"
DEFINED = re.compile(rf"((?:{_PART})(?: (?:{_PART})){{1,9}}) \(([A-Z][A-Za-z]{{1,9}})\)")
SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
SHORTEST_SURNAME = 3
FEWEST_LETTERS = 3
SHORTEST_FIRST = 5
LENGTH_OF_SHORT = 2
COMPANIES = frozenset(
    {"Construction", "Mining", "Steel", "Telecom", "Logistics", "Shipping", "Pharma", "Foods", "Ltd", "Inc"}
)
COMPANIES |= frozenset(
    {"Plc", "PLC", "plc", "Corp", "Holdings", "Group", "Industries", "Motors", "Pharmaceuticals", "Lines"}
)
MOST_NAMES = 300
"""Names that are looked for again: an ordinary story has twenty."""
STRONG = 2.0
"""What a name counts for that a title or its own words prove, against one for the model's word."""


def surname(name: str) -> str:
    """Return the last word of a person's name; empty for a name of one word."""
    words = [word for word in name.split() if word.casefold() not in SUFFIXES]
    return words[-1] if len(words) > 1 else ""


def agreed(spans: list[Span]) -> list[Span]:
    """Give a name that is told one way here and another there the kind that most of its places say.

    A surname alone is a person where the full name stands in the story.
    """
    votes: defaultdict[str, Counter[Kind]] = defaultdict(Counter)
    for span in spans:
        votes[span.text.casefold()][span.kind] += STRONG if span.why or span.title else 1  # type: ignore[assignment]
    surnames = {surname(span.text).casefold() for span in spans if span.kind is Kind.PERSON} - {""}
    agreed_on = {name: min(kinds, key=lambda kind: (-kinds[kind], kind)) for name, kinds in votes.items()}
    out = []
    for span in spans:
        name = span.text.casefold()
        kind = agreed_on[name]
        if name in surnames and not is_country(span.text) and span.why not in {"team", "dateline"}:
            kind = Kind.PERSON
        out.append(span if kind is span.kind or span.why == "dateline" else replace(span, kind=kind))
    return out


def acronyms(text: str) -> dict[str, str]:
    """Return full names by their short forms, where the copy says both: *World Health Organization (WHO)*."""
    found = {}
    for long, short in DEFINED.findall(text):
        words = long.split()
        for start in range(len(words)):
            initials = "".join(word[0] for word in words[start:] if word[0].isupper())
            if words[start][0].isupper() and initials.casefold() == short.casefold():
                found[short] = " ".join(words[start:])
                break
    return found


def found_again(spans: list[Span], texts: Mapping[int, str], also: Mapping[str, Kind]) -> list[Span]:
    """Return the spans and the further places of their names. ``also`` has names that need no place found before."""
    known: dict[str, Kind] = dict(also)
    for span in spans:
        known.setdefault(span.text, span.kind)
        if span.kind is Kind.ORGANISATION and (short := _short(span)):
            known.setdefault(short, Kind.ORGANISATION)
        if span.kind is Kind.PERSON and len(short := surname(span.text)) >= SHORTEST_SURNAME:
            known.setdefault(short, Kind.PERSON)
    names = {
        name: kind
        for name, kind in list(known.items())[:MOST_NAMES]
        if len(name) >= FEWEST_LETTERS and name[0].isupper() and name.casefold() not in ENGLISH
    }
    if not names:
        return spans
    wanted = "|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name))))
    exact = re.compile(rf"(?<![\w-])(?:{wanted})(?!\w|-\w)")
    folded = {name.casefold(): kind for name, kind in names.items()}
    more: list[Span] = []
    drawn = list(spans)
    for where, text in texts.items():
        loose = is_loud(text, headline=where == HEADLINE)
        pattern = re.compile(exact.pattern, re.IGNORECASE) if loose else exact
        here = [
            Span(where, *found.span(), found[0], folded[found[0].casefold()])
            for found in pattern.finditer(text)
            if loose or not _part_of_another(text, *found.span())
        ]
        if loose:
            # The model draws names too long in such a line: one that the body knows stands for what is drawn over it.
            drawn = [one for one in drawn if one.why or not any(one.overlaps(other) for other in here)]
        more += here
    taken: defaultdict[int, list[Span]] = defaultdict(list)
    for span in drawn:
        taken[span.where].append(span)
    return without_overlaps(drawn + [one for one in more if not any(one.overlaps(other) for other in taken[one.where])])


def _short(span: Span) -> str:
    """Return the first word of a company's name, which stands for it: *Zhonglu Construction*, *Zhonglu*."""
    words = span.text.split()
    first = words[0]
    proper = (
        len(words) == LENGTH_OF_SHORT and len(first) >= SHORTEST_FIRST and first.isalpha() and not is_country(first)
    )
    return first if proper and span.why in COMPANIES and not is_nationality(first) else ""


def _part_of_another(text: str, start: int, end: int) -> bool:
    """Tell whether a capitalised word joins the name on either side, so that it is another and longer one."""
    after = re.match(r" (?:of )?([A-Z][a-z]+)", text[end : end + 30])
    before = re.search(r"(?:^|[a-z,;] )([A-Z][a-z]+) $", text[max(0, start - 30) : start])
    return bool(after and after[1].casefold() not in ENGLISH) or bool(before and before[1].casefold() not in ENGLISH)
