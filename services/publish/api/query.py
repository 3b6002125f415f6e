"""The parameters of the API, and what is no such parameter."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from services.publish.api.shape import FIELDS
from services.publish.search.question import LONGEST
from services.publish.store.finding import Filters
from shared.article import Kind

__all__ = ["ArticleQuery", "FieldsQuery", "LabelQuery"]

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
Sequence = Annotated[int, Whole, Field(ge=0, le=9_999_999_999_999_999)]
Limit = Annotated[int, Whole, Field(ge=1, le=MOST)]
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


class ArticleQuery(FieldsQuery):
    """What to list. With ``after`` it is what has changed, oldest change first; else the newest stories."""

    section: Word | None = None
    topic: Word | None = Field(None, description="A key, as in `newsroom.labels`.")
    place: Word | None = None
    person: Word | None = None
    organisation: Word | None = None
    source: Word | None = Field(None, description="A provider, as in `newsroom.provider`.")
    q: Annotated[str, Field(min_length=1, max_length=LONGEST)] | None = Field(
        None,
        description='Words that the story has: all of them, `"phrases"` as they stand, none after a `-`. The list is '
        "then in the order of arrival, newest first.",
    )
    since: Moment | None = Field(None, alias="from", description="Dated then or later. A date begins in UTC.")
    until: Moment | None = Field(None, alias="to", description="Dated before then.")
    limit: Limit = A_PAGE
    before: Sequence | None = Field(None, description="Where the list goes on: take it from `next`.")
    after: Sequence | None = Field(
        None,
        description="A sequence: what has changed since, in the order of the changes, each story once and as it "
        "stands now. Stories that left the site are among them whatever the filters are, by name alone.",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.before is not None and self.after is not None:
            raise ValueError("before and after cannot stand together: the one goes by date, the other by change")
        if self.q is not None and self.after is not None:
            raise ValueError("q and after cannot stand together: what has changed may have lost the words")
        return self

    @property
    def filters(self) -> Filters:
        return Filters(
            section=self.section,
            labels=tuple((kind, key) for kind in Kind if (key := getattr(self, kind.value)) is not None),
            provider=self.source,
            since=_milliseconds(self.since),
            until=_milliseconds(self.until),
        )

    def again(self, **changes: int) -> str:
        """Return this query with another place in the list, for an address."""
        given = {name: value for name, value in self.model_dump(by_alias=True, exclude_unset=True).items() if value}
        for name in ("before", "after"):
            given.pop(name, None)
        written = {name: _written(value) for name, value in {**given, **changes}.items()}
        return urlencode(written)


class LabelQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Limit = MOST
    after: Word | None = Field(None, description="Where the list goes on: take it from `next`.")


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // timedelta(milliseconds=1)


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
