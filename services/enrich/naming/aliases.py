"""Names across stories: a table of well-known bodies and people, which operators extend in ``newsroom.yaml``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from services.enrich.stop_words import ENGLISH
from shared.settings import read_newsroom

__all__ = ["AliasTable", "NameEntry", "Names", "own_names", "shipped_names"]

SHIPPED = Path(__file__).resolve().parents[1] / "data" / "aliases.yaml"
WORD = re.compile(r"[^\W_](?:[\w'\u2019.&]*\w)?(?:-\w+)*")
Name = Annotated[str, Field(min_length=2, max_length=120)]


class NameEntry(BaseModel):
    """One entry of ``names:`` in ``newsroom.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    """As the newsroom writes it."""
    kind: Literal["person", "organisation"] = "organisation"
    aliases: tuple[Name, ...] = ()
    wikidata: Annotated[str, Field(pattern=r"^Q[1-9]\d*$")] | None = None
    ambiguous: tuple[Name, ...] = ()
    """Names that others bear too: they count as this one only where the story also has a name in full."""


class Names(RootModel[tuple[NameEntry, ...]]):
    """``names:`` in ``newsroom.yaml``, a list."""

    root: tuple[NameEntry, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_an_empty_list(cls, value: Any) -> Any:
        return value or ()


class AliasTable:
    """Entries by every name that they go by; what comes later in the list wins, so an operator's own stand last."""

    def __init__(self, entries: Iterable[NameEntry]) -> None:
        self._sure: dict[str, NameEntry] = {}
        self._unsure: dict[str, NameEntry] = {}
        for entry in entries:
            doubtful = {name.casefold() for name in entry.ambiguous}
            for name in (entry.name, *entry.aliases, *entry.ambiguous):
                (self._unsure if name.casefold() in doubtful else self._sure)[name.casefold()] = entry

        self._exact = {
            name
            for entry in self._sure.values()
            for name in (entry.name, *entry.aliases)
            if name.casefold() in self._sure and name.casefold() not in ENGLISH
        }
        self._longest = max((len(name.split()) for name in self._exact), default=0)

    def named_in(self, text: str) -> Iterator[tuple[int, int, NameEntry]]:
        """Yield where a text has names of the table, as they are spelt there, ambiguous ones left out."""
        words = list(WORD.finditer(text))
        number = 0
        while number < len(words):
            start, step = words[number].start(), 1
            if text[start].isupper():
                for length in range(min(self._longest, len(words) - number), 0, -1):
                    end = words[number + length - 1].end()
                    if text[start:end] in self._exact:
                        yield start, end, self._sure[text[start:end].casefold()]
                        step = length
                        break
            number += step

    def find(self, name: str, others: Iterable[str] = ()) -> NameEntry | None:
        """Return the entry that goes by a name; for an ambiguous one, only if one of ``others`` names it in full."""
        folded = name.casefold()
        if entry := self._sure.get(folded):
            return entry
        doubtful = self._unsure.get(folded)
        return doubtful if doubtful and any(self._sure.get(other.casefold()) is doubtful for other in others) else None


@cache
def shipped_names() -> tuple[NameEntry, ...]:
    """Read the table that comes with Wireroom."""
    return Names.model_validate(yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))).root


def own_names() -> tuple[NameEntry, ...]:
    """Read the newsroom's own, from where ``NEWSROOM_CONFIG`` says.

    Raises:
        shared.settings.ConfigError: the section does not fit, with its line.
    """
    return read_newsroom(Path(os.environ.get("NEWSROOM_CONFIG", "newsroom.yaml")), "names", Names).root
