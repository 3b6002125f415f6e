"""Declared: the topics that the provider itself gives, as IPTC Media Topics of today.

It reads codes of Media Topics and of the subject codes before them, whatever the notation, and names and keywords that
are a Media Topic's very label. A retired concept becomes what stands for it today; none vanishes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.enrich.additions import Additions, Cost, Enrich, Enricher, each
from services.enrich.copy import Copy
from services.enrich.topics.vocabulary import PREFIX, Concept, Vocabulary, load_vocabulary
from shared.article import Subject, Tag

__all__ = ["ENRICHER"]

NAME, VERSION = "declared", "1"
OURS = "urn:wireroom:"
"""Creator of the subjects that we found ourselves: an amended article is not evidence for itself."""
MEDIATOPIC = re.compile(r"(?:mediatopic[/:]|medtop:)(\d{8})\b", re.IGNORECASE)
SUBJECT = re.compile(r"(?:subjectcode[/:]|subj:|iptc:|^)(\d{8})\b", re.IGNORECASE)
BY_CODE, BY_NAME = 99, 95


def load() -> Enrich:
    """Read the vocabulary."""
    vocabulary = load_vocabulary()

    def find_declared(copy: Copy) -> Additions:
        found: dict[str, Tag] = {}
        for tag in declared(copy, vocabulary):
            if tag.code and (tag.code not in found or found[tag.code].confidence < tag.confidence):
                found[tag.code] = tag
        return Additions(tags=tuple(found.values()))

    return each(find_declared)


def declared(copy: Copy, vocabulary: Vocabulary) -> Iterator[Tag]:
    """Yield a tag for each topic that the copy declares, in its order."""
    for subject in copy.article.subjects:
        if not (subject.creator or "").startswith(OURS):
            found = by_code(subject, vocabulary)
            yield from [found] if found else by_label(subject.name, "declared by the provider", vocabulary)
    for keyword in copy.article.newsroom.keywords:
        yield from by_label(keyword, "a keyword of the provider", vocabulary)


def by_code(subject: Subject, vocabulary: Vocabulary) -> Tag | None:
    """Read the codes of a subject. Topics and subject codes look alike: a bare one may be either."""
    said = [text for text in (subject.uri, subject.literal) if text]
    for text in said:
        if (match := MEDIATOPIC.search(text)) and match[1] in vocabulary.concepts:
            return _coded(match[1], vocabulary)
    for text in said:
        if match := SUBJECT.search(text):
            if (concept := vocabulary.by_subject(match[1])) is not None:
                why = f"declared by the provider as subject code {match[1]}"
                return _tag(concept, BY_CODE if match[1] in vocabulary.subjects else BY_NAME, why)
            if match[1] in vocabulary.concepts:
                return _coded(match[1], vocabulary)
    return None


def by_label(label: str, why: str, vocabulary: Vocabulary) -> Iterator[Tag]:
    """Yield the tag of a name that is a topic's label."""
    concept = vocabulary.by_label(label)
    if concept:
        yield _tag(concept, BY_NAME, why)


def _coded(code: str, vocabulary: Vocabulary) -> Tag | None:
    concept, given = vocabulary.living(code), vocabulary.concepts[code]
    if concept is None:
        return None
    retired = f" as {PREFIX}{code}, {given.name}, retired on {given.retired}" if given.retired else ""
    return _tag(concept, BY_NAME if retired else BY_CODE, f"declared by the provider{retired}")


def _tag(concept: Concept, confidence: int, why: str) -> Tag:
    return concept.tag(NAME, VERSION, 80, confidence, why)


ENRICHER = Enricher(name=NAME, version=VERSION, adds=("tags",), load=load, cost=Cost.INSTANT)
