"""What every part of a rule is: nothing in it is unknown, and it can say in words what it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict

__all__ = ["Strict", "in_words"]


class Strict(BaseModel):
    """A part of a rule. A misspelt member would be a rule that silently does nothing, so it is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True)

    def told(self, leaving: Iterable[str] = ()) -> str:
        """Return the members that the operator gave, in words: ``is sport, case_sensitive true``."""
        left_out = {*leaving}
        given = type(self).model_fields.items()
        return ", ".join(
            f"{(field.alias or name).replace('_', ' ')} {in_words(getattr(self, name))}"
            for name, field in given
            if name in self.model_fields_set and name not in left_out
        )


def in_words(value: Any) -> str:
    """Return a value of a rule, or of an article, on one line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list | set | frozenset):
        return " | ".join(map(in_words, value)) or "nothing"
    return " ".join(str(value).split())
