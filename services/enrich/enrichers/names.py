"""Names: the people and organisations of a story as tags, and every mention of them and of places for what comes after.

spaCy's medium model finds most of them; titles, the words in a name, datelines, the story's own usage and the table of
names put right what it gets wrong. Furniture is never read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.enrich.additions import Additions, Cost, Enrich, Enricher
from services.enrich.copy import Copy
from services.enrich.gazetteer import load_gazetteer
from services.enrich.naming.aliases import AliasTable, own_names, shipped_names
from services.enrich.naming.evidence import Proven, believed, is_told, proven
from services.enrich.naming.merging import merged
from services.enrich.naming.model import Raw, Tagger, load_tagger
from services.enrich.naming.reading import Prepared, prepare, spans_of
from services.enrich.naming.spans import Span
from services.enrich.naming.tags import mentions, tag

__all__ = ["ENRICHER", "finder", "judged"]

NAME, VERSION = "names", "2"
READS = frozenset({"en"})
"""Languages that the model knows. In others it takes every noun for a name, so nothing is said at all."""


def finder(tagger: Tagger, table: AliasTable, is_city: Callable[[str], bool]) -> Enrich:
    """Return the enricher over a model, a table of names, and what knows names of cities."""

    def find_names(copies: Sequence[Copy]) -> list[Additions]:
        stories = [prepare(copy) if (copy.language or "en") in READS else Prepared({}, {}, ()) for copy in copies]
        places = [(number, where) for number, story in enumerate(stories) for where in story.plain]
        answers: list[dict[int, list[Raw]]] = [{} for _ in stories]
        texts = [stories[number].plain[where] for number, where in places]
        for (number, where), answer in zip(places, tagger(texts) if texts else [], strict=True):
            answers[number][where] = answer
        return [_additions(story, answer, table, is_city) for story, answer in zip(stories, answers, strict=True)]

    return find_names


def judged(
    story: Prepared, answers: dict[int, list[Raw]], table: AliasTable, is_city: Callable[[str], bool]
) -> tuple[list[Span], list[Proven]]:
    """Return the names of a story, and its people and bodies with what speaks for them, doubtful ones too."""
    spans, short_forms = spans_of(story, answers, table)
    return spans, proven(merged(spans, table, short_forms), story.loud, is_city)


def _additions(
    story: Prepared, answers: dict[int, list[Raw]], table: AliasTable, is_city: Callable[[str], bool]
) -> Additions:
    spans, found = judged(story, answers, table, is_city)
    told = [one for one in found if is_told(one.proof)]
    tags = tuple(tag(one, NAME, VERSION) for one in told)
    return Additions(tags=tags, mentions=mentions(believed(spans, found), [one.entity for one in told]))


def load() -> Enrich:
    """Read the model, the gazetteer that ``places`` reads too, and the names, the newsroom's own last: they win."""
    return finder(load_tagger(), AliasTable([*shipped_names(), *own_names()]), load_gazetteer().is_city)


ENRICHER = Enricher(
    name=NAME, version=VERSION, adds=("tags", "mentions"), load=load, cost=Cost.MODEL, after=("language", "dateline")
)
