"""The article: one revision of a story, as every stage passes it on.

The JSON form is ninjs 3.1 (IPTC, https://iptc.org/std/ninjs/) with one member of our own, ``newsroom``, for
what ninjs has no place for. :func:`to_ninjs` and :func:`from_ninjs` are the way out to and in from plain ninjs.
Members that this version does not know are kept and handed on: a newer neighbour may have written them.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.uris import as_uri

__all__ = [
    "NINJS_SCHEMA",
    "REVISION_STEP",
    "AlsoFrom",
    "AltId",
    "Amends",
    "Applied",
    "Article",
    "Association",
    "Assumption",
    "Body",
    "Change",
    "Dateline",
    "Description",
    "Enrichment",
    "Genre",
    "Headline",
    "InfoSource",
    "Kind",
    "Link",
    "Named",
    "Newsroom",
    "Point",
    "Position",
    "PubStatus",
    "Rendition",
    "Ruled",
    "Skipped",
    "Standard",
    "Subject",
    "Tag",
    "Treatment",
    "from_ninjs",
    "to_ninjs",
]

NINJS_SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"

REVISION_STEP = 16
"""Ingest leaves this much room between two revisions of a story. The amendments that enrich makes of a revision take
the numbers in between, so that nobody has to ask ingest for one and no later copy is ever overtaken."""

StoryId = Annotated[str, Field(pattern=r"^[0-9a-z]{1,64}$")]
Percent = Annotated[int, Field(ge=0, le=100)]


class Part(BaseModel):
    """A piece of an article: camelCase outside, snake_case inside, unknown members kept."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="allow", frozen=True)


class PubStatus(StrEnum):
    """IPTC publishing status. ``withheld`` may come back; ``canceled`` never does by itself."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


class Change(StrEnum):
    """What a revision is to the one before it."""

    NEW = "new"
    UPDATE = "update"
    CORRECTION = "correction"
    AMEND = "amend"
    WITHHOLD = "withhold"
    KILL = "kill"
    REINSTATE = "reinstate"


class Treatment(StrEnum):
    """How the copy of a revision was made, in the words of the wire, as far as the copy says so."""

    UPDATE = "update"
    CORRECTION = "correction"
    WRITETHRU = "writethru"
    """The whole story, written anew."""
    LEAD = "lead"
    """A new beginning, and the story after it."""
    TAKE = "take"
    """Goes on where the take before it ended; a story of its own here, so that it overwrites nothing."""


class Headline(Part):
    value: str
    role: str = "main"
    content_type: str | None = None


class Description(Part):
    value: str
    role: str = "summary"
    content_type: str | None = None


class Body(Part):
    """``value`` is ``text/html``: block elements only, already sanitised where it was taken in."""

    value: str
    role: str = "main"
    content_type: str = "text/html"
    char_count: int | None = None
    word_count: int | None = None


class Named(Part):
    """A person, organisation or place (ninjs ``people``, ``organisations``, ``places``)."""

    name: str
    rel: str | None = None
    uri: str | None = None
    literal: str | None = None


class Subject(Part):
    name: str
    rel: str | None = None
    uri: str | None = None
    literal: str | None = None
    creator: str | None = None
    relevance: Percent | None = None
    confidence: Percent | None = None


class InfoSource(Part):
    name: str
    role: str | None = None
    uri: str | None = None


class AltId(Part):
    role: str
    value: str


class Genre(Part):
    name: str
    uri: str | None = None


class Rendition(Part):
    """One file of a picture. ``href`` is its address at the provider's, ``width`` and ``height`` are pixels."""

    name: str
    href: str | None = None
    content_type: str | None = None
    title: str | None = None
    width: Annotated[int, Field(ge=0)] | None = None
    height: Annotated[int, Field(ge=0)] | None = None


class Association(Part):
    """An item that goes with this one. ``type`` is ``picture`` in all that ingest writes."""

    name: str
    uri: str
    type: str = "picture"
    rel: str | None = None
    by: str | None = None
    """The photographer."""
    copyright_holder: str | None = None
    copyright_notice: str | None = None
    usage_terms: str | None = None
    headlines: tuple[Headline, ...] = ()
    descriptions: tuple[Description, ...] = ()
    """With the roles ``caption``, for all readers, and ``alt``, for those who do not see the picture."""
    info_sources: tuple[InfoSource, ...] = ()
    """With the role ``credit``: who is to be named beside the photographer."""
    renditions: tuple[Rendition, ...] = ()

    def description(self, role: str) -> str:
        """Return the description in this role, or the empty string."""
        return next((part.value for part in self.descriptions if part.role == role), "")


class Standard(Part):
    name: Literal["ninjs"] = "ninjs"
    version: str = "3.1"
    schema_: str = Field(default=NINJS_SCHEMA, alias="schema")


# ------------------------------------------------------------------ what ninjs has no place for


class Assumption(Part):
    """Something that the copy did not say and ingest settled, so that a reader of the event can unsettle it."""

    code: str
    detail: str


class Dateline(Part):
    """Where, by whom and when the copy says it was written, as printed and as read."""

    text: str
    place: str | None = None
    """The first place, as printed."""
    country: str | None = None
    """The country or region that the dateline itself names."""
    agency: str | None = None
    date: str | None = None
    """ISO 8601, as far as it is told: ``2026-06-17``, or ``--06-17`` where the year is not."""
    also: tuple[str, ...] = ()
    """Further places: *LONDON* in ``NEW YORK/LONDON``."""


class AlsoFrom(Part):
    """A copy of the same text by another provider, folded into this story and kept in the archive."""

    provider: str
    source: str
    story_id: StoryId
    """The name that the copy is booked under; it has no page of its own while it is folded."""
    raw: str | None = None
    url: str | None = None


class Kind(StrEnum):
    """What a tag names."""

    TOPIC = "topic"
    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"


class Position(Part):
    """Where a name stands. Characters are Unicode code points of text without markup, white space collapsed."""

    part: Literal["headline", "body"]
    paragraph: int = 0
    """Number of the block element in the body, from 0; 0 for the headline."""
    start: int
    end: int
    """Past the last character."""


class Point(Part):
    """WGS 84, degrees."""

    lat: float
    lon: float


class Tag(Part):
    """A finding of an enricher or of a rule. ``relevance`` and ``confidence`` run from 0 to 100."""

    scheme: str
    """``mediatopic``, ``geonames``, ``iso3166``, ``wikidata``, ``name`` (no code), or a rule's own."""
    code: str | None = None
    name: str
    kind: Kind = Kind.TOPIC
    rel: Literal["about", "mention"] = "about"
    relevance: Percent = 50
    """How much the story is about it."""
    confidence: Percent = 50
    """How sure the enricher is that the tag is right; docs/tagging.md says how far that is measured."""
    positions: tuple[Position, ...] = ()
    country: str | None = None
    """ISO 3166-1 alpha-2, of a place."""
    point: Point | None = None
    enricher: str
    version: str = "1"
    explanation: str | None = None
    """The words or the rule that led to it."""


class Link(Part):
    """Another story that this one belongs with, as far as this newsroom remembers."""

    story_id: StoryId
    headline: str
    rel: Literal["duplicate", "event", "related"]
    """The same text; the same event; the same subject."""
    score: Percent
    enricher: str
    version: str = "1"
    explanation: str | None = None


class Ruled(Part):
    """A rule of the newsroom that this story met, and what it did."""

    name: str
    did: tuple[str, ...] = ()
    was: dict[str, str] = {}
    """What stood where the rule set something, so that it can be taken back and asked again."""


class Amends(Part):
    """The revision whose metadata an ``amend`` from enrich completes, and what that revision was."""

    revision: int
    change: Change


class Applied(Part):
    name: str
    version: str


class Skipped(Part):
    """An enricher that did not contribute, and why: ``late``, ``failed`` or ``deferred`` (urgent copy goes first)."""

    name: str
    reason: Literal["late", "failed", "deferred"]
    detail: str | None = None


class Enrichment(Part):
    applied: tuple[Applied, ...] = ()
    filled: tuple[str, ...] = ()
    """Members that the copy left open and enrich filled in, by their JSON names: ``language``, ``keywords``…"""
    skipped: tuple[Skipped, ...] = ()


class Newsroom(Part):
    """The newsroom's own facts about a revision."""

    story_id: StoryId
    revision: Annotated[int, Field(gt=0)]
    change: Change
    source: str
    """The configured source that the copy came through."""
    provider: str
    """Who wrote it, as a reader should see it."""
    section: str = "news"
    received: AwareDatetime
    raw: str | None = None
    """SHA-256 of the bytes as received: the name of the copy in the raw archive."""
    raw_type: str | None = None
    """Media type that the bytes were read as."""
    url: str | None = None
    """The page that the copy was first published on."""
    identity: Literal["declared", "inferred"] = "declared"
    """Whether the provider named the story, or we told it from the copy itself."""
    dateline: Dateline | None = None
    assumptions: tuple[Assumption, ...] = ()
    also_from: tuple[AlsoFrom, ...] = ()
    treatment: Treatment | None = None
    keywords: tuple[str, ...] = ()
    word_count: int | None = None
    reading_minutes: int | None = None
    tags: tuple[Tag, ...] = ()
    links: tuple[Link, ...] = ()
    routes: tuple[str, ...] = ()
    """Subscribers that a rule routes the story to, by name."""
    rules: tuple[Ruled, ...] = ()
    amends: Amends | None = None
    enrichment: Enrichment = Enrichment()


class Article(Part):
    """One revision of one story. Field names and meanings are those of ninjs 3.1."""

    uri: str
    type: Literal["text"] = "text"
    representation_type: Literal["full", "partial"] | None = None
    version: str | None = None
    first_created: AwareDatetime | None = None
    version_created: AwareDatetime | None = None
    content_created: AwareDatetime | None = None
    embargoed_until: AwareDatetime | None = None
    pub_status: PubStatus = PubStatus.USABLE
    urgency: Annotated[int, Field(ge=1, le=9)] | None = None
    copyright_holder: str | None = None
    copyright_notice: str | None = None
    usage_terms: str | None = None
    ed_note: str | None = None
    language: str | None = None
    headlines: tuple[Headline, ...] = ()
    descriptions: tuple[Description, ...] = ()
    bodies: tuple[Body, ...] = ()
    people: tuple[Named, ...] = ()
    organisations: tuple[Named, ...] = ()
    places: tuple[Named, ...] = ()
    subjects: tuple[Subject, ...] = ()
    info_sources: tuple[InfoSource, ...] = ()
    title: str | None = None
    by: str | None = None
    slugline: str | None = None
    located: str | None = None
    alt_ids: tuple[AltId, ...] = ()
    genres: tuple[Genre, ...] = ()
    associations: tuple[Association, ...] = ()
    expires: AwareDatetime | None = None
    standard: Standard = Standard()
    newsroom: Newsroom

    @property
    def headline(self) -> str:
        """The main headline; empty when the copy had none."""
        return _main(self.headlines)

    @property
    def body_html(self) -> str:
        """The main body as HTML; empty for kills and headline-only copy."""
        return _main(self.bodies)

    @property
    def summary(self) -> str:
        """The summary, or the empty string."""
        return _main(self.descriptions)

    @property
    def pictures(self) -> tuple[Association, ...]:
        """The pictures that go with the story, the leading one first."""
        return tuple(part for part in self.associations if part.type == "picture")

    @property
    def is_taken_away(self) -> bool:
        """Whether this revision takes copy away: a kill, a withhold, or a status that is not usable."""
        gone = self.newsroom.change in {Change.KILL, Change.WITHHOLD}
        return gone or self.pub_status is not PubStatus.USABLE

    @property
    def published(self) -> datetime:
        """When a reader should believe this story appeared: its own date, else when it reached us."""
        return self.first_created or self.version_created or self.newsroom.received


def _main(parts: tuple[Headline, ...] | tuple[Body, ...] | tuple[Description, ...]) -> str:
    for part in parts:
        if part.role in {"main", "summary"}:
            return part.value
    return parts[0].value if parts else ""


def to_ninjs(article: Article) -> dict[str, Any]:
    """Return plain ninjs 3.1, valid whatever the article holds.

    The schema refuses members that it does not know, at every depth, so unknown ones stay behind, as does
    ``newsroom``. Addresses are written as URIs; one that cannot be is left out, and the article's own, which ninjs
    demands, is then its story's. An association that has none, or is no picture, is left out whole.
    """
    known = Article.model_validate(article.model_dump(by_alias=True), extra="ignore")
    document = known.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"newsroom", "standard"})
    pictures = [_picture(part) for part in document.pop("associations") if part["type"] == "picture"]
    document = {name: _with_uris(value) for name, value in document.items() if value != []}
    if found := [part for part in pictures if part is not None]:
        document["associations"] = found
    return {
        **document,
        "uri": as_uri(article.uri) or f"urn:wireroom:story:{article.newsroom.story_id}",
        "standard": Standard().model_dump(by_alias=True),
    }


def _picture(part: dict[str, Any]) -> dict[str, Any] | None:
    uri = as_uri(part["uri"])
    if uri is None:
        return None
    written = {name: _with_uris(value) for name, value in part.items() if value != []}
    files = [{**file, "href": as_uri(file.get("href") or "")} for file in part["renditions"]]
    shown = [{name: member for name, member in file.items() if member is not None} for file in files]
    return {**written, "uri": uri, **({"renditions": shown} if shown else {})}


def _with_uris(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    parts = [{**part, "uri": as_uri(part["uri"])} if "uri" in part else part for part in value]
    return [{name: member for name, member in part.items() if member is not None} for part in parts]


def from_ninjs(document: dict[str, Any], newsroom: Newsroom) -> Article:
    """Read a ninjs 3.1 document as an article.

    Raises:
        pydantic.ValidationError: the document is not ninjs 3.1, or not text.
    """
    return Article.model_validate({**document, "newsroom": newsroom})
