"""Traits: what the story can be compared with others by. Links are found in them, by :mod:`services.enrich.links`."""

from __future__ import annotations

from services.enrich.additions import Additions, Cost, Enrich, Enricher, each
from services.enrich.copy import Copy
from services.enrich.links.traits import Traits

__all__ = ["ENRICHER", "find_traits"]

AFTER = ("names", "places")


def find_traits(copy: Copy) -> Additions:
    """Take the traits of copy; where names were not found it is told by its words alone."""
    tags = [tag for name in AFTER if name in copy.found for tag in copy.found[name].tags]
    return Additions(traits=Traits.of(copy.headline, copy.paragraphs, tags).packed())


def load() -> Enrich:
    """There is no model but a table of common words."""
    Traits.of("Read the table now, not with the first story", ())
    return each(find_traits)


ENRICHER = Enricher(name="traits", version="1", adds=("traits",), load=load, cost=Cost.LIGHT, after=AFTER)
