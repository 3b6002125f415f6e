"""The vocabulary of IPTC Media Topics, with look-ups. Codes are the eight digits; :data:`PREFIX` makes a QCode."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shared.article import Kind, Tag

__all__ = ["PREFIX", "SCHEME", "Concept", "Vocabulary", "load_vocabulary"]

DATA = Path(__file__).parent.parent / "data/mediatopics.json.gz"
SCHEME = "mediatopic"
PREFIX = "medtop:"


@dataclass(frozen=True, slots=True)
class Concept:
    """One Media Topic."""

    code: str
    name: str
    definition: str
    broader: str | None
    retired: str | None
    """The date, ISO 8601."""
    replacement: str | None
    """What the IPTC says to use instead, where it says so."""
    wikidata: str | None

    def tag(self, enricher: str, version: str, relevance: int, confidence: int, why: str) -> Tag:
        """Return the tag that says a story is about it."""
        return Tag(
            scheme=SCHEME,
            code=f"{PREFIX}{self.code}",
            name=self.name,
            kind=Kind.TOPIC,
            rel="about",
            relevance=relevance,
            confidence=confidence,
            enricher=enricher,
            version=version,
            explanation=why,
        )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All concepts, retired ones too: old copy still bears them."""

    concepts: Mapping[str, Concept]
    subjects: Mapping[str, str]
    """From a subject code (the IPTC's vocabulary before this one) to the concept that took its place."""
    labels: Mapping[str, str]
    """From a label in lower case to its living concept."""

    def living(self, code: str) -> Concept | None:
        """Return the concept, or what stands for it today: its replacement, else the nearest living one above it."""
        seen: set[str] = set()
        while (concept := self.concepts.get(code)) is not None and code not in seen:
            if not concept.retired:
                return concept
            seen.add(code)
            code = concept.replacement or concept.broader or ""
        top = self.concepts.get(f"{self.top(next(iter(seen), code))}")
        return top if top and not top.retired else None

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the codes above a concept, nearest first."""
        above: list[str] = []
        concept = self.concepts.get(code)
        while concept and concept.broader and concept.broader not in above:
            above.append(concept.broader)
            concept = self.concepts.get(concept.broader)
        return tuple(above)

    def top(self, code: str) -> str:
        """Return the code of the top-level concept that this one lies under; its own where it is one."""
        return (self.ancestors(code) or (code,))[-1]

    def by_subject(self, subject: str) -> Concept | None:
        """Return the concept of a subject code, or of the nearest code above it that has one."""
        for code in (subject, f"{subject[:5]}000", f"{subject[:2]}000000"):
            if code in self.subjects:
                return self.living(self.subjects[code])
        return None

    def by_label(self, label: str) -> Concept | None:
        """Return the living concept of this very name."""
        code = self.labels.get(" ".join(label.lower().split()))
        return self.concepts[code] if code else None


@cache
def load_vocabulary() -> Vocabulary:
    """Read the vocabulary, once a process."""
    rows: dict[str, dict[str, Any]] = json.loads(gzip.decompress(DATA.read_bytes()))["concepts"]
    concepts = {code: _concept(code, row) for code, row in rows.items()}
    subjects: dict[str, str] = {}
    labels: dict[str, str] = {}
    # Retired concepts first, broad ones last, so that the living and the broadest of a name or subject code win.
    order = sorted(concepts, key=lambda code: (not concepts[code].retired, not code.startswith("2"), code))
    for code in order:
        if "subject" in rows[code]:
            subjects[rows[code]["subject"]] = code
        if not concepts[code].retired:
            labels[concepts[code].name.lower()] = code
    return Vocabulary(concepts, subjects, labels)


def _concept(code: str, row: Mapping[str, Any]) -> Concept:
    told = (row.get(name) for name in ("broader", "retired", "replacement", "wikidata"))
    return Concept(code, row["name"], row.get("definition", ""), *told)
