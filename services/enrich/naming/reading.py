"""A story made ready for the model, and the model's answer made ready for the story: pure on both sides of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from services.enrich.copy import Copy
from services.enrich.naming.aliases import AliasTable
from services.enrich.naming.casing import Spellings, is_loud, restored
from services.enrich.naming.consistency import acronyms, agreed, found_again
from services.enrich.naming.furniture import dateline_places, without_furniture
from services.enrich.naming.kinds import LABELS, is_nationality, is_sport, kind_of, teams
from services.enrich.naming.model import Raw
from services.enrich.naming.roles import is_role
from services.enrich.naming.spans import HEADLINE, Span, pieces, trimmed, without_overlaps
from services.enrich.naming.titles import name_after_title
from shared.article import Kind

__all__ = ["Prepared", "prepare", "spans_of"]

MORE = re.compile(r" (United|Wanderers|Rovers|Athletic|Albion|FC|Hotspur|Thunder|Indians|University|Police|Council)\b")
OF = re.compile(r" of (?:[A-Z][\w-]+)(?: [A-Z][\w-]+)?\b")
BEFORE_OF = re.compile(r"\b(?:University|Bank|Department|Ministry|College|Institute|Church|Museum|Court|Council)$")
LATIN = 0.8
"""Share of a paragraph's letters that must be Latin: the model knows no other."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What of a story is read for names."""

    texts: Mapping[int, str]
    """Headline and paragraphs, furniture blanked out, by their number."""
    plain: Mapping[int, str]
    """The same in the casing of sentences: what the model reads. Characters stand where they did."""
    dateline: tuple[Span, ...]

    @property
    def whole(self) -> str:
        """All of it, a paragraph a line."""
        return "\n".join(self.texts.values())

    @property
    def loud(self) -> frozenset[int]:
        """Lines in capitals, and a headline in title case: a capital proves no name there. None if all are so."""
        loud = {where for where, text in self.texts.items() if is_loud(text, headline=where == HEADLINE)}
        return frozenset(loud if len(loud) < len(self.texts) else ())


def prepare(copy: Copy) -> Prepared:
    """Take out what no name is looked for in."""
    numbered = {HEADLINE: copy.headline, **dict(enumerate(copy.paragraphs))}
    dateline: list[Span] = []
    if copy.paragraphs:
        found = copy.found.get("dateline")
        known = found.dateline.text if found and found.dateline else None
        length, dateline = dateline_places(copy.lead, known)
        numbered[0] = " " * length + copy.lead[length:]
    texts = {where: without_furniture(text) for where, text in numbered.items()}
    texts = {where: text for where, text in texts.items() if _readable(text)}
    spellings = Spellings(text for where, text in texts.items() if where != HEADLINE)
    plain = {where: restored(text, spellings) for where, text in texts.items()}
    return Prepared(texts, plain, tuple(dateline))


def _readable(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return any(map(str.isupper, letters)) and sum(letter < "\u0250" for letter in letters) >= LATIN * len(letters)


def spans_of(
    story: Prepared, answers: Mapping[int, Sequence[Raw]], table: AliasTable
) -> tuple[list[Span], dict[str, str]]:
    """Return the names of a story in order, and its short forms with what they stand for."""
    whole = story.whole
    spans = list(story.dateline)
    for where, answer in answers.items():
        spans += _from_model(where, story.plain[where], answer)
    spans = without_overlaps(spans)
    spans += [one for one in _titled(story.plain) if not any(one.overlaps(other) for other in spans)]
    spans += [one for one in _in_table(story.plain, table) if not any(one.overlaps(other) for other in spans)]
    short = acronyms(whole)
    bodies = {name: Kind.ORGANISATION for pair in short.items() for name in pair}
    playing = teams(whole) if is_sport(whole) else set()
    spans = without_overlaps([*(_whole(span, story.plain) for span in spans), *_teams(story.plain, playing)])
    spans = [_proven(span, playing, bodies, table) for span in spans]
    spans = agreed(spans)
    spans = found_again(spans, story.texts, bodies)
    # What is printed, not what the model was shown: a name in a headline of capitals stays as it stands.
    return [_printed(span, story.texts) for span in spans], short


def _from_model(where: int, text: str, answer: Sequence[Raw]) -> Iterator[Span]:
    for start, end, label in answer:
        told = LABELS.get(label)
        if told is None:
            continue
        for first, last in pieces(text[start:end]):
            span = trimmed(Span(where, start + first, start + last, "", told), text)
            if span is None or is_nationality(span.text) or is_role(span.text):
                continue
            kind, why = kind_of(span.text, told, text, span.start)
            yield Span(where, span.start, span.end, span.text, kind, span.title, why)


def _in_table(texts: Mapping[int, str], table: AliasTable) -> Iterator[Span]:
    """Yield names of the table that the model did not see."""
    for where, text in texts.items():
        for start, end, entry in table.named_in(text):
            yield Span(where, start, end, text[start:end], Kind(entry.kind), why="table")


def _titled(texts: Mapping[int, str]) -> Iterator[Span]:
    """Yield people whom their title proves and the model did not see."""
    for where, text in texts.items():
        for start, end in name_after_title(text):
            span = trimmed(Span(where, start, end, "", Kind.PERSON), text)
            if span is not None and not is_nationality(span.text):
                yield Span(where, span.start, span.end, span.text, Kind.PERSON, span.title, "title")


def _teams(texts: Mapping[int, str], playing: set[str]) -> Iterator[Span]:
    if playing:
        pattern = re.compile(
            rf"\b(?:{'|'.join(map(re.escape, sorted(playing, key=len, reverse=True)))})\b(?! [A-Z][a-z])"
        )
        for where, text in texts.items():
            for found in pattern.finditer(text):
                yield Span(where, *found.span(), found[0], Kind.ORGANISATION, why="team")


def _whole(span: Span, texts: Mapping[int, str]) -> Span:
    """Return a name with the words after it that belong to it: *United* after *Sheffield*, *of Oxford*."""
    text = texts.get(span.where, "")
    if span.kind is Kind.ORGANISATION and (rest := OF.match(text, span.end)) and BEFORE_OF.search(span.text):
        return replace(span, end=rest.end(), text=text[span.start : rest.end()])
    rest = MORE.match(text, span.end) if span.kind is Kind.PLACE and span.why != "dateline" else None
    if rest is None or (span.text == "United" and rest[0].startswith(" Nations")):
        return span
    name = text[span.start : rest.end()]
    return Span(span.where, span.start, rest.end(), name, Kind.ORGANISATION, why=rest[1])


def _proven(span: Span, playing: set[str], bodies: Mapping[str, Kind], table: AliasTable) -> Span:
    kind, why = span.kind, span.why
    if span.why == "dateline":
        return span
    if span.text in playing:
        kind, why = Kind.ORGANISATION, "team"
    elif span.text in bodies:
        kind, why = Kind.ORGANISATION, "its short form in brackets"
    elif entry := table.find(span.text):
        kind, why = Kind(entry.kind), "table"
    return Span(span.where, span.start, span.end, span.text, kind, span.title, why)


def _printed(span: Span, texts: Mapping[int, str]) -> Span:
    text = texts[span.where][span.start : span.end] if span.where in texts and span.why != "dateline" else span.text
    return span if text == span.text else Span(span.where, span.start, span.end, text, span.kind, span.title, span.why)
