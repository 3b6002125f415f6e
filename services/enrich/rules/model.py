"""``rules:`` in ``newsroom.yaml``."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, RootModel, StrictStr, field_validator, model_validator

from services.enrich.rules.conditions import Condition
from services.enrich.rules.strict import Strict
from services.enrich.rules.windows import Embargo
from shared.article import Kind, Percent
from shared.settings import Section

__all__ = ["RULE", "AddTag", "Rule", "Rules", "Then"]

RULE = "rule:"
"""Begins the enricher's name of a tag that a rule gave."""

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Said = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


class AddTag(Strict):
    """A tag to give. It is as sure as the operator who wrote the rule."""

    scheme: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")] = "name"
    code: StrictStr | None = None
    name: Said
    kind: Kind = Kind.TOPIC
    rel: Literal["about", "mention"] = "about"
    relevance: Percent = 50
    confidence: Percent = 100
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None


class Then(Strict):
    """What to do with a story that meets the conditions."""

    tags: tuple[AddTag, ...] = ()
    section: Section | None = None
    urgency: Annotated[int, Field(ge=1, le=9)] | None = None
    embargo: Embargo | None = None
    hold: Said | None = None
    """Why, for the editor who is to look at it."""
    route: tuple[Name, ...] = ()

    @field_validator("route", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not any(getattr(self, name) for name in self.model_fields_set):
            raise ValueError("say what to do: tags, section, urgency, embargo, hold or route")
        return self


class Rule(Strict):
    name: Name
    when: Condition
    then: Then


class Rules(RootModel[tuple[Rule, ...]]):
    """The rules, in the order in which they are asked."""

    model_config = ConfigDict(frozen=True)

    root: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [rule.name for rule in self.root]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two rules are called {name!r}")
        return self
