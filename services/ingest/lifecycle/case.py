"""One item before the rules, and what a rule may say of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.ingest.items import Item
from services.ingest.lifecycle.identity import Fingerprint
from services.ingest.lifecycle.order import Order
from services.ingest.lifecycle.state import StoryState
from shared.article import REVISION_STEP, Change, PubStatus
from shared.events import Outcome

__all__ = ["Case", "Decision"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do: ``revision`` is the one to emit, or the story's last one where nothing is emitted."""

    outcome: Outcome
    change: Change | None = None
    revision: int | None = None
    state: StoryState | None = None
    """The story's next state; None leaves it as it is."""
    code: str | None = None
    is_silent: bool = False
    """What is emitted carries no word of the copy: it takes back what is sealed, or was never seen."""


@dataclass(frozen=True, slots=True)
class Case:
    """One item before the rules."""

    known: bool
    story: StoryState
    item: Item
    print: Fingerprint
    order: Order
    now: datetime
    place: str = ""
    """Where the bytes of the item lie."""
    operator: str = ""
    """The person who orders this; empty for everything that a provider sends."""
    hold: bool = False

    @property
    def is_kill(self) -> bool:
        return self.item.pub_status is PubStatus.CANCELED or self.item.change is Change.KILL

    @property
    def is_withhold(self) -> bool:
        return self.item.pub_status is PubStatus.WITHHELD or self.item.change is Change.WITHHOLD

    @property
    def is_reinstatement(self) -> bool:
        return self.item.change is Change.REINSTATE and self.item.pub_status is PubStatus.USABLE

    @property
    def is_release(self) -> bool:
        """An operator lets copy out before its lift. A reinstatement is no release: its embargo stays."""
        return bool(self.operator) and not self.is_reinstatement

    @property
    def inherits_embargo(self) -> bool:
        """Whether this copy goes on with what is sealed: a correction, a lead; and all copy that names no story."""
        return self.item.change is Change.CORRECTION or self.item.identity_inferred

    @property
    def seen_before(self) -> bool:
        """Whether this text left ingest before and the provider does not say that it is meant anew."""
        return str(self.print) in self.story.history and self.order is not Order.NEWER

    @property
    def next_revision(self) -> int:
        """Grows within the story, and past every earlier one even when Redis has lost the story."""
        return max(self.story.revision + REVISION_STEP, int(self.now.timestamp() * 1000))

    def ordered(self, *, revision: int) -> StoryState:
        """Return the story with the marks of order moved on, never back: a kill may carry an older one."""
        story, item = self.story, self.item
        versions = [v for v in (story.version, item.version) if v is not None]
        moments = [m for m in (story.modified, item.modified) if m is not None]
        version = max(versions, default=None)
        first = version != story.version or (item.version == version and self.order is Order.NEWER)
        return replace(
            story,
            revision=revision,
            version=version,
            modified=max(moments, default=None),
            numbered=str(self.print) if first and version is not None else story.numbered,
        )
