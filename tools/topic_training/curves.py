"""How sure the model of topics may be, and how often it is right. Fitted on texts that it was not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from services.enrich.topics.model import LONG, Curve
from tools.topic_training.texts import Example

__all__ = ["Scored", "accuracy", "curve"]

TEMPERATURES = np.round(np.geomspace(0.05, 2, 60), 3)


class Scored(NamedTuple):
    """Texts with their scores by topic."""

    examples: Sequence[Example]
    scores: Any


def chances(scores: Any) -> Any:
    """Return the chances of the topics, a row a text."""
    exps = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


def hits(scored: Scored) -> Any:
    """Return for each text whether the likeliest topic is one of its own."""
    best = scored.scores.argmax(axis=1)
    return np.array([topic in example.topics for topic, example in zip(best, scored.examples, strict=True)])


def accuracy(scored: Scored, *, among_its_labels: bool = False) -> float:
    """Return the share of texts that are right; ``among_its_labels`` leaves out topics that the set does not have."""
    if among_its_labels:
        labels = sorted({example.topics[0] for example in scored.examples})
        left = np.where(np.isin(np.arange(scored.scores.shape[1]), labels), scored.scores, -np.inf)
        scored = Scored(scored.examples, left)
    return round(float(hits(scored).mean()), 3)


def curve(articles: Scored, headlines: Scored) -> Curve:
    """Fit temperature and confidence; all articles together count as much as all headlines together.

    Headlines are of one outlet and labelled by its sections: articles alone are too few, and headlines alone are not
    what a wire sends.
    """
    sets = [part for part in (articles, headlines) if len(part.examples)]
    weights = np.concatenate([np.full(len(part.examples), 1000 / len(part.examples)) for part in sets])
    scores = np.concatenate([part.scores for part in sets])
    topics = np.array([example.topics[0] for part in sets for example in part.examples])
    sharpness = min(TEMPERATURES, key=lambda step: _surprise(step * scores, topics, weights))
    top = chances(sharpness * scores).max(axis=1)
    odds = np.log(top / (1 - top + 1e-9) + 1e-9)
    length = np.log([min(max(len(example.weighed), 1), LONG) for part in sets for example in part.examples])
    right = np.concatenate([hits(part) for part in sets])
    line = LogisticRegression(C=1e3, max_iter=1_000).fit(np.stack([odds, length], axis=1), right, sample_weight=weights)
    slope, more = (round(float(number), 4) for number in line.coef_[0])
    return Curve(float(sharpness), slope, round(float(line.intercept_[0]), 4), more)


def _surprise(scores: Any, topics: Any, weights: Any) -> float:
    found = chances(scores)[np.arange(len(topics)), topics]
    return float(-(weights * np.log(found + 1e-12)).sum())
