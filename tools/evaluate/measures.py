"""What is measured, each measure a function from articles and findings to counts. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations

from services.enrich.copy import Copy
from services.enrich.enrichers.traits import find_traits
from services.enrich.links.scoring import cluster_pairs, link_scores
from services.enrich.links.traits import Traits
from shared.article import Kind, Tag
from tools.evaluate.edits import EDITS, Body, bodies_of
from tools.evaluate.findings import KINDS, Findings, spot_of, tags_of, traits_of
from tools.evaluate.labelled import Labelled, Spot, as_article
from tools.evaluate.scoring import Counts, compared

__all__ = [
    "cities",
    "countries",
    "dateline_right",
    "datelines",
    "duplicates",
    "entities",
    "links",
    "said_topic",
    "topic_right",
    "verdicts",
]

Found = Sequence[Findings]
Articles = Sequence[Labelled]


def entities(articles: Articles, found: Sequence[set[Spot]]) -> dict[str, Counts]:
    """Compare names by type, strict spans, and all together."""
    by_kind = {
        kind: sum(
            (
                compared({s for s in said if s[3] == kind}, {s for s in article.spots if s[3] == kind})
                for article, said in zip(articles, found, strict=True)
            ),
            Counts(),
        )
        for kind in ("PER", "ORG", "LOC")
    }
    return {**by_kind, "all": sum(by_kind.values(), Counts())}


def countries(articles: Articles, found: Found) -> Counts:
    """Compare the countries of each article with those tagged."""
    return sum((compared(_said_countries(f), a.countries) for a, f in zip(articles, found, strict=True)), Counts())


def _said_countries(findings: Findings) -> set[str]:
    return {tag.code for tag in tags_of(findings, "places") if tag.scheme == "iso3166" and tag.code}


def datelines(articles: Articles, found: Found) -> Counts:
    """Count datelines with place, agency and date right, those made up or wrong, and those not seen."""
    total = Counts()
    for article, findings in zip(articles, found, strict=True):
        said = findings["dateline"].dateline if "dateline" in findings else None
        if article.dateline is None:
            total += Counts(wrong=said is not None)
        elif said is None:
            total += Counts(missed=1)
        else:
            right = dateline_right(article.dateline, (said.place, said.agency, said.date))
            total += Counts(right=right, wrong=not right, missed=not right)
    return total


def dateline_right(true: tuple[str, str, str], said: tuple[str | None, str | None, str | None]) -> bool:
    """Tell whether a dateline was read whole; the region after the place is places' business."""
    place = true[0].split(",")[0].split("/")[0]
    return (place.casefold(), true[1], true[2]) == ((said[0] or "").casefold(), said[1] or "", said[2] or "")


def cities(articles: Articles, found: Found) -> Counts:
    """Count cities told from their namesakes: ``wrong`` is another city or none, ``missed`` is no tag at its name."""
    total = Counts()
    for article, findings in zip(articles, found, strict=True):
        for printed, code in article.cities.items():
            spots = [spot for spot in article.spots if spot[3] == "LOC" and article.text_of(spot) == printed]
            told = [tag for tag in tags_of(findings, "places") if tag.scheme != "iso3166" and _stands_at(tag, spots)]
            if not told:
                total += Counts(missed=1)
            else:
                right = any(tag.code == code for tag in told)
                total += Counts(right=right, wrong=not right)
    return total


def _stands_at(tag: Tag, spots: Sequence[Spot]) -> bool:
    at = {spot_of(position, "LOC")[:2] for position in tag.positions}
    return any(spot[:2] in at for spot in spots)


def said_topic(findings: Findings) -> str | None:
    """Return the top-level topic that is said first and surest."""
    tops = [tag for tag in tags_of(findings, "topics") if tag.code and tag.code.endswith("000000")]
    return max(tops, key=lambda tag: tag.relevance).code if tops else None


def topic_right(article: Labelled, findings: Findings) -> bool:
    """Tell whether the article's topic, or its second one, was said."""
    return said_topic(findings) in article.topics


def links(articles: Articles, found: Found, *, full: bool) -> Counts:
    """Count pairs of articles told to be on one event."""
    said = cluster_pairs([traits_of(findings, full=full) for findings in found])
    numbers = range(len(articles))
    true = {(i, j) for i, j in combinations(numbers, 2) if articles[i].event and articles[i].event == articles[j].event}
    return compared(said, true)


def duplicates(articles: Articles, found: Found) -> dict[str, Counts]:
    """Count edited copies told to be one text with what they were made of.

    Beside every copy stands every other text, and every two articles on one event, which are two texts.
    """
    bodies = bodies_of(articles)
    words = " ".join(paragraph for body in bodies for paragraph in body).split()
    chance = random.Random("edits")  # noqa: S311 - the same copies every time
    first = [_traits(body) for body in bodies]
    counts = {}
    for name, edit in EDITS.items():
        second = [_traits(edit(body, chance, words)) for body in bodies]
        said = {(i, j) for i, a in enumerate(first) for j, b in enumerate(second) if _one_text(a, b)}
        counts[name] = compared(said, {(i, i) for i in range(len(bodies))})
    traits = [traits_of(findings, full=False) for findings in found]
    told = [
        (a, b)
        for a, b in combinations(range(len(articles)), 2)
        if articles[a].event and _one_text(traits[a], traits[b])
    ]
    return {**counts, "two articles of ours": Counts(wrong=len(told))}


def _traits(body: Body) -> Traits:
    return Traits.unpacked(find_traits(Copy.of(as_article("", body))).traits or {})


def _one_text(first: Traits, second: Traits) -> bool:
    return link_scores(first, second).rel == "duplicate"


def verdicts(articles: Articles, found: Found) -> dict[str, list[tuple[int, bool]]]:
    """Return by kind the tags' confidences and whether each is right, as far as the sets can tell."""
    told: dict[str, list[tuple[int, bool]]] = {}
    for article, findings in zip(articles, found, strict=True):
        for kind, confidence, right in _judged(article, findings):
            told.setdefault(kind, []).append((confidence, right))
    return told


def _judged(article: Labelled, findings: Findings) -> Iterator[tuple[str, int, bool]]:
    for tag in tags_of(findings, "names"):
        if tag.kind in {Kind.PERSON, Kind.ORGANISATION}:
            yield tag.kind, tag.confidence, any(spot_of(p, KINDS[tag.kind]) in article.spots for p in tag.positions)
    for tag in tags_of(findings, "places"):
        if tag.scheme == "iso3166":
            yield "country", tag.confidence, tag.code in article.countries
        elif (right := _city_right(article, tag)) is not None:
            yield "city", tag.confidence, right
    for tag in tags_of(findings, "topics"):
        top = tag.code is not None and tag.code.endswith("000000")
        if top:
            yield "top-level topic", tag.confidence, tag.code in article.topics


def _city_right(article: Labelled, tag: Tag) -> bool | None:
    """Tell whether a city is the one that is meant; None where the set does not say which is."""
    if tag.scheme != "geonames":
        return None
    spots = [spot_of(position, "LOC") for position in tag.positions]
    if not any(spot in article.spots for spot in spots):
        return False if spots else None
    codes = {article.cities.get(article.text_of(spot)) for spot in spots if spot in article.spots} - {None}
    return tag.code in codes if codes else None
