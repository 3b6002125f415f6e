"""The parameters of the API, and what is no such parameter."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from services.publish.api.shape import FIELDS
from services.publish.search.question import LONGEST
from services.publish.store.finding import Filters
from shared.article import Kind

__all__ = ["ArticleQuery", "ChangeQuery", "FieldsQuery", "LabelQuery"]

MOST = 100
A_PAGE = 20
_WHOLE = re.compile(r"[0-9]{1,16}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[ +-][0-9]{2}:[0-9]{2}))?"
)
_LEAP_SECOND = re.compile(r"(?<=:[0-9]{2}):60")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_FIELD = "|".join(re.escape(name) for name in sorted(FIELDS, key=len, reverse=True))


def _whole(value: Any) -> Any:
    """Refuse what a program would not write: ``+5``, ``5.0``, ``5_0``."""
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise ValueError("a whole number in decimal digits is expected")
    return value


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = _MOMENT.fullmatch(value)
    if found is None:
        raise ValueError("a date such as 2026-06-17, or a time with its zone such as 2026-06-17T09:30:00Z, is expected")
    # A + that was not encoded arrives as a space, and no other thing can have stood there.
    written = _LEAP_SECOND.sub(":59", value.upper().replace(" ", "+"))
    return datetime.fromisoformat(written if found[1] else f"{written}T00:00:00+00:00")


Whole = BeforeValidator(_whole)
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}),
]
Word = Annotated[str, Field(min_length=1, max_length=160, pattern=r"^[^\x00-\x1f\x7f]+$")]
Sequence = Annotated[int, Field(ge=0, le=9_999_999_999_999_999), Whole]
Limit = Annotated[int, Field(ge=1, le=MOST), Whole]
Fields = Annotated[str, Field(max_length=2_000, pattern=rf"^({_ONE_FIELD})(,({_ONE_FIELD}))*$")]


class FieldsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    fields: Fields | None = Field(
        None,
        description="Members to give, with commas between them, such as `headlines,newsroom.provider`. `uri` is "
        "always given, and of `newsroom` its `storyId`. Plain ninjs has no `newsroom`.",
    )

    @property
    def picked(self) -> frozenset[str]:
        return frozenset(self.fields.split(",")) if self.fields else frozenset()


class _FilterQuery(FieldsQuery):
    section: Word | None = Field(None, description="A key, as in `sections`.")
    topic: Word | None = Field(None, description="A key, as in `newsroom.labels`.")
    place: Word | None = Field(None, description="A key, as in `newsroom.labels`.")
    person: Word | None = Field(None, description="A key, as in `newsroom.labels`.")
    organisation: Word | None = Field(None, description="A key, as in `newsroom.labels`.")
    source: Word | None = Field(None, description="A provider, as in `newsroom.provider`.")
    since: Moment | None = Field(None, description="Dated then or later. A date begins in UTC.")
    until: Moment | None = Field(None, description="Dated before then.")
    limit: Limit = A_PAGE

    @property
    def filters(self) -> Filters:
        return Filters(
            section=self.section,
            labels=tuple((kind, key) for kind in Kind if (key := getattr(self, kind.value)) is not None),
            provider=self.source,
            since=_milliseconds(self.since),
            until=_milliseconds(self.until),
        )

    def again(self, *without: str, **changes: int) -> str:
        """Return this query for an address: ``without`` some parameters, with some that are others."""
        given = self.model_dump(exclude_defaults=True, exclude=set(without))
        return urlencode({name: _written(value) for name, value in {**given, **changes}.items()})


class ArticleQuery(_FilterQuery):
    """What to list, newest first by date; with ``q``, by arrival."""

    q: Annotated[str, Field(min_length=1, max_length=LONGEST)] | None = Field(
        None,
        description='Words that the story has: all of them, `"phrases"` as they stand, none after a `-`. The list is '
        "then in the order of arrival, newest first.",
    )
    before: Sequence | None = Field(None, description="Where the list goes on: take it from `next`.")


class ChangeQuery(_FilterQuery):
    """Which changes to list, in their order."""

    after: Sequence = Field(0, description="The `sequence` of the last answer; 0 begins with the first story.")


class LabelQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Limit = MOST
    after: Word | None = Field(None, description="Where the list goes on: take it from `next`.")


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // timedelta(milliseconds=1)


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
