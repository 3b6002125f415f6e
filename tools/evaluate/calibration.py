"""``python -m tools.evaluate.calibration``: what tags are worth by what speaks for them, on the development articles.

Prints for every class of evidence how many of its tags are right on ``tests/evaluation/dev`` and, where ``NLP_DATA``
has it, on WikiGold; the estimate; and the constant in use. The held-out articles are not read.

The estimate is the share on the development articles, drawn towards WikiGold's as if five more tags had been seen, for
a class may have three of its own. What WikiGold does not show is drawn towards one half, by two tags.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from services.enrich.copy import Copy
from services.enrich.enrichers import dateline, names, places
from services.enrich.gazetteer import Country, Gazetteer, load_gazetteer
from services.enrich.gazetteer import standing as countries
from services.enrich.naming import evidence as people
from services.enrich.naming.aliases import AliasTable, shipped_names
from services.enrich.naming.model import load_tagger
from services.enrich.naming.reading import prepare
from services.enrich.naming.spans import position
from tools.evaluate import outside
from tools.evaluate.findings import KINDS, spot_of
from tools.evaluate.labelled import SETS, Labelled, as_article, read_set
from tools.evaluate.tables import table

__all__ = ["Tally", "estimate", "rows"]

LIKE_WIKIGOLD, LIKE_HALF = 5, 2
"""Tags that the prior counts for."""
Tally = Counter[tuple[str, bool]]
"""Tags by class and by whether they are right."""
InUse = Mapping[people.Proof, int] | Mapping[countries.Standing, int]
Judge = Callable[[Copy], list[people.Proven]]


def main() -> None:
    """Count, and print both tables."""
    gazetteer = load_gazetteer()
    judge = _judge(gazetteer)
    dev = read_set(SETS / "dev")
    directory = os.environ.get("NLP_DATA")
    wikigold = outside.wikigold(Path(directory)) if directory else []
    ours, theirs = _of_names(dev, judge), _of_names(wikigold, judge)
    print_table("names", people.CONFIDENCE, ours, theirs)
    print_table("countries", countries.CONFIDENCE, _of_countries(dev, gazetteer), Counter())


def estimate(right: int, seen: int, right_there: int, seen_there: int) -> float:
    """Return the per cent of a class's tags that are right, drawn towards what is seen elsewhere, or to one half."""
    weight = LIKE_WIKIGOLD if seen_there else LIKE_HALF
    prior = right_there / seen_there if seen_there else 0.5
    return 100 * (right + weight * prior) / (seen + weight)


def print_table(name: str, in_use: InUse, ours: Tally, theirs: Tally) -> None:
    """Print a class a line: right and all on both sets, the estimate, the constant."""
    head = [name, "right", "of", "right, WikiGold", "of", "estimate", "in use"]
    sys.stdout.write("\n".join(table(head, list(rows(in_use, ours, theirs)))) + "\n\n")


def rows(in_use: InUse, ours: Tally, theirs: Tally) -> Iterator[list[object]]:
    """Yield for every class: right and all on our articles, the same on WikiGold, the estimate, the constant."""
    for kind, constant in in_use.items():
        here, there = _counted(ours, kind), _counted(theirs, kind)
        yield [str(kind), *here, *there, estimate(*here, *there), constant]


def _counted(tally: Tally, kind: str) -> tuple[int, int]:
    return tally[kind, True], tally[kind, True] + tally[kind, False]


def _judge(gazetteer: Gazetteer) -> Judge:
    tagger, known, read = load_tagger(), AliasTable(shipped_names()), dateline.ENRICHER.load()

    def judge(copy: Copy) -> list[people.Proven]:
        story = prepare(copy.knowing({"dateline": read([copy])[0]}))
        answers = dict(zip(story.plain, tagger(list(story.plain.values())), strict=True))
        return names.judged(story, answers, known, gazetteer.is_city)[1]

    return judge


def _of_names(articles: Sequence[Labelled], judge: Judge) -> Tally:
    tally: Tally = Counter()
    for article in articles:
        for entity, proof in judge(_copy(article)):
            spots = {spot_of(position(span), KINDS[entity.kind]) for span in entity.spans}
            tally[proof, bool(spots & article.spots)] += 1
    return tally


def _of_countries(articles: Sequence[Labelled], gazetteer: Gazetteer) -> Tally:
    tally: Tally = Counter()
    read, name = dateline.ENRICHER.load(), names.ENRICHER.load()
    for article in articles:
        copy = _copy(article)
        copy = copy.knowing({"dateline": read([copy])[0]})
        copy = copy.knowing({**copy.found, "names": name([copy])[0]})
        for meant, told in places.places_seen(copy, gazetteer).items():
            if isinstance(meant, Country) and told.weight >= places.ENOUGH:
                tally[countries.standing_of(told.weight, told.kinds), meant.code in article.countries] += 1
    return tally


def _copy(article: Labelled) -> Copy:
    return Copy.of(as_article(article.headline, article.paragraphs, name=article.name))


if __name__ == "__main__":
    main()
