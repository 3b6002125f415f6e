"""Where a story stands, worked out from its revisions: pure, and the same whatever order they arrived in.

A reader of a group may be given revision 3 before revision 2, or an update before the kill that came first. So a
story's state is never a change of its last state: it is a fold over all revisions known, in the order of revision.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.article import Article, Change, PubStatus

__all__ = ["Revision", "Standing", "effective", "revision_of", "settle"]

EARLIEST = datetime(1900, 1, 2, tzinfo=UTC)
"""What copy dates before counts as this, which is of 1900 in every zone: the archive begins there, and the first moment
that there is has no date west of Greenwich."""


@dataclass(frozen=True, slots=True, order=True)
class Revision:
    """What matters of one revision. ``published`` and ``moment`` are milliseconds since 1970."""

    revision: int
    change: Change
    status: PubStatus
    published: int
    moment: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What the site shows of a story."""

    status: PubStatus
    revision: int
    """The largest revision known, shown or not: it only grows."""
    current: int
    """The revision that is shown, or that took the story off."""
    published: int
    modified: int
    corrected: int | None


def revision_of(article: Article) -> Revision:
    """Return what matters of this revision. A status and a change that disagree: the stricter holds."""
    change, status = article.newsroom.change, article.pub_status
    if change is Change.KILL:
        status = PubStatus.CANCELED
    elif status is PubStatus.USABLE and change is Change.WITHHOLD:
        status = PubStatus.WITHHELD
    received = article.newsroom.received
    return Revision(
        revision=article.newsroom.revision,
        change=change,
        status=status,
        # A source whose clock is ahead would otherwise sit on top of the page until its date came.
        published=_ms(_believable(article.published, received)),
        moment=_ms(_believable(article.version_created or received, received)),
    )


def _believable(told: datetime, received: datetime) -> datetime:
    return max(min(told, received), EARLIEST)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def settle(revisions: Iterable[Revision]) -> Standing:
    """Fold a story's revisions, at least one, into its standing.

    After a kill nothing counts until a ``reinstate``. ``published`` is the first usable revision's; ``modified``
    moves on updates and corrections and never on an ``amend``, which changes no word that a reader sees.
    """
    ordered = sorted(revisions)
    counted = list(effective(ordered))
    current = counted[-1]
    if current.status is not PubStatus.USABLE:
        return Standing(current.status, ordered[-1].revision, current.revision, 0, current.moment, None)
    shown = [r for r in counted if r.status is PubStatus.USABLE]
    published = shown[0].published
    moved = [r.moment for r in shown if r.change in {Change.UPDATE, Change.CORRECTION}]
    corrected = [r.moment for r in shown if r.change is Change.CORRECTION]
    return Standing(
        status=current.status,
        revision=ordered[-1].revision,
        current=current.revision,
        published=published,
        modified=max(published, moved[-1]) if moved else published,
        corrected=max(published, corrected[-1]) if corrected else None,
    )


def effective(ordered: Iterable[Revision]) -> Iterable[Revision]:
    """Yield the revisions that count, those between a kill and a reinstatement left out."""
    killed = False
    for revision in ordered:
        if killed and revision.change is not Change.REINSTATE and revision.status is not PubStatus.CANCELED:
            continue
        killed = revision.status is PubStatus.CANCELED
        yield revision
