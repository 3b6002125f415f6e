"""Embargo: which copy is sealed, until when, and what is said of it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from services.ingest.lifecycle.case import Case, Decision
from services.ingest.lifecycle.state import BY_DESK, UNTOLD, Status
from shared.events import Outcome

__all__ = ["CODES", "embargoed"]

CODES = {UNTOLD: "embargo_unreadable", BY_DESK: "held_by_desk"}
"""Seals that no clock breaks, and what is said of them."""


def embargoed(case: Case) -> Decision | None:
    """Copy under embargo waits; a lift that cannot be told never comes by itself; a correction inherits it."""
    sealed = _sealed(case)
    if not sealed or (sealed not in CODES and datetime.fromisoformat(sealed) <= case.now):
        return None
    again = case.known and (case.story.sealed, case.story.held) == (sealed, str(case.print))
    status = Status.HELD if case.story.status is Status.CANCELED else case.story.status
    state = replace(
        case.ordered(revision=case.next_revision),
        status=status,
        sealed=sealed,
        held=str(case.print),
        waiting=case.place,
    )
    return Decision(
        outcome=Outcome.HELD,
        revision=case.story.emitted or None,
        state=None if again else state,
        code=CODES.get(sealed, "embargoed"),
    )


def _sealed(case: Case) -> str:
    """Return the seal that this copy goes under, or the empty string."""
    if case.hold:
        return BY_DESK
    if case.is_release:
        return ""
    if case.story.sealed == BY_DESK and case.story.waiting:
        return BY_DESK
    if case.item.embargoed:
        return _seal(case.item.embargoed_until)
    return case.story.sealed if case.inherits_embargo else ""


def _seal(lift: datetime | None) -> str:
    """Return the lift in the form that the state keeps, in UTC; one without a zone cannot be told."""
    return lift.astimezone(UTC).isoformat() if lift is not None and lift.tzinfo is not None else UNTOLD
