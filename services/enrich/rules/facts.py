"""An article as rules look at it: each thing worked out once, and only when a rule asks."""

# ruff: noqa: RUF001 - copy is full of typographic quotes, and they are matched here

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from services.enrich.copy import Copy
from services.enrich.rules.ancestry import ancestors
from shared.article import Article

__all__ = ["WORDS", "Facts", "plainly"]

WORDS = ("headline", "lead", "body")
"""Parts of the copy that are looked at as plain text, under these names."""
QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


@dataclass
class Facts:
    """One article at one moment."""

    article: Article
    now: datetime
    ancestors: Callable[[str], Collection[str]] = ancestors
    """The broader topics of a Media Topic's code."""
    _plain: dict[tuple[str, bool], str] = field(default_factory=dict)

    @cached_property
    def copy(self) -> Copy:
        return Copy.of(self.article)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The article's JSON. The bodies are left out: ``body`` is their text."""
        return self.article.model_dump(mode="json", by_alias=True, exclude={"bodies"})

    def text(self, part: str) -> str:
        """Return one of :data:`WORDS` as plain text."""
        if part == "body":
            return "\n".join(self.copy.paragraphs)
        return self.copy.lead if part == "lead" else self.copy.headline

    def plain(self, part: str, *, case_sensitive: bool) -> str:
        """Return a part as words are looked for in it."""
        wanted = (part, case_sensitive)
        if wanted not in self._plain:
            self._plain[wanted] = plainly(self.text(part), case_sensitive=case_sensitive)
        return self._plain[wanted]

    def values(self, path: str) -> list[Any]:
        """Return what stands at a path: one value, several where it goes through a list, none where it is absent."""
        if path in WORDS:
            return [self.text(path)] if self.text(path) else []
        found: list[Any] = [self.document]
        for step in path.split("."):
            found = [value for one in found for value in _stepped(one, step)]
        return found


def plainly(text: str, *, case_sensitive: bool) -> str:
    """Return text with plain quotes and single spaces, a paragraph a line."""
    lines = "\n".join(" ".join(line.split()) for line in text.translate(QUOTES).split("\n"))
    return lines if case_sensitive else lines.casefold()


def _stepped(value: Any, step: str) -> list[Any]:
    inner = value.get(step) if isinstance(value, dict) else None
    if inner is None:
        return []
    return list(inner) if isinstance(inner, list) else [inner]
