"""What a NITF document's ``docdata`` says: which document it is, what becomes of it and of others, and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.ingest.items import Hints
from services.ingest.parse.text import bounded
from services.ingest.parse.xml_fields import identity_of, lift, number, status_of
from services.ingest.parse.xml_notes import says_correction
from services.ingest.parse.xml_tree import Element, all_named, text_of, under
from shared.article import Change, PubStatus

__all__ = ["DocData", "Embargo", "embargo_of", "read_docdata"]

FARTHEST_WEST = timedelta(hours=12)
"""A time without a zone has passed everywhere once it has passed in UTC-12."""
URI = re.compile(r"(?:urn|tag|https?):\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocData:
    """Dates are as written."""

    status: PubStatus
    embargoed: bool
    identity: str | None
    """The document's own name; :attr:`story` is the name of the story that it belongs to."""
    other: str | None
    """The document that this one refers to, named as :attr:`identity` would be."""
    others: tuple[str, ...]
    """The same under every name that it may have come by: with the register, without, and as referred to."""
    other_status: PubStatus | None
    corrected: str | None
    version: int | None
    issued: str | None
    release: str | None
    """None where there is no date of release, the empty string where it is not told."""
    expires: str | None
    urgency: int | None
    change: Change | None
    ed_note: str | None
    slugline: str | None
    copyright_notice: str | None
    copyright_holder: str | None
    usage_terms: str | None

    @property
    def story(self) -> str | None:
        """The document that this one corrects or updates, where it names one; else itself."""
        updated = self.other if self.other_status is None else None
        return self.corrected or updated or self.identity


@dataclass(frozen=True, slots=True)
class Embargo:
    embargoed: bool
    until: datetime | None


def read_docdata(data: Element | None) -> DocData:
    """Read ``docdata``; a document without one is usable and has no name.

    Raises:
        UnreadableCopy: ``pub_status_unknown`` or ``too_large``.
    """
    status = _attribute(data, ".", "management-status") or "usable"
    other_status = _attribute(data, ".", "management-idref-status")
    source = _attribute(data, "doc-id", "regsrc")
    correction = under(data, "correction")
    other = _attribute(data, ".", "management-doc-idref")
    notes = _notes(data)
    return DocData(
        status=status_of(status),
        embargoed=status.lower() == "embargoed",
        identity=_identity(source, _attribute(data, "doc-id", "id-string")),
        other=_identity(source, other),
        others=_names(source, other),
        other_status=status_of(other_status) if other_status else None,
        corrected=_identity(
            _attribute(data, "correction", "regsrc") or source, _attribute(data, "correction", "id-string")
        ),
        version=_version(under(data, "du-key")),
        issued=_attribute(data, "date.issue", "norm"),
        release=_release(under(data, "date.release")),
        expires=_attribute(data, "date.expire", "norm"),
        urgency=number(_attribute(data, "urgency", "ed-urg"), 8),
        change=Change.CORRECTION if correction is not None or says_correction(notes) else None,
        ed_note=notes,
        slugline=_attribute(data, "du-key", "key"),
        copyright_notice=_copyright(data),
        copyright_holder=_attribute(data, "doc.copyright", "holder"),
        usage_terms=_usage(data),
    )


def embargo_of(data: DocData, hints: Hints) -> Embargo:
    """Return whether the document is under embargo: by its status, or by a release that is still to come.

    ``date.release`` is when it may be used; ``date.expire`` is when it may not any more, and lifts nothing.
    """
    if data.release is None:
        return Embargo(data.embargoed, None)
    moment = lift(data.release)
    if data.embargoed or not data.release:
        return Embargo(embargoed=True, until=moment)
    if moment is not None:
        return Embargo(moment > hints.received, moment if moment > hints.received else None)
    # A release without a zone, of a document that says it is usable: no embargo if it has passed wherever it was meant.
    passed = data.release == data.issued or _has_passed(data.release, hints.received)
    return Embargo(not passed, None)


def _has_passed(written: str, received: datetime) -> bool:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return False
    latest = moment.replace(tzinfo=UTC) + FARTHEST_WEST + (timedelta(days=1) if len(written) <= 10 else timedelta())
    return moment.tzinfo is None and latest <= received


def _attribute(data: Element | None, path: str, name: str) -> str | None:
    element = data if path == "." else under(data, path)
    return bounded(element.get(name), 3_000) if element is not None else None


def _identity(source: str | None, name: str | None) -> str | None:
    """Return a document's name: its id within what registered it. An id that is a URI needs nothing beside it."""
    if not name or not source or URI.fullmatch(name):
        return identity_of(name)
    # References often repeat the register. With a space, so that nobody takes it for a URI, which it is not.
    return identity_of(f"{source} {_within(source, name)}")


def _names(source: str | None, name: str | None) -> tuple[str, ...]:
    if not name:
        return ()
    alone = _within(source, name) if source else name
    return tuple(dict.fromkeys(found for found in (_identity(source, name), identity_of(alone), name) if found))


def _within(source: str, name: str) -> str:
    return name[len(source) + 1 :] if name.startswith((f"{source} ", f"{source}:", f"{source}/")) else name


def _version(key: Element | None) -> int | None:
    """Return the place in the order of versions: generations first, versions within them.

    The key itself is reused after a while that the provider sets, so it names nothing.
    """
    if key is None:
        return None
    generation, version = number(key.get("generation"), 10**9), number(key.get("version"), 999)
    return generation * 1_000 + (version or 0) if generation else version


def _release(element: Element | None) -> str | None:
    """Return the date of release as written. Without ``norm`` it is on receipt, says the standard."""
    if element is None:
        return None
    written = element.get("norm")
    return text_of(element, 80) if written is None else (bounded(written, 80) or "")


def _notes(data: Element | None) -> str | None:
    found = [*all_named(data, "correction"), *all_named(data, "ed-msg")]
    said = (bounded(element.get("info"), 2_000) or text_of(element, 2_000) for element in found)
    return bounded(" ".join(dict.fromkeys(text for text in said if text)), 2_000)


def _copyright(data: Element | None) -> str | None:
    said = [_attribute(data, "doc.copyright", name) for name in ("year", "holder")]
    return bounded("Copyright " + " ".join(part for part in said if part), 500) if any(said) else None


def _usage(data: Element | None) -> str | None:
    rights = (
        [element.get(name) for name in ("limitations", "geography", "type")]
        for element in all_named(data, "doc.rights", 20)
    )
    said = [clean for row in rights for text in row if (clean := bounded(text, 500))]
    return bounded("; ".join(dict.fromkeys(said)), 2_000)
