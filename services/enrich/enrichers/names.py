"""Names: the people and organisations of a story as tags, and every mention of them and of places for what comes after.

spaCy's medium model finds most of them; titles, the words in a name, datelines, the story's own usage and the table of
names put right what it gets wrong. Furniture is never read.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.enrich.additions import Additions, Cost, Enrich, Enricher
from services.enrich.copy import Copy
from services.enrich.naming.aliases import AliasTable, own_names, shipped_names
from services.enrich.naming.merging import merged
from services.enrich.naming.model import Raw, Tagger, load_tagger
from services.enrich.naming.reading import Prepared, prepare, spans_of
from services.enrich.naming.tags import mentions, tag

__all__ = ["ENRICHER", "finder"]

NAME, VERSION = "names", "1"
READS = frozenset({"en"})
"""Languages that the model knows. In others it takes every noun for a name, so nothing is said at all."""


def finder(tagger: Tagger, table: AliasTable) -> Enrich:
    """Return the enricher over a model and a table of names."""

    def find_names(copies: Sequence[Copy]) -> list[Additions]:
        stories = [prepare(copy) if (copy.language or "en") in READS else Prepared({}, {}, ()) for copy in copies]
        places = [(number, where) for number, story in enumerate(stories) for where in story.plain]
        answers: list[dict[int, list[Raw]]] = [{} for _ in stories]
        texts = [stories[number].plain[where] for number, where in places]
        for (number, where), answer in zip(places, tagger(texts) if texts else [], strict=True):
            answers[number][where] = answer
        return [_additions(story, answer, table) for story, answer in zip(stories, answers, strict=True)]

    return find_names


def _additions(story: Prepared, answers: dict[int, list[Raw]], table: AliasTable) -> Additions:
    spans, short_forms = spans_of(story, answers, table)
    entities = merged(spans, table, short_forms)
    tags = tuple(tag(entity, NAME, VERSION) for entity in entities if entity.spans)
    return Additions(tags=tags, mentions=mentions(spans, entities))


def load() -> Enrich:
    """Read the model and the names, the newsroom's own last, so that they win."""
    return finder(load_tagger(), AliasTable([*shipped_names(), *own_names()]))


ENRICHER = Enricher(
    name=NAME, version=VERSION, adds=("tags", "mentions"), load=load, cost=Cost.MODEL, after=("language", "dateline")
)
