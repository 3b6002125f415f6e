"""Keyphrases: what the story keeps saying, for English copy only.

The names that were found in it, and phrases of common words weighted by how often and how early they stand and how rare
their words are in English.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from services.enrich.additions import Additions, Cost, Enrich, Enricher, each
from services.enrich.copy import Copy
from services.enrich.frequencies import RAREST, Rarity, load_rarity, stem
from services.enrich.naming.furniture import without_furniture
from services.enrich.naming.kinds import NATIONALITIES
from services.enrich.phrases import Key, Piece, Term, gather
from services.enrich.stop_words import ENGLISH
from services.enrich.text import WORD
from shared.article import Kind, Position, Tag

__all__ = ["ENRICHER", "find_keyphrases"]

MOST, MOST_NAMES = 10, 7
"""Terms, and names among them: what is said of them has its place too."""
READ = 8_000
"""Characters of the body that are read: what a longer one is about stands in its beginning."""
HEADLINE, LEAD, SECOND, REST = 3.0, 2.0, 1.5, 1.0
DATELINE = 0.5
"""Weight of the place in the dateline: where the reporter sat, and no more."""
NAME = 1.5
"""What a name weighs beside a common phrase of the rarest words."""
PLACES = 0.8
LEAST_SURE = 45
"""Confidence under which a name is left to the common words."""
LONGER = 0.2
"""What each further word of a phrase adds: *liaison office* says more than *office*."""
INFLECTED = ("ed", "ing", "ly", "ous", "ical", "able", "ible", "ful")
VERBAL = 0.5
"""Weight of what likely ends in a verb, an adverb or an adjective, and names nothing."""
ENOUGH = 5
"""Terms from which names that the story drops once are left out."""
SWALLOWED = 1.6
"""A part of a longer phrase goes if it comes at most so many times as often."""
OFTEN = 0.75
"""Power of the weight: the fifth time says less than the second."""
STOPPED_SHARE = 0.2
"""English prose is a third to a half stop words, other languages in Latin letters under a tenth."""
SHOUTED = 0.6
"""Share of capitals from which they say nothing of names."""


def find_keyphrases(copy: Copy, rarity: Rarity) -> Additions:
    """Return up to ten terms, best first, in the spelling that the copy uses most."""
    if not _is_english(copy):
        return Additions()
    names, taken = _names(copy)
    terms = gather(_pieces(copy, taken))
    scores = {
        key: _score(term, rarity) for key, term in _whole(terms).items() if _counts(term) and _names_something(term)
    }
    scores |= {key: _score(term, rarity) * (PLACES if key in taken.places else 1) for key, term in names.items()}
    every = {**terms, **names}
    ranked = sorted(scores, key=lambda key: (not _counts(every[key]), -scores[key], key))
    kept = _without_parts(ranked, {key for key, term in every.items() if term.name})
    kept = [key for place, key in enumerate(kept) if place < ENOUGH or _counts(every[key])]
    return Additions(keywords=tuple(every[key].spelling for key in kept))


class _Taken:
    """Where the names of the story stand, and which of them are places."""

    def __init__(self) -> None:
        self.at: defaultdict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
        self.places: set[Key] = set()

    def add(self, position: Position) -> None:
        self.at[position.part, position.paragraph].append((position.start, position.end))

    def within(self, part: str, paragraph: int) -> tuple[tuple[int, int], ...]:
        return tuple(sorted(self.at.get((part, paragraph), ())))


def _names(copy: Copy) -> tuple[dict[Key, Term], _Taken]:
    """Return the names that were found, a term each, and where they stand."""
    names: dict[Key, Term] = {}
    taken = _Taken()
    found = copy.found.get("names")
    tags: Sequence[Tag] = found.tags if found else ()
    kept = {tag.name for tag in tags if tag.confidence >= LEAST_SURE}
    for mention in found.mentions if found else ():
        name = mention.tag or _as_a_reader_would(mention.name)
        if mention.tag is not None and mention.tag not in kept:
            continue
        key = tuple(stem(word) for word in WORD.findall(name))
        if not key:
            continue
        taken.add(mention.position)
        if mention.kind is Kind.PLACE:
            taken.places.add(key)
        names.setdefault(key, Term(key, name=True)).add(_weight(mention.position, mention.name), name)
    return names, taken


def _as_a_reader_would(place: str) -> str:
    return place.title() if place.isupper() and len(place) > len("U.S.A") else place


def _weight(at: Position, printed: str) -> float:
    if at.part == "headline":
        return HEADLINE
    if at.paragraph == 0:
        return DATELINE if at.start == 0 and printed.isupper() else LEAD
    return SECOND if at.paragraph == 1 else REST


def _pieces(copy: Copy, taken: _Taken) -> Iterable[Piece]:
    """Yield headline and paragraphs without their furniture; capitals of a headline prove nothing, the body's do."""
    if copy.headline:
        text = without_furniture(copy.headline)
        yield Piece(text, HEADLINE, taken.within("headline", 0), proves_names=False)
    left = READ
    for number, paragraph in enumerate(copy.paragraphs):
        text = without_furniture(paragraph[:left])
        weight = LEAD if number == 0 else SECOND if number == 1 else REST
        yield Piece(text, weight, taken.within("body", number), proves_names=not _is_shouted(text))
        left -= len(text)
        if left <= 0:
            return


def _is_shouted(text: str) -> bool:
    return sum(map(str.isupper, text)) > SHOUTED * sum(map(str.isalpha, text))


def _is_english(copy: Copy) -> bool:
    """Believe the provider and the enricher of languages, else count stop words."""
    if copy.language:
        return copy.language == "en"
    words = [word.casefold() for word in WORD.findall(copy.text[:READ])]
    return sum(word in ENGLISH for word in words) >= STOPPED_SHARE * max(len(words), 1)


def _counts(term: Term) -> bool:
    """Tell whether a term is said often enough: a name in headline, lead or twice, a common one twice."""
    return term.times > 1 or (term.name and term.weight >= LEAD)


def _names_something(term: Term) -> bool:
    """Tell whether a term may stand by itself: *died* and *African* may not."""
    if term.name or len(term.key) > 1:
        return True
    word = term.key[0]
    return term.spelling not in NATIONALITIES and (not word.endswith("ed") or word.endswith("eed"))


def _score(term: Term, rarity: Rarity) -> float:
    if term.name:
        return NAME * math.pow(term.weight, OFTEN)
    mean = sum(rarity.get(word, RAREST) for word in term.key) / len(term.key)
    longer = 1 + LONGER * (len(term.key) - 1)
    verbal = VERBAL if term.key[-1].endswith(INFLECTED) else 1
    return mean * longer * verbal * math.pow(term.weight, OFTEN)


def _whole(terms: dict[Key, Term]) -> dict[Key, Term]:
    """Leave out what is said hardly more often than a longer phrase that it is part of."""
    least: dict[Key, float] = {}
    for key, term in terms.items():
        if len(key) > 1 and _counts(term):
            for part in _parts(key):
                least[part] = max(least.get(part, 0), SWALLOWED * term.times)
    return {key: term for key, term in terms.items() if term.times > least.get(key, 0)}


def _parts(key: Key) -> Iterable[Key]:
    for length in range(1, len(key)):
        for start in range(len(key) - length + 1):
            yield key[start : start + length]


def _without_parts(ranked: Iterable[Key], names: set[Key]) -> list[Key]:
    """Keep the best; what is part of a better one, or has one in it, says nothing new."""
    kept: list[Key] = []
    for key in ranked:
        said = f" {' '.join(key)} "
        if key in names and len(names.intersection(kept)) == MOST_NAMES:
            continue
        if not any(said in better or better in said for better in (f" {' '.join(one)} " for one in kept)):
            kept.append(key)
        if len(kept) == MOST:
            break
    return kept


def load() -> Enrich:
    """Read the table of how common words are."""
    rarity = load_rarity()
    return each(lambda copy: find_keyphrases(copy, rarity))


ENRICHER = Enricher(
    name="keyphrases", version="1", adds=("keywords",), load=load, cost=Cost.LIGHT, after=("language", "names")
)
