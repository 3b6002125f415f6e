"""Events: CloudEvents 1.0 laid flat on a Redis stream entry, each attribute a field, ``data`` the JSON body.

``redis-cli XRANGE article.published - + COUNT 1`` shows one as it is. Attributes and members that this version
does not know survive: they are read, kept and written again, so a neighbour may be newer.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from shared.article import Article, Change

__all__ = [
    "ArticleDeferred",
    "ArticleEnriched",
    "ArticleIngested",
    "ArticlePublished",
    "Event",
    "InvalidEvent",
    "Outcome",
    "StageOutcome",
    "StageResult",
    "new_traceparent",
    "trace_id",
]

Traceparent = Annotated[str, Field(pattern=r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")]


class InvalidEvent(ValueError):
    """An entry that is not the event its topic carries. ``code`` is stable, ``detail`` is for a person."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Event(BaseModel):
    """The CloudEvents attributes that every event carries. Subclasses give ``data`` its type."""

    model_config = ConfigDict(extra="allow", frozen=True)

    event_type: ClassVar[str]
    stage: ClassVar[str]

    id: str
    source: str
    specversion: Literal["1.0"] = "1.0"
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    storyrevision: int | None = None
    sequence: str | None = None
    urgency: Annotated[int, Field(ge=1, le=9)] | None = None
    traceparent: Traceparent

    def to_fields(self) -> dict[str, str]:
        """Return the stream entry: field names to text, the body as compact JSON under ``data``."""
        fields: dict[str, str] = {}
        for name, value in self:
            if name == "data" or value is None:
                continue
            fields[name] = rfc3339(value) if isinstance(value, datetime) else str(value)
        data: BaseModel = self.data  # type: ignore[attr-defined]  # every concrete event has one
        fields["data"] = data.model_dump_json(by_alias=True, exclude_none=True)
        return fields

    @classmethod
    def from_fields(cls, fields: Mapping[bytes, bytes]) -> Self:
        """Read a stream entry.

        Raises:
            InvalidEvent: a code among ``not_utf8``, ``no_data``, ``wrong_type``, ``invalid_event``.
        """
        try:
            attributes: dict[str, Any] = {k.decode(): v.decode() for k, v in fields.items()}
        except UnicodeDecodeError as error:
            raise InvalidEvent("not_utf8", str(error)) from error
        if "data" not in attributes:
            raise InvalidEvent("no_data", f"fields are {sorted(attributes)}")
        if attributes.get("type") != cls.event_type:
            raise InvalidEvent("wrong_type", f"type is {attributes.get('type')!r}, not {cls.event_type!r}")
        try:
            body = cls.model_fields["data"].annotation.model_validate_json(attributes["data"])  # type: ignore[union-attr]
            return cls.model_validate({**attributes, "data": body})
        except ValidationError as error:
            raise InvalidEvent("invalid_event", summarise(error)) from error


class ArticleEvent(Event):
    """An event whose body is the whole article, so that readers need no order and no second look-up."""

    data: Article
    mark: ClassVar[str] = ""
    """Ends the event's id; the stage's name where a stage makes one event of a revision."""

    @classmethod
    def of(cls, article: Article, /, *, traceparent: str, **extensions: Any) -> Self:
        """Make the event that this stage emits for ``article``; its id is the same however often it is made."""
        newsroom = article.newsroom
        return cls(
            id=f"{newsroom.story_id}.{newsroom.revision}.{cls.mark or cls.stage}",
            source=f"/wireroom/{cls.stage}",
            type=cls.event_type,
            subject=newsroom.story_id,
            time=datetime.now(UTC),
            dataschema=f"urn:wireroom:schema:{cls.event_type}",
            storyrevision=newsroom.revision,
            urgency=article.urgency,
            traceparent=traceparent,
            data=article,
            **extensions,
        )

    def extensions(self) -> dict[str, Any]:
        """Attributes that this version does not know: pass them to :meth:`of` to keep them over a hop."""
        return dict(self.model_extra or {})

    @property
    def is_urgent(self) -> bool:
        """Kills, withholds and flashes (urgency 1 and 2) travel in the urgent lane."""
        return self.data.newsroom.change in {Change.KILL, Change.WITHHOLD} or (self.urgency or 9) <= 2


class ArticleIngested(ArticleEvent):
    event_type: ClassVar[str] = "newsroom.article.ingested.v1"
    stage: ClassVar[str] = "ingest"


class ArticleEnriched(ArticleEvent):
    event_type: ClassVar[str] = "newsroom.article.enriched.v1"
    stage: ClassVar[str] = "enrich"


class ArticleDeferred(ArticleEvent):
    """A revision that enrich sent on before all was said of it; ``newsroom.enrichment.skipped`` names what is owed.

    The article is as ingest gave it. Enrich itself reads this and sends what was missing after it, as an ``amend``.
    """

    event_type: ClassVar[str] = "newsroom.article.deferred.v1"
    stage: ClassVar[str] = "enrich"
    mark: ClassVar[str] = "deferred"


class ArticlePublished(ArticleEvent):
    """``sequence`` is the site store's: it only grows, and orders every change of the site."""

    event_type: ClassVar[str] = "newsroom.article.published.v1"
    stage: ClassVar[str] = "publish"


class Outcome(StrEnum):
    """What one stage did with one input. Exactly one each, so that the books balance."""

    EMITTED = "emitted"
    DUPLICATE = "duplicate"
    STALE = "stale"
    FILTERED = "filtered"
    HELD = "held"
    DEAD_LETTERED = "dead_lettered"


class StageResult(BaseModel):
    """The body of a :class:`StageOutcome`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="allow", frozen=True)

    stage: str
    outcome: Outcome
    input: str
    """The event's id, or the receipt's for what ingest was given."""
    story_id: str | None = None
    revision: int | None = None
    change: Change | None = None
    origin: str | None = None
    """The configured source that the copy came through."""
    code: str | None = None
    detail: str | None = None
    emitted: str | None = None
    """The id of the event that this input led to."""
    raw: str | None = None
    deliveries: int = 1
    duration_ms: float | None = None
    """Milliseconds that the stage worked on the input."""
    since_received_ms: float | None = None
    """Milliseconds since the copy reached ingest."""


class StageOutcome(Event):
    event_type: ClassVar[str] = "newsroom.stage.outcome.v1"
    stage: ClassVar[str] = "log"

    data: StageResult

    @classmethod
    def of(cls, result: StageResult, *, traceparent: str) -> Self:
        """Make the outcome event of one input at one stage; its id is the same however often it is made."""
        return cls(
            id=f"{result.input}.{result.stage}.outcome",
            source=f"/wireroom/{result.stage}",
            type=cls.event_type,
            subject=result.story_id or result.input,
            time=datetime.now(UTC),
            dataschema=f"urn:wireroom:schema:{cls.event_type}",
            storyrevision=result.revision,
            traceparent=traceparent,
            data=result,
        )


def new_traceparent() -> str:
    """Start a trace (W3C Trace Context): one for each piece of copy, from the wire to the page."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def trace_id(traceparent: str) -> str:
    """Return the trace's id: 32 hexadecimal digits."""
    return traceparent[3:35]


def rfc3339(moment: datetime) -> str:
    """Write a moment in UTC with milliseconds, the form that every stream field uses."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def summarise(error: ValidationError) -> str:
    """Say in one line what is wrong and where, without repeating the copy itself into a log."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    shown = [f"{'.'.join(map(str, p['loc'])) or 'event'}: {p['msg']}" for p in problems[:5]]
    more = f" (and {len(problems) - 5} more)" if len(problems) > 5 else ""
    return "; ".join(shown) + more
