"""The linear model of topics: what is learnt from texts, and the word lists beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from services.enrich.topics.features import BUCKETS, bucket
from services.enrich.topics.words import read_words
from tools.topic_training.texts import SEED, Example

__all__ = ["TOPICS", "Linear", "balance", "counts", "lexicon", "rarity", "scaled"]

TOPICS = 17
OWN = 5.0
"""Weight of an own article beside a headline."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights by bucket and topic, and a bias by topic."""

    weights: Any
    bias: Any

    @classmethod
    def fitted(cls, matrix: Any, labels: Any, own: Any, own_labels: Any) -> Linear:
        """Learn from scaled texts, our own articles among them."""
        every = sp.vstack([matrix, own]).tocsr()
        topics = np.concatenate([labels, own_labels]).astype(int)
        emphasis = np.concatenate([np.ones(matrix.shape[0]), np.full(own.shape[0], OWN)])
        learnt = LogisticRegression(C=3, max_iter=150, tol=1e-3, random_state=SEED)
        learnt.fit(every, topics, sample_weight=balance(topics, np.ones(len(topics)), 0.5) * emphasis)
        return cls(learnt.coef_.T, learnt.intercept_)

    def scores(self, matrix: Any) -> Any:
        """Return the scores of scaled texts, a row a text."""
        return matrix @ self.weights + self.bias


def balance(topics: Any, amounts: Any, power: float) -> Any:
    """Return weights that even out the topics: rare ones count for more, by a power between 0 and 1."""
    sizes = np.bincount(topics, weights=amounts, minlength=TOPICS)
    return (np.median(sizes) / sizes[topics]) ** power


def lexicon() -> Any:
    """Return the word lists as weights; a word of several topics counts less for each."""
    weights = np.zeros((BUCKETS, TOPICS))
    lists = read_words()
    for code, words in lists.items():
        for word, typical in words.items():
            shared = sum(word in other for other in lists.values())
            weights[bucket(word), int(code[:2]) - 1] += typical / shared
    return weights


def counts(examples: Iterable[Example]) -> Any:
    """Return the dampened counts as a sparse matrix."""
    rows, columns, values = [], [], []
    total = 0
    for row, example in enumerate(examples):
        total = row + 1
        for feature, amount in example.weighed.items():
            rows.append(row)
            columns.append(bucket(feature))
            values.append(np.log1p(amount))
    return sp.csr_matrix((values, (rows, columns)), shape=(total, BUCKETS))


def rarity(matrix: Any) -> Any:
    """Return by bucket how rare it is in these texts, as the sixteen bits that are shipped say it."""
    seen = np.bincount(matrix.indices, minlength=BUCKETS)
    return np.minimum(np.log((1 + matrix.shape[0]) / (1 + seen)) + 1, 9).astype(np.float16).astype(float)


def scaled(examples: Sequence[Example], idf: Any) -> Any:
    """Return TF-IDF with rows of length 1."""
    weighed = counts(examples).multiply(idf).tocsr()
    norms = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    return sp.diags(1 / np.maximum(norms, 1e-9)) @ weighed
