"""What goes where on the front page: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.publish.store.reading import Teaser

__all__ = ["Front", "arrange", "goes_on_after", "section_names"]

BESIDE = 4
LATEST = 6
JUST_IN = 7
PER_SECTION = 4
LEAD_FROM = 12
"""The lead is among so many of the newest: a flash of this morning gives way once that much has followed it."""
MOST_SECTIONS = 8
ROUTINE_URGENCY = 5


@dataclass(frozen=True, slots=True)
class Front:
    lead: Teaser | None
    beside: tuple[Teaser, ...]
    just_in: tuple[Teaser, ...]
    """What came last, whatever date it carries."""
    latest: tuple[Teaser, ...]
    sections: tuple[tuple[str, tuple[Teaser, ...]], ...]

    def shown(self) -> set[str]:
        """Return the names of the stories that stand on the page."""
        blocks = (story for _, stories in self.sections for story in stories)
        top = () if self.lead is None else (self.lead,)
        return {story.story_id for story in (*top, *self.beside, *self.just_in, *self.latest, *blocks)}


def goes_on_after(newest: Sequence[Teaser], front: Front, *, all_there_are: bool) -> Teaser | None:
    """Return the story after which the list of older ones begins: the last before the first that is not on the page.

    So none is passed over; some that stand in a section's block come again.
    """
    shown = front.shown()
    gap = next((n for n, teaser in enumerate(newest) if teaser.story_id not in shown), len(newest))
    if gap == 0 or (gap == len(newest) and all_there_are):
        return None
    return newest[gap - 1]


def arrange(newest: Sequence[Teaser], arrived: Sequence[Teaser] = ()) -> Front:
    """Arrange the newest stories and those that came last: lead, latest, the rest by section, each shown once."""
    if not newest:
        return Front(None, (), (), (), ())
    lead = min(newest[:LEAD_FROM], key=lambda teaser: teaser.urgency or ROUTINE_URGENCY)
    beside = tuple(teaser for teaser in newest if teaser is not lead)[:BESIDE]
    at_top = {teaser.story_id for teaser in (lead, *beside)}
    just_in = tuple(teaser for teaser in arrived if teaser.story_id not in at_top)[:JUST_IN]
    shown = at_top | {teaser.story_id for teaser in just_in}
    rest = [teaser for teaser in newest if teaser.story_id not in shown]
    return Front(
        lead=lead, beside=beside, just_in=just_in, latest=tuple(rest[:LATEST]), sections=_blocks(rest[LATEST:])
    )


def _blocks(stories: Sequence[Teaser]) -> tuple[tuple[str, tuple[Teaser, ...]], ...]:
    """Return the sections with most of these stories, and the newest of each."""
    blocks: dict[str, list[Teaser]] = {}
    for teaser in stories:
        blocks.setdefault(teaser.section, []).append(teaser)
    largest = sorted(blocks, key=lambda section: -len(blocks[section]))[:MOST_SECTIONS]
    return tuple((name, tuple(blocks[name][:PER_SECTION])) for name in largest)


def section_names(newest: Sequence[Teaser], order: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the sections for the navigation: those with most news, in the site's order, then by the alphabet."""
    counts: dict[str, int] = {}
    for teaser in newest:
        counts[teaser.section] = counts.get(teaser.section, 0) + 1
    largest = sorted(counts, key=lambda section: (-counts[section], section))[:MOST_SECTIONS]
    place = {section: number for number, section in enumerate(order)}
    return tuple(sorted(largest, key=lambda section: (place.get(section, len(place)), section)))
