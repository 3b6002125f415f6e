"""NewsML 1: what ``NewsManagement`` says becomes of an item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.ingest.parse.text import bounded
from services.ingest.parse.xml_fields import lift, number, status_of
from services.ingest.parse.xml_notes import says_correction
from services.ingest.parse.xml_tree import Element, all_named, first_text, under
from shared.article import Change, PubStatus

__all__ = ["FORMAL_NAME", "Management", "formal_name", "read_management"]

FORMAL_NAME = "FormalName"
KILLS = frozenset({"kill", "delete", "cancel", "canceled", "cancelled"})
CHANGES = {
    "correction": Change.CORRECTION,
    "corrected": Change.CORRECTION,
    "rectify": Change.CORRECTION,
    "update": Change.UPDATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Management:
    """Dates are as written, but for the lift of an embargo."""

    status: PubStatus
    embargoed: bool
    until: datetime | None
    """None with ``embargoed`` set: when it ends cannot be told."""
    created: str | None
    revised: str | None
    urgency: int | None
    change: Change | None
    note: str | None


def formal_name(element: Element | None, limit: int = 200) -> str | None:
    """Return the ``FormalName`` of an element."""
    return bounded(element.get(FORMAL_NAME), limit) if element is not None else None


def read_management(data: Element | None) -> Management:
    """Read ``NewsManagement``; an item without one is usable.

    Raises:
        UnreadableCopy: ``pub_status_unknown``.
    """
    word = (formal_name(under(data, "Status")) or ("usable" if under(data, "Status") is None else "")).lower()
    instructions = [_instruction(element) for element in all_named(data, "Instruction")]
    status = status_of(word)
    if status is PubStatus.USABLE and KILLS.intersection(instructions):
        status = PubStatus.CANCELED
    if status is PubStatus.USABLE and "withhold" in instructions:
        status = PubStatus.WITHHELD
    note = _property(data, "ednote")
    changes = [CHANGES[name] for name in instructions if name in CHANGES]
    is_correction = Change.CORRECTION in changes or says_correction(note)
    return Management(
        status=status,
        embargoed=word == "embargoed",
        until=_lift(data),
        created=first_text(data, 100, "FirstCreated"),
        revised=first_text(data, 100, "ThisRevisionCreated"),
        urgency=number(formal_name(under(data, "Urgency")) or first_text(data, 9, "Urgency"), 9),
        change=Change.CORRECTION if is_correction else (changes[0] if changes else None),
        note=note,
    )


def _instruction(element: Element) -> str:
    """Return what an instruction orders; one about the status of earlier revisions says nothing about this one."""
    return "" if element.find("RevisionStatus") is not None else (formal_name(element) or "").lower()


def _lift(data: Element | None) -> datetime | None:
    """Return when the status is to become usable."""
    change = under(data, "StatusWillChange")
    if (formal_name(under(change, "FutureStatus")) or "").lower() != "usable":
        return None
    return lift(first_text(change, 80, "DateAndTime"))


def _property(data: Element | None, name: str) -> str | None:
    found = (element for element in all_named(data, "Property") if (formal_name(element) or "").lower() == name)
    return next((bounded(element.get("Value"), 2_000) for element in found), None)
