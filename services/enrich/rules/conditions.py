"""Conditions, nested with all, any and not, and the tree of what each of them saw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from pydantic import Field, model_validator

from services.enrich.rules.facts import Facts
from services.enrich.rules.leaves import FieldIs, TagIs, Words
from services.enrich.rules.strict import Strict
from services.enrich.rules.windows import Window

__all__ = ["Condition", "Node"]

DEEPEST = 10
"""Levels of nesting. Nobody reads more, and YAML can nest without end."""


@dataclass(frozen=True, slots=True)
class Node:
    """A condition, whether it was met, and what it saw."""

    condition: Condition
    met: bool
    saw: Any = None
    under: tuple[Node, ...] = ()

    @property
    def words(self) -> str:
        return self.condition.words


class Condition(Strict):
    """Exactly one of these. Every condition is looked at, even where another has settled it: it is to be explained."""

    all_: tuple[Condition, ...] | None = Field(None, alias="all", min_length=1)
    any_: tuple[Condition, ...] | None = Field(None, alias="any", min_length=1)
    not_: Condition | None = Field(None, alias="not")
    field: FieldIs | None = None
    text: Words | None = None
    tag: TagIs | None = None
    time: Window | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if len([name for name in self.model_fields_set if getattr(self, name) is not None]) != 1:
            raise ValueError("one condition a place: all, any, not, field, text, tag or time")
        if self.depth > DEEPEST:
            raise ValueError(f"conditions nest {DEEPEST} deep at most")
        return self

    @property
    def under(self) -> tuple[Condition, ...]:
        """The conditions that this one is made of."""
        return self.all_ or self.any_ or ((self.not_,) if self.not_ else ())

    @property
    def depth(self) -> int:
        return 1 + max((one.depth for one in self.under), default=0)

    @property
    def words(self) -> str:
        """What is asked for, on one line; of a group, only how it is joined."""
        if leaf := self._leaf:
            return leaf.words
        return "all of" if self.all_ else "any of" if self.any_ else "not"

    def look(self, facts: Facts) -> Node:
        """Look at the article."""
        if leaf := self._leaf:
            met, saw = leaf.look(facts)
            return Node(self, met, saw)
        under = tuple(one.look(facts) for one in self.under)
        if self.not_:
            return Node(self, not under[0].met, under=under)
        return Node(self, self._joined(one.met for one in under), under=under)

    def _joined(self, met: Iterator[bool]) -> bool:
        return all(met) if self.all_ else any(met)

    @property
    def _leaf(self) -> FieldIs | Words | TagIs | Window | None:
        return self.field or self.text or self.tag or self.time
