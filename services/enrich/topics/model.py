"""The model of the top level: what was learnt, our word lists and, in the full tier, the embedding, added up.

What was learnt and the word lists are weights of hashed TF-IDF, eight bits each. The lists count for more the more
there is to read: on a headline alone a single listed word would otherwise decide.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from services.enrich.topics.features import Weighed, bucket

__all__ = ["FACTS", "WEIGHTS", "Curve", "Judged", "Mix", "Model", "load_model", "sure"]

Floats = npt.NDArray[np.float32]

DATA = Path(__file__).parent.parent / "data"
WEIGHTS, FACTS = DATA / "topics.npz", DATA / "topics.json"
LONG = 60
"""Features from which more of them make an answer no surer."""


@dataclass(frozen=True, slots=True)
class Curve:
    """How sure one tier is: its temperature, and the curve from a chance to how often that is right."""

    sharpness: float
    """What the scores are multiplied by: a sum of hundreds of weights is far surer of itself than it is right."""
    slope: float
    offset: float
    length: float
    """What the logarithm of the number of features adds."""


@dataclass(frozen=True, slots=True)
class Mix:
    """How much the word lists and the embedding count beside what was learnt from headlines."""

    least: float
    by_feature: float
    most: float
    embedding: float

    def lists(self, features: int) -> float:
        """Return the weight of the word lists in a text of so many features."""
        return min(self.most, self.least + self.by_feature * features)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model makes of one text."""

    chances: Floats
    """By top-level topic; their sum is 1. Not yet calibrated."""
    features: tuple[str, ...]
    shares: Floats
    """By feature and topic, what the feature adds beyond what it adds to an average topic."""
    curve: Curve

    def reasons(self, topic: int, most: int = 4) -> list[str]:
        """Return the features that speak most for a topic, best first."""
        shares = self.shares[:, topic]
        best = np.argsort(-shares, kind="stable")[: most * 3]
        chosen: list[str] = []
        for place in best:
            feature = self.features[place]
            if shares[place] > 0 and not any(feature in other or other in feature for other in chosen):
                chosen.append(feature)
        return chosen[:most]

    def confidence(self, topic: int) -> int:
        """Return the calibrated chance that a topic is right, in per cent."""
        return sure(float(self.chances[topic]), len(self.features), self.curve)


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by bucket and topic. A ``scale`` turns eight bits back; ``idf`` says how rare a feature is."""

    learnt: npt.NDArray[np.int8]
    learnt_scale: Floats
    listed: npt.NDArray[np.int8]
    listed_scale: Floats
    bias: Floats
    idf: npt.NDArray[np.float16]
    head: Floats
    """By dimension of the embedding and topic."""
    head_bias: Floats
    mix: Mix
    alone: Curve
    """Without the embedding, in the default tier."""
    embedded: Curve

    def judge(self, weighed: Weighed, embedding: bytes = b"") -> Judged | None:
        """Return the chances of the topics; ``None`` for a text without a feature.

        ``embedding`` is as :mod:`services.enrich.enrichers.embedding` packs it; one of another size is passed over.
        """
        if not weighed:
            return None
        features = tuple(weighed)
        rows = np.fromiter((bucket(feature) for feature in features), np.int64, len(features))
        amounts = np.log1p(np.fromiter(weighed.values(), np.float32, len(features))) * self.idf[rows]
        amounts /= np.sqrt(np.square(amounts).sum())
        lists = np.float32(self.mix.lists(len(features)))
        shares = self.learnt[rows] * self.learnt_scale + self.listed[rows] * (self.listed_scale * lists)
        shares *= amounts[:, None]
        scores, curve = shares.sum(axis=0) + self.bias, self.alone
        if len(embedding) == len(self.head):
            scores, curve = scores + self.mix.embedding * self._meant(embedding), self.embedded
        scores *= curve.sharpness
        chances = np.exp(scores - scores.max())
        return Judged(chances / chances.sum(), features, shares - shares.mean(axis=1, keepdims=True), curve)

    def _meant(self, embedding: bytes) -> Floats:
        direction = np.frombuffer(embedding, np.int8).astype(np.float32)
        direction /= np.float32(max(float(np.linalg.norm(direction)), 1.0))
        return direction @ self.head + self.head_bias


def sure(chance: float, features: int, curve: Curve) -> int:
    """Return a calibrated chance in per cent: a logistic curve over log-odds and length (Platt, with one term more).

    It was fitted on articles and headlines that the model was not trained on.
    """
    bounded = min(max(chance, 1e-6), 1 - 1e-6)
    length = math.log(min(max(features, 1), LONG))
    odds = curve.slope * math.log(bounded / (1 - bounded)) + curve.offset + curve.length * length
    return round(100 / (1 + math.exp(-odds)))


def load_model(weights: Path = WEIGHTS, facts: Path = FACTS) -> Model:
    """Read the model."""
    told: Mapping[str, Any] = json.loads(facts.read_text(encoding="utf-8"))
    with np.load(weights, allow_pickle=False) as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    curves = {name: Curve(**curve) for name, curve in told["curves"].items()}
    return Model(**parts, mix=Mix(**told["mix"]), alone=curves["alone"], embedded=curves["embedded"])
