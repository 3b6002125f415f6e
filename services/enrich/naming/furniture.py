"""What is printed with a story and is not the story: credits, bylines, calls to follow and to subscribe, datelines.

It is blanked out, character for character, before anything looks for names.
"""

# ruff: noqa: RUF001 - copy is full of typographic quotes and dashes, and they are matched here

from __future__ import annotations

import re

from services.enrich.naming.spans import HEADLINE, Span
from shared.article import Kind

__all__ = ["dateline_places", "without_furniture"]

LINE = re.compile(
    r"^\W*(?:read (?:more|also|next)|see also|also read|follow (?:us|our)|sign up|subscribe|click|"
    r"watch(?:\s*:| live| now)"
    r"|listen(?:\s*:| to)|photo(?:graph)?s?\b|image(?: credit| source|:)|picture(?:d|s)?\s*:|getty|copyright|©"
    r"|facebook\b"
    r"|share\b|tweet\b|reporting by|editing by|writing by|additional reporting|topics?:|tags?:|more on this|related\b|"
    r"advertisement|source:|credit:|by [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,4}(?:,[^.]{0,60})?$|this (?:story|article) "
    r"(?:was|is|first)|all rights reserved|for more|download|contact:|end\b.{0,10}$|\(?(?:additional )?reporting by)",
    re.IGNORECASE,
)
LONGEST_LINE = 160
"""Characters: a longer paragraph that begins like furniture is copy."""
INLINE = re.compile(
    r"\((?:[^()]{0,60}\b(?:[Pp]hotos?|[Pp]ictures?|[Ii]mages?|Getty|[Ff]ile|Reuters|AFP|AAP|AP)\b[^()]{0,60}|"
    r"(?:Additional r|R)eporting by [^()]{0,300}|(?:Writing|Editing) by [^()]{0,300})\)"
    r"|(?:(?<=[.!?”\"] )|^)(?:Find us|Follow|Sign up|Subscribe|Read more|Click here|Got a story|Email us|Send your)\b"
    r"[^.]{0,200}(?:[.?]|$)"
    r"|(?:Facebook|Twitter|Instagram|TikTok)(?:,? (?:and|or)|,) (?:Facebook|Twitter|Instagram|X|TikTok)\b"
    r"|https?://\S+|www\.\S+|\S+@\S+\.\w+|(?<!\w)@\w+"
)
AGENCY = re.compile(r"^(?P<head>[^()\n]{0,70}?)\s?\((?P<agency>[A-Z][^()]{1,30})\)\s?[-–—:]+\s?")
CAPITALS = re.compile(
    r"^(?P<head>[A-Z][A-Z.'’/-]+(?: [A-Z][A-Z.'’/-]*){0,5}(?:, ?[A-Z][\w.]*(?: [\w.]+){0,3}){0,3})\s?"
    r"(?:(?:[-–—]+)\s|:\s(?P<country>[A-Z][\w.]+(?: [A-Z][\w.]+){0,3}): )"
)
PLAIN = re.compile(r"^(?P<head>[A-Z][\w.'’]+(?: [A-Z][\w.'’]+){0,3}(?:, [A-Z][\w. ]{1,25}){0,2})\s?[–—]\s(?=[A-Z“\"])")
NO_PLACE = re.compile(
    r"\d|^(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)|^(?:mon|tues|wednes|thurs|fri|satur|sun)day|aboard"
    r"|^(?:news|update|breaking|live|opinion|analysis|reuters|sport|watch)\b|^by\b",
    re.IGNORECASE,
)


def without_furniture(text: str) -> str:
    """Return the paragraph with blanks in place of what is no copy."""
    if len(text) <= LONGEST_LINE and LINE.match(text):
        return " " * len(text)
    return INLINE.sub(lambda found: " " * len(found[0]), text)


def dateline_places(text: str, known: str | None = None) -> tuple[int, list[Span]]:
    """Return how much of the first paragraph is its dateline, and the places in it. ``known`` is one told before."""
    if known and text.startswith(known):
        bounds = re.compile(r"\s?(?:\([^()]{1,30}\))?\s?[-–—:]*\s?").match(text, len(known))
        return bounds.end() if bounds else len(known), _places(known.split("(")[0], 0)
    for shape in (AGENCY, CAPITALS, PLAIN):
        if found := shape.match(text):
            places = _places(found["head"], 0)
            if shape is CAPITALS and found["country"]:
                places += _places(found["country"], found.start("country"))
            if places or shape is not PLAIN:
                return found.end(), places
    return 0, []


def _places(head: str, offset: int) -> list[Span]:
    """Return the places of a dateline: those divided by a slash, and the region after a comma."""
    spans = []
    for found in re.finditer(r"[^,/:()]+", head):
        name = found[0].strip(" -–—")
        if len(name) > 1 and name[0].isupper() and not NO_PLACE.search(name):
            start = offset + found.start() + found[0].index(name)
            spans.append(Span(0, start, start + len(name), name, Kind.PLACE, why="dateline"))
    return [span for span in spans if span.where != HEADLINE]
