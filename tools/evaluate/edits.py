"""Edited copies of articles, as desks make them: furniture around the text, the end cut off, a third written anew."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from tools.evaluate.labelled import Labelled

__all__ = ["EDITS", "bodies_of"]

ABOVE = ("Updated 14:05 GMT", "For subscribers of the morning service. Not for use on radio.")
BELOW = (
    "Follow us for more stories from the region.",
    "Reporting by the newsroom; editing by the night desk. All rights reserved; no part may be passed on.",
)
KEPT = 0.6
TOGETHER = 4

Body = tuple[str, ...]


def bodies_of(articles: Sequence[Labelled]) -> list[Body]:
    """Return texts as long as news at large, of several of our short articles each; none is in two of them."""
    groups = [articles[start : start + TOGETHER] for start in range(0, len(articles) - TOGETHER + 1, TOGETHER)]
    return [tuple(paragraph for article in group for paragraph in article.paragraphs) for group in groups]


def with_furniture(body: Body, _: random.Random, __: Sequence[str]) -> Body:
    """Put what desks put above and below."""
    return (*ABOVE, *body, *BELOW)


def cut(body: Body, _: random.Random, __: Sequence[str]) -> Body:
    """Keep the first 60 % of the words."""
    words = " \n ".join(body).split(" ")
    return _paragraphs(words[: round(len(words) * KEPT)])


def third_anew(body: Body, chance: random.Random, others: Sequence[str]) -> Body:
    """Replace a third of the words, in one piece that begins anywhere, by words of other articles."""
    words = " \n ".join(body).split(" ")
    length = len(words) // 3
    start = chance.randrange(len(words) - length + 1)
    other = chance.randrange(len(others) - length)
    return _paragraphs([*words[:start], *others[other : other + length], *words[start + length :]])


EDITS: Mapping[str, Callable[[Body, random.Random, Sequence[str]], Body]] = {
    "furniture added": with_furniture,
    "cut to 60 %": cut,
    "a third written anew": third_anew,
}


def _paragraphs(words: Sequence[str]) -> Body:
    return tuple(filter(None, (" ".join(line.split()) for line in " ".join(words).split("\n"))))
