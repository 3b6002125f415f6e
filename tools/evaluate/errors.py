"""The commonest errors, as they are: what was said and is not so, and what was missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tools.evaluate.findings import Findings, tags_of
from tools.evaluate.labelled import Labelled, Spot
from tools.evaluate.measures import said_topic
from tools.evaluate.tables import table

__all__ = ["errors"]

MOST = 12


def errors(articles: Sequence[Labelled], found: Sequence[Findings], spots: Sequence[set[Spot]]) -> Iterator[str]:
    """Yield the tables of the error analysis."""
    kinds: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for article, said in zip(articles, spots, strict=True):
        for what, example in _names(article, said):
            kinds[what] += 1
            examples.setdefault(what, []).append(example)
    rows = [[what, count, "; ".join(examples[what][:4])] for what, count in kinds.most_common(MOST)]
    yield from table(["names: error", "count", "for example"], rows)
    yield ""
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for article, findings in zip(articles, found, strict=True):
        countries = {tag.code: tag for tag in tags_of(findings, "places") if tag.scheme == "iso3166" and tag.code}
        for code, tag in countries.items():
            if code not in article.countries:
                wrong[f"{code} from {(tag.explanation or '').split(';')[0]}"] += 1
        missed.update(f"{code} ({article.name})" for code in sorted(article.countries - countries.keys()))
    yield f"Countries too many: {_listed(wrong)}."
    yield ""
    yield f"Countries missed: {_listed(missed)}."
    yield ""
    confused = Counter(
        (article.topics[0], said_topic(findings) or "none")
        for article, findings in zip(articles, found, strict=True)
        if said_topic(findings) not in article.topics
    )
    yield from table(
        ["topic", "said instead", "articles"],
        [[true, said, count] for (true, said), count in confused.most_common(MOST)],
    )


def _names(article: Labelled, said: set[Spot]) -> Iterator[tuple[str, str]]:
    """Yield what each error is: another kind, other ends, nothing there, or missed."""
    true, wrong = article.spots - said, said - article.spots
    met: set[Spot] = set()
    for spot in sorted(wrong):
        near = [other for other in sorted(true) if other[0] == spot[0] and other[1] < spot[2] and spot[1] < other[2]]
        text = article.text_of(spot)
        if not near:
            yield f"{spot[3]} where there is no name", text
            continue
        met.update(near)
        first = near[0]
        if first[:3] == spot[:3]:
            yield f"{first[3]} taken for {spot[3]}", text
        else:
            yield f"{first[3]} with other ends", f"“{text}” for “{article.text_of(first)}”"
    for spot in sorted(true - met):
        yield f"{spot[3]} missed", article.text_of(spot)


def _listed(counted: Counter[str]) -> str:
    return (
        ", ".join(f"{what}{f' ({count} times)' if count > 1 else ''}" for what, count in counted.most_common(MOST))
        or "none"
    )
