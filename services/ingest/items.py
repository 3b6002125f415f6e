"""What a parser hands over: one item of copy, as the copy says it, before anything is decided about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from shared.article import Association, Assumption, Change, Dateline, Genre, Named, PubStatus, Subject

__all__ = ["Authentication", "Hints", "Item", "Parsed", "UnreadableCopy", "Warned"]


class UnreadableCopy(ValueError):
    """The bytes are not copy in the format they claim. ``code`` is stable, ``detail`` is for a person."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the source's configuration and the transfer say about copy that may not say it itself."""

    provider: str
    """Name of the provider, used where the copy does not name its own."""
    timezone: tzinfo
    """Zone of dates that carry none; every use of it is recorded as an assumption."""
    timezone_name: str
    received: datetime
    section: str = "news"
    language: str | None = None
    url: str | None = None
    """Where the copy was published, when the sender said so (``Content-Location``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """One ``Authentication-Results`` header of an e-mail (RFC 8601): results in lower case, ``none`` when not told.

    Anybody can write this header. Only that of the receiver's own ``server`` means anything, and of several with
    its name only the first: servers put theirs on top.
    """

    server: str
    spf: str = "none"
    dkim: str = "none"
    dmarc: str = "none"
    domain: str | None = None
    """The domain that passed: of the ``From`` where DMARC names it, else the one that signed or sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item. Text fields are plain text; ``body_html`` is sanitised block HTML, ``""`` when there is none."""

    headline: str
    body_html: str = ""
    summary: str = ""
    identity: str | None = None
    """The provider's own name for the story (guid, uri, canonical address); None when the copy has none."""
    identity_inferred: bool = False
    """``identity`` was made from slug and day, as old wires name no story: a candidate, not the provider's word."""
    refers_to: tuple[str, ...] = ()
    """Names of the story that this copy is about, where it is a document of its own: the notice of a kill."""
    transmission: str | None = None
    """Names this very sending of wire copy (SHA-256), so that a re-send is told from another with its number."""
    wire_sequence: str | None = None
    """Service and number on the wire, ``a0123``: they count up and wrap, so that a gap shows."""
    version: int | None = None
    published: datetime | None = None
    modified: datetime | None = None
    provider: str | None = None
    by: str | None = None
    dateline: Dateline | None = None
    language: str | None = None
    section: str | None = None
    url: str | None = None
    urgency: int | None = None
    pub_status: PubStatus = PubStatus.USABLE
    change: Change | None = None
    """What the copy says of itself (``correction``); None leaves it to be decided."""
    ed_note: str | None = None
    copyright_notice: str | None = None
    copyright_holder: str | None = None
    usage_terms: str | None = None
    expires: datetime | None = None
    slugline: str | None = None
    keywords: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    """What the provider says that the copy is about; these and the four below reach the article as they are."""
    people: tuple[Named, ...] = ()
    organisations: tuple[Named, ...] = ()
    places: tuple[Named, ...] = ()
    genres: tuple[Genre, ...] = ()
    pictures: tuple[Association, ...] = ()
    """The leading one first; their files stay where they are, and only the addresses are handed on."""
    embargoed: bool = False
    embargoed_until: datetime | None = None
    """None with ``embargoed`` set means that the lift cannot be told: sealed until a person decides."""
    assumptions: tuple[Assumption, ...] = ()
    authentication: tuple[Authentication, ...] = ()

    @property
    def takes_back(self) -> bool:
        """Whether this is a kill or a withhold."""
        return self.pub_status is not PubStatus.USABLE or self.change in {Change.KILL, Change.WITHHOLD}

    @property
    def by_reference(self) -> bool:
        """Whether this takes back a story that it names by something else than the story's own name."""
        return self.takes_back and (bool(self.refers_to) or self.identity_inferred or not self.identity)


@dataclass(frozen=True, slots=True)
class Warned:
    """An entry that could not be had from copy that could otherwise be read."""

    code: str
    detail: str
    filtered: bool = False
    """Understood, and nothing that we publish: the picture that goes with a story."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """Everything that one body gave: items in the order of the copy, and what was wrong with the rest."""

    media_type: str
    items: tuple[Item, ...]
    warnings: tuple[Warned, ...] = field(default=())
