"""Topics: what the story is about, as IPTC Media Topics; English copy only.

The top level always, from a linear model and word lists, in the full tier from the embedding too; a second one where it
is likely as well. Finer topics only where the copy names them: in so many words, often or early enough, and under a
top-level topic that the model finds plausible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

from services.enrich.additions import Additions, Cost, Enrich, Enricher, each
from services.enrich.copy import Copy
from services.enrich.topics.features import TOKEN, Weighed, parts, stem, stems, weigh
from services.enrich.topics.model import Judged, load_model
from services.enrich.topics.vocabulary import Concept, Vocabulary, load_vocabulary
from services.enrich.topics.words import Phrases, read_phrases, read_words, tops
from shared.article import Tag

__all__ = ["ENRICHER"]

NAME, VERSION = "topics", "2"
SECOND = 0.2
"""Chance from which a second top-level topic is told."""
SECOND_SURE = 0.75
"""Its confidence beside that of a first one of the same chance: editors who give one topic rarely mean it."""
PLAUSIBLE = 0.15
"""Chance from which finer topics under a top-level one are."""
SAID, SAID_ELSEWHERE = 3.0, 8.0
"""How much a finer topic must be said (headline 3, lead 2, else 1) under a plausible topic, and under another."""
MOST_FINER = 4
SUREST_FINER = 88
ENGLISH = 0.12
"""Share of stop words from which copy of no known language is read as English: other languages have a twentieth."""

FIGURES = 0.1
"""Share of numbers from which copy of no known language is read as a table."""
LISTED = 2
"""Words of our lists that it must have then."""


@dataclass(slots=True)
class Said:
    """How much a finer topic was said, and in which words."""

    amount: float = 0.0
    phrases: list[str] = field(default_factory=list)

    def add(self, weight: float, phrase: str) -> None:
        self.amount += weight
        if phrase not in self.phrases:
            self.phrases.append(phrase)


def load() -> Enrich:
    """Read the vocabulary, the word lists and the model."""
    vocabulary, model = load_vocabulary(), load_model()
    phrases, columns = read_phrases(vocabulary), tops(vocabulary)
    listed = frozenset(chain.from_iterable(read_words().values()))

    def find_topics(copy: Copy) -> Additions:
        pieces = parts(copy)
        weighed = weigh(pieces)
        if not (is_english(copy) or (copy.language is None and is_table(weighed, listed))):
            return Additions()
        judged = model.judge(weighed, embedding_of(copy))
        if judged is None:
            return Additions()
        printed = spellings(text for _, text in pieces)
        broad = broad_tags(judged, [vocabulary.concepts[code] for code in columns], printed)
        said = finer(pieces, phrases)
        return Additions(tags=(*broad, *finer_tags(said, judged, columns, vocabulary, printed)))

    return each(find_topics)


def is_english(copy: Copy) -> bool:
    """Tell whether the copy is English: as declared or found, else by its stop words."""
    if copy.language:
        return copy.language == "en"
    words = stems(copy.text[:3_000])
    return bool(words) and words.count("") / len(words) >= ENGLISH


def is_table(weighed: Weighed, listed: frozenset[str]) -> bool:
    """Tell whether copy is figures and names, as results are: they have no stop words and no language.

    A listed word or two says what of; where it is of another language too (*tennis*), it says the same there.
    """
    words = [feature for feature in weighed if " " not in feature]
    figures = sum(word.isdigit() for word in words)
    return figures >= FIGURES * len(words) and len(listed.intersection(words)) >= LISTED


def embedding_of(copy: Copy) -> bytes:
    """Return the embedding that was found; empty in the default tier, and where it failed."""
    found = copy.found.get("embedding")
    return (found.traits or {}).get("embedding", b"") if found else b""


def spellings(texts: Iterable[str]) -> dict[str, str]:
    """Return by stem the first word that had it, for explanations."""
    found: dict[str, str] = {}
    for text in texts:
        for word in TOKEN.findall(text.lower()):
            found.setdefault(stem(word), word)
    return found


def broad_tags(judged: Judged, concepts: list[Concept], printed: dict[str, str]) -> list[Tag]:
    """Return the likeliest top-level topic, and the next one where it is likely too."""
    order = sorted(range(len(concepts)), key=lambda column: (-judged.chances[column], column))[:2]
    tags: list[Tag] = []
    for place, column in enumerate(order):
        chance = float(judged.chances[column])
        if place == 0 or chance >= SECOND:
            why = ", ".join(spelled(feature, printed) for feature in judged.reasons(column))
            confidence = round(judged.confidence(column) * (SECOND_SURE if place else 1))
            tags.append(tag(concepts[column], round(100 * chance**0.5), confidence, why or "no single word"))
    return tags


def finer(pieces: Iterable[tuple[float, str]], phrases: Phrases) -> dict[str, Said]:
    """Return by code how much each finer topic is said."""
    found: dict[str, Said] = {}
    for weight, text in pieces:
        for code, phrase in phrases.found_in(text):
            found.setdefault(code, Said()).add(weight, phrase)
    return found


def finer_tags(
    said: dict[str, Said], judged: Judged, columns: tuple[str, ...], vocabulary: Vocabulary, printed: dict[str, str]
) -> list[Tag]:
    """Return the finer topics that are said enough, most said first."""
    tags: list[Tag] = []
    for code, how in sorted(said.items(), key=lambda entry: (-entry[1].amount, entry[0])):
        column = columns.index(vocabulary.top(code))
        least = SAID if judged.chances[column] >= PLAUSIBLE else SAID_ELSEWHERE
        if how.amount >= least and len(tags) < MOST_FINER:
            relevance = min(95, round(25 + 8 * how.amount))
            why = ", ".join(spelled(phrase, printed) for phrase in how.phrases[:4])
            confidence = min(SUREST_FINER, round((judged.confidence(column) + 80) / 2 * (1 - 0.5 ** (how.amount / 2))))
            tags.append(tag(vocabulary.concepts[code], relevance, confidence, why))
    return tags


def spelled(feature: str, printed: dict[str, str]) -> str:
    """Return stems as the words that the copy has."""
    return " ".join(printed.get(part, part) for part in feature.split())


def tag(concept: Concept, relevance: int, confidence: int, why: str) -> Tag:
    """Return the tag of a topic."""
    return concept.tag(NAME, VERSION, relevance, confidence, why)


ENRICHER = Enricher(
    name=NAME, version=VERSION, adds=("tags",), load=load, cost=Cost.LIGHT, after=("language", "embedding")
)
