"""Keywords: what the story keeps saying, for English copy only.

A first list without a model: how often, how early and whether capitalised. Copy in another language gets none.
"""

# ruff: noqa: RUF001 - copy is full of typographic quotes, and they are matched here

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from services.enrich.additions import Additions, Enrich, Enricher
from services.enrich.stop_words import ENGLISH
from services.enrich.text import WORD, paragraphs
from shared.article import Article

__all__ = ["ENRICHER", "find_keywords"]

MOST = 10
LONGEST_NAME = 4
"""Words of a capitalised run that are taken as one name."""
SHORTEST_WORD = 4
"""Letters of an ordinary word; names may be shorter (*UN*, *Oslo*)."""
READ = 60_000
"""Characters of the body that are read: what a longer one is about stands in its beginning."""
STOPPED_SHARE = 0.2
"""English prose is a third to a half stop words, other languages in Latin letters under a tenth."""

SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z])")
HEADLINE, LEAD, REST = 3.0, 2.0, 1.0
CAPITALISED = 2.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One occurrence of a term. Only a capital inside a sentence says that it is a name."""

    term: str
    weight: float
    named: bool


def find_keywords(article: Article) -> Additions:
    """Return up to ten terms, best first, in the spelling that the copy uses most."""
    body = _bounded(paragraphs(article.body_html))
    if not _is_english(article.language, " ".join([article.headline, *body])):
        return Additions()
    seen = _terms(article.headline, body)
    return Additions(keywords=tuple(_best(seen)))


def _bounded(body: list[str]) -> list[str]:
    kept, size = [], 0
    for paragraph in body:
        kept.append(paragraph[: READ - size])
        size += len(paragraph)
        if size >= READ:
            break
    return kept


def _is_english(declared: str | None, text: str) -> bool:
    """Believe the provider, else count stop words: no other enricher's verdict is waited for."""
    if declared:
        return declared.lower().split("-")[0] == "en"
    words = [word.casefold() for word in WORD.findall(text)]
    return sum(word in ENGLISH for word in words) >= STOPPED_SHARE * max(len(words), 1)


def _terms(headline: str, body: list[str]) -> list[Seen]:
    """Return every term. Capitals of a headline prove nothing (many desks capitalise every word): the body's do."""
    seen: list[Seen] = []
    for number, paragraph in enumerate(body):
        for sentence in SENTENCE.split(paragraph):
            seen += _in_sentence(sentence, LEAD if number == 0 else REST)
    names = {one.term.casefold() for one in seen if one.named}
    return seen + list(_in_headline([_bare(word) for word in WORD.findall(headline)], names))


def _in_headline(words: list[str], names: set[str]) -> Iterator[Seen]:
    """Yield the longest names that the body knows, and the single words between them."""
    start = 0
    while start < len(words):
        for length in range(min(LONGEST_NAME, len(words) - start), 0, -1):
            term = " ".join(words[start : start + length])
            if length == 1 or term.casefold() in names:
                yield Seen(term, HEADLINE, named=False)
                start += length
                break


def _in_sentence(sentence: str, weight: float) -> Iterator[Seen]:
    """Yield names, which are runs of capitalised words, and single words. One capital at the start proves nothing."""
    run: list[str] = []
    proven = False
    for first, word, joined in _words(sentence):
        capital = word[0].isupper() and word.casefold() not in ENGLISH
        if run and not (joined and capital and len(run) < LONGEST_NAME):
            yield Seen(" ".join(run), weight, named=proven or len(run) > 1)
            run = []
        if capital:
            run, proven = [*run, word], not first
        elif word.casefold() not in ENGLISH:
            yield Seen(word, weight, named=False)
    if run:
        yield Seen(" ".join(run), weight, named=proven or len(run) > 1)


def _words(sentence: str) -> Iterator[tuple[bool, str, bool]]:
    """Yield (first of its sentence, word, nothing but a space since the word before)."""
    end = 0
    for found in WORD.finditer(sentence):
        yield found.start() == 0 or not end, _bare(found[0]), sentence[end : found.start()] == " "
        end = found.end()


def _bare(word: str) -> str:
    return re.sub(r"['’]s$", "", word)


def _best(seen: list[Seen]) -> list[str]:
    """Rank by weight; a term must come twice, or be a name, or stand in a headline that the body takes up."""
    scores: defaultdict[str, float] = defaultdict(float)
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    names = {one.term.casefold() for one in seen if one.named}
    for one in seen:
        key = one.term.casefold()
        if key in names or (len(key) >= SHORTEST_WORD and key not in ENGLISH and not key[0].isdigit()):
            scores[key] += one.weight * (CAPITALISED if key in names else 1.0)
            spellings[key][one.term] += 2 if one.named else 1
    often = Counter(one.term.casefold() for one in seen)
    ranked = sorted((key for key in scores if often[key] > 1 or key in names), key=lambda key: (-scores[key], key))
    return [_spelling(spellings[key]) for key in _without_parts(ranked)[:MOST]]


def _without_parts(ranked: list[str]) -> list[str]:
    """Drop a term that is part of one ranked above it: *Stoltenberg* after *Jens Stoltenberg*."""
    kept: list[str] = []
    for key in ranked:
        if not any(f" {key} " in f" {better} " for better in kept):
            kept.append(key)
        if len(kept) == MOST:
            break
    return kept


def _spelling(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda term: (-spellings[term], term))


def load() -> Enrich:
    """There is no model."""
    return find_keywords


ENRICHER = Enricher(name="keywords", version="1", adds=("keywords",), load=load)
