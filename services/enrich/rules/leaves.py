"""Conditions on fields, words and tags. Each says whether it is met, and what it saw."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from services.enrich.rules.facts import Facts, plainly
from services.enrich.rules.paths import FieldPath
from services.enrich.rules.patterns import READ, compiled
from services.enrich.rules.strict import Strict
from shared.article import Kind, Tag

__all__ = ["FieldIs", "Seen", "TagIs", "Words"]

Seen = tuple[bool, Any]
"""Whether a condition is met, and what it looked at."""
Scalar = StrictStr | StrictBool | StrictInt | StrictFloat
Number = StrictInt | StrictFloat
Percent = Annotated[int, Field(ge=0, le=100)]
Phrase = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


class FieldIs(Strict):
    """``field:``. Of a field with several values, one that passes every test is enough."""

    path: FieldPath = Field(alias="name")
    is_: Scalar | None = Field(None, alias="is")
    one_of: tuple[Scalar, ...] | None = Field(None, min_length=1)
    starts_with: StrictStr | None = None
    matches: StrictStr | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    between: tuple[Number, Number] | None = None
    """Both ends are in."""
    exists: bool | None = None
    case_sensitive: bool = False

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.model_fields_set - {"path", "case_sensitive"}:
            raise ValueError("say what of it: is, one_of, starts_with, matches, at_least, at_most, between or exists")
        if self.between and self.between[0] > self.between[1]:
            raise ValueError("between: the smaller number comes first")
        if self.matches is not None:
            compiled(self.matches, case_sensitive=self.case_sensitive)
        return self

    @property
    def words(self) -> str:
        return f"{self.path} {self.told(leaving=['path'])}"

    def look(self, facts: Facts) -> Seen:
        """Look at the field."""
        values = facts.values(self.path)
        if self.exists is not None and bool(values) != self.exists:
            return False, _shown(values)
        only_exists = self.model_fields_set <= {"path", "exists", "case_sensitive"}
        met = only_exists or any(self._passes(value) for value in values)
        return met, _shown(values)

    def _passes(self, value: Any) -> bool:
        return (
            (self.is_ is None or self._same(value, self.is_))
            and (self.one_of is None or any(self._same(value, one) for one in self.one_of))
            and (self.starts_with is None or self._cased(value).startswith(self._cased(self.starts_with)))
            and (self._pattern is None or bool(self._pattern.search(str(value)[:READ])))
            and self._measures(value)
        )

    def _measures(self, value: Any) -> bool:
        low, high = self.between or (None, None)
        bounds = (self.at_least, low, self.at_most, high)
        if all(bound is None for bound in bounds):
            return True
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return all(bound is None or value >= bound for bound in bounds[:2]) and all(
            bound is None or value <= bound for bound in bounds[2:]
        )

    def _same(self, value: Any, asked: Any) -> bool:
        if isinstance(value, str) and isinstance(asked, str):
            return self._cased(value) == self._cased(asked)
        return type(value) is type(asked) and bool(value == asked)

    def _cased(self, value: Any) -> str:
        return str(value) if self.case_sensitive else str(value).casefold()

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return None if self.matches is None else compiled(self.matches, case_sensitive=self.case_sensitive)


class Words(Strict):
    """``text:``. Whole words and phrases; ``any_of`` and ``all_of`` together must both be met."""

    any_of: tuple[Phrase, ...] = ()
    all_of: tuple[Phrase, ...] = ()
    in_: tuple[Literal["headline", "lead", "body"], ...] = Field(("headline", "body"), alias="in", min_length=1)
    case_sensitive: bool = False

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.any_of and not self.all_of:
            raise ValueError("say which words: any_of or all_of")
        return self

    @property
    def words(self) -> str:
        return f"text {self.told()}"

    def look(self, facts: Facts) -> Seen:
        """Look for the words, and say which are there."""
        text = "\n".join(facts.plain(part, case_sensitive=self.case_sensitive) for part in self.in_)
        asked = (*self.any_of, *self.all_of)
        found = [one for one in asked if _stands_in(plainly(one, case_sensitive=self.case_sensitive), text)]
        met = (not self.any_of or any(one in found for one in self.any_of)) and all(one in found for one in self.all_of)
        return met, found


class TagIs(Strict):
    """``tag:``. One tag that is all of this. A Media Topic is met by its narrower topics too."""

    scheme: str | None = None
    code: StrictStr | None = None
    name: str | None = None
    kind: Kind | None = None
    rel: Literal["about", "mention"] | None = None
    confidence: Percent = 0
    relevance: Percent = 0

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.model_fields_set - {"confidence", "relevance"}:
            raise ValueError("say which tag: scheme, code, name, kind or rel")
        return self

    @property
    def words(self) -> str:
        return f"tag {self.told()}"

    def look(self, facts: Facts) -> Seen:
        """Look through the tags. One that is right but for its confidence or relevance is shown too."""
        alike = [tag for tag in facts.article.newsroom.tags if self._names(tag, facts)]
        sure = [tag for tag in alike if tag.confidence >= self.confidence and tag.relevance >= self.relevance]
        return bool(sure), [_tag_in_words(tag) for tag in (sure or alike)]

    def _names(self, tag: Tag, facts: Facts) -> bool:
        return (
            self.scheme in {None, tag.scheme}
            and (self.name is None or self.name.casefold() == tag.name.casefold())
            and self.kind in {None, tag.kind}
            and self.rel in {None, tag.rel}
            and (self.code is None or self._coded(tag, facts))
        )

    def _coded(self, tag: Tag, facts: Facts) -> bool:
        if tag.code is None or self.code is None:
            return False
        broader = facts.ancestors(tag.code) if tag.scheme == "mediatopic" else ()
        return _bare(self.code) in {_bare(tag.code), *map(_bare, broader)}


def _bare(code: str) -> str:
    return code.removeprefix("medtop:").casefold()


def _tag_in_words(tag: Tag) -> str:
    return f"{tag.scheme}/{tag.code or tag.name} {tag.name} ({tag.confidence} % sure, relevance {tag.relevance})"


def _stands_in(phrase: str, text: str) -> bool:
    """Tell whether the phrase stands in the text with no letter or digit of its own word beside it."""
    at = text.find(phrase)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(phrase) : at + len(phrase) + 1]
        if not (before.isalnum() and phrase[0].isalnum()) and not (after.isalnum() and phrase[-1].isalnum()):
            return True
        at = text.find(phrase, at + 1)
    return False


SHOWN = 5


def _shown(values: list[Any]) -> Any:
    """Return what an explanation shows: short text in full, long text by its beginning."""
    short = [value if not isinstance(value, str) or len(value) <= 80 else value[:79] + "…" for value in values]
    return short[0] if len(short) == 1 else short[:SHOWN] or None
