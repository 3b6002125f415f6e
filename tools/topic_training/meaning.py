"""The full tier's second model of topics: a logistic regression on the embedding of headline and lead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from services.enrich.additions import Enrich
from services.enrich.copy import Copy
from tools.evaluate.labelled import as_article
from tools.topic_training.linear import Linear, balance
from tools.topic_training.texts import Example

__all__ = ["DEFINED", "HEADLINE", "OWN", "WORDS", "directions", "fitted"]

HEADLINE, DEFINED, WORDS, OWN = 1.0, 3.0, 10.0, 10.0
"""Weights of a headline, a definition, a text of listed words and an own article."""
STRICT = 0.3
"""Inverse strength of the regularisation: weak enough for headlines, strong enough for articles never seen."""
ASKED = 64


def directions(embed: Enrich, examples: Sequence[Example]) -> Any:
    """Return the embeddings, length 1, a row a text; a text without one is all zeros."""
    packed: list[bytes] = []
    for start in range(0, len(examples), ASKED):
        asked = [
            Copy.of(as_article(one.headline, (one.lead,) if one.lead else ()))
            for one in examples[start : start + ASKED]
        ]
        packed += [(additions.traits or {}).get("embedding", b"") for additions in embed(asked)]
    size = max(map(len, packed))
    rows = np.array([np.frombuffer(one or bytes(size), np.int8) for one in packed]).astype(np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)


def fitted(rows: Any, topics: Any, amounts: Any) -> Linear:
    """Learn from directions, each with its topic and its weight; every topic counts the same in all."""
    learnt = LogisticRegression(C=STRICT, max_iter=300, tol=1e-4)
    learnt.fit(rows, topics, sample_weight=balance(topics, amounts, 1.0) * amounts)
    return Linear(learnt.coef_.T, learnt.intercept_)
