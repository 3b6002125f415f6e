"""The tables of docs/tagging.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.enrich.additions import Enricher
from services.enrich.loading import Absent, Loaded
from shared.article import Article
from tools.evaluate import baselines, measures, outside
from tools.evaluate.errors import errors
from tools.evaluate.findings import Findings, asked, names_found
from tools.evaluate.labelled import Labelled, Spot, as_article
from tools.evaluate.scoring import Counts, reliability
from tools.evaluate.tables import counts_row, table

__all__ = ["Run", "enrichers", "report"]

COUNTS = ["", "precision", "recall", "F1", "right", "wrong", "missed"]
TOPIC = "top-level topic"
PUBLISHED = (
    "F1 of all, beforehand, on the CoNLL sets and not part of this run: spaCy small as it comes 59 (CoNLL-2003) and 65 "
    "(CoNLL++ of 2020), spaCy medium with normalisation and rules 63 and 80, published transformers 92 to 94 and about "
    "90, at 10 to 50 times the cost."
)


@dataclass(frozen=True, slots=True)
class Run:
    """What is measured with what."""

    loaded: Sequence[Loaded | Absent]
    test: Sequence[Labelled]
    seen: frozenset[str]
    """The outlets of the development set."""
    languages: Sequence[tuple[str, str]]
    """Sentences, each with its language."""
    data: Path | None = None
    """Where data of others lies."""


def report(run: Run) -> Iterator[str]:
    """Yield the page's lines, section by section."""
    found = asked(run.loaded, [_article(article) for article in run.test])
    default = _without_embedding(run, run.test, found)
    spots = [names_found(findings) for findings in found]
    absent = [one.enricher.name for one in run.loaded if isinstance(one, Absent)]
    yield f"{len(run.test)} articles, {sum(len(article.spots) for article in run.test):,} names. Per cent."
    yield from [f"Not loaded, and so not measured: {', '.join(absent)}."] if absent else []
    yield from ["", "### People, organisations, places", ""]
    yield "Strict spans. spaCy reads the same paragraphs; nothing but its labels is mapped. Beside it, its medium model"
    yield "with *the* before a name and *'s* after it taken off, for that is most of what it gets wrong here."
    yield ""
    yield from _entities(run.test, spots)
    yield from ["", PUBLISHED, "", "### Countries, cities, datelines", ""]
    yield "Countries are the ISO 3166 tags; cities those of which the set says which one is meant (*wrong* is another"
    yield "one, *missed* is no tag where it is printed); a dateline is right with place, agency and date."
    yield ""
    places = {
        "countries": measures.countries(run.test, found),
        "cities": measures.cities(run.test, found),
        "datelines": measures.datelines(run.test, found),
    }
    yield from table(COUNTS, [counts_row(name, counts) for name, counts in places.items()])
    yield from ["", "### Top-level topics", ""]
    yield from _topics(run, {"default": default, "full": found})
    yield from ["", "### Near-duplicates and links", ""]
    yield "Near-duplicates: texts of four articles each, edited, beside every other text. Links: pairs of articles on"
    yield f"one event, of {len({a.event for a in run.test if a.event})} events told by two or three outlets each."
    yield ""
    yield from _links(run, found)
    yield from ["", "### Language", "", _languages(run)]
    yield from ["", "### Does confidence mean what it says?", ""]
    yield "Tags by their confidence in tens; the third column should be near the second."
    yield "Topics are those of the default tier, and below them those of the full one."
    yield from ["", *_reliability(run.test, default, found)]
    yield from ["", "### The errors", "", *errors(run.test, default, spots)]
    if run.data:
        yield from ["", "### Data of others", "", *_outside(run, run.data)]


def enrichers(registry: Sequence[Enricher]) -> Iterator[str]:
    """Yield the table of the registry."""
    rows = [[f"`{one.name}`", one.version, ", ".join(one.adds), one.cost, ", ".join(one.after)] for one in registry]
    yield from table(["enricher", "version", "adds", "cost", "reads what these found"], rows)


def _article(article: Labelled) -> Article:
    return as_article(article.headline, article.paragraphs, name=article.name)


def _entities(articles: Sequence[Labelled], ours: Sequence[set[Spot]]) -> Iterator[str]:
    systems = {"Wireroom": measures.entities(articles, ours)}
    for name, package in baselines.MODELS.items():
        nlp = baselines.load(package)
        if nlp is None:
            continue
        said = baselines.as_they_come(nlp, articles)
        systems[name] = measures.entities(articles, said)
        if name == "spaCy medium":
            trimmed = [
                {baselines.trimmed(article, spot) for spot in s} for article, s in zip(articles, said, strict=True)
            ]
            systems["spaCy medium, trimmed"] = measures.entities(articles, trimmed)
    rows = [counts_row(f"{name}, {kind}", c) for name, by_kind in systems.items() for kind, c in by_kind.items()]
    yield from table(COUNTS, rows)


def _without_embedding(run: Run, articles: Sequence[Labelled], found: Sequence[Findings]) -> Sequence[Findings]:
    """Return the findings with topics as the default tier tells them."""
    if not any("embedding" in findings for findings in found):
        return found
    loaded = [one for one in run.loaded if one.enricher.name in {"language", "topics"}]
    alone = asked(loaded, [_article(article) for article in articles])
    return [{**findings, **bare} for findings, bare in zip(found, alone, strict=True)]


def _topics(run: Run, tiers: Mapping[str, Sequence[Findings]]) -> Iterator[str]:
    """Yield the table of topics by tier, by whether the development set, which they learn from, has the outlet."""
    groups = {
        "outlets that the development set has": [n for n, a in enumerate(run.test) if a.outlet in run.seen],
        "an outlet never seen": [n for n, a in enumerate(run.test) if a.outlet not in run.seen],
    }
    right = {
        tier: [measures.topic_right(article, findings) for article, findings in zip(run.test, found, strict=True)]
        for tier, found in tiers.items()
    }
    rows = [
        [name, *(_accuracy([one[n] for n in numbers]) for one in right.values()), len(numbers)]
        for name, numbers in groups.items()
        if numbers
    ]
    yield from table(["accuracy", *(f"{tier} tier" for tier in tiers), "articles"], rows)


def _accuracy(right: Sequence[bool]) -> float:
    return 100 * sum(right) / len(right)


def _links(run: Run, found: Sequence[Findings]) -> Iterator[str]:
    rows = [
        counts_row(name, counts) for name, counts in measures.duplicates(run.test, found).items() if counts != Counts()
    ]
    for name, full in (("one event, default tier", False), ("one event, full tier", True)):
        if not full or any("embedding" in findings for findings in found):
            rows.append(counts_row(name, measures.links(run.test, found, full=full)))
    yield from table(COUNTS, rows)


def _languages(run: Run) -> str:
    found = asked(run.loaded, [as_article("", (sentence,)) for _, sentence in run.languages])
    said = [findings["language"].language if "language" in findings else None for findings in found]
    right = [told == true for told, (true, _) in zip(said, run.languages, strict=True)]
    wrong = [
        f"{true} as {told}" for told, (true, _) in zip(said, run.languages, strict=True) if told not in {None, true}
    ]
    mistaken = f"wrong are {', '.join(wrong)}" if wrong else "none is wrong"
    return (
        f"{sum(right)} of {len(right)} sentences in {len({true for true, _ in run.languages})} languages are told "
        f"right; of {said.count(None)} nothing is said, and {mistaken}."
    )


def _reliability(articles: Sequence[Labelled], default: Sequence[Findings], full: Sequence[Findings]) -> Iterator[str]:
    told = measures.verdicts(articles, default)
    if default is not full:
        told[f"{TOPIC}, full tier"] = measures.verdicts(articles, full).get(TOPIC, [])
    rows = [
        [kind, f"{ten.least} to {ten.least + 9}", ten.confidence, ten.observed, ten.count]
        for kind, verdicts in sorted(told.items())
        for ten in reliability(verdicts)
    ]
    yield from table(["kind", "confidence", "mean", "observed", "tags"], rows)


def _outside(run: Run, data: Path) -> Iterator[str]:
    yield "Not part of the project, read from `NLP_DATA`. WikiGold was looked at while names were developed, and"
    yield "MasakhaNEWS while topics were, though no weight was learnt from either; read these figures as a check."
    yield ""
    if articles := outside.wikigold(data):
        found = asked(run.loaded, [_article(article) for article in articles])
        yield f"WikiGold, {len(articles)} documents:"
        yield from ["", *_entities(articles, [names_found(findings) for findings in found]), ""]
    rows: list[list[object]] = []
    sets = {
        "MasakhaNEWS": outside.masakhanews(data),
        "News Category Dataset, headlines held out": outside.huffpost(data),
    }
    for name, topical in sets.items():
        if topical:
            found = asked(run.loaded, [_article(article) for article in topical])
            tiers = (_without_embedding(run, topical, found), found)
            rows.append([name, *(_accuracy([*map(measures.topic_right, topical, one)]) for one in tiers), len(topical)])
    yield from table(["top-level topics", "default tier", "full tier", "articles"], rows) if rows else []
