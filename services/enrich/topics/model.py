"""The linear model of the top level: hashed TF-IDF times weights, eight bits each, and a calibrated confidence."""

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

__all__ = ["Judged", "Model", "load_model", "sure"]

Floats = npt.NDArray[np.float32]

DATA = Path(__file__).parent.parent / "data"
WEIGHTS, FACTS = DATA / "topics.npz", DATA / "topics.json"


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model makes of one text."""

    chances: Floats
    """By top-level topic; their sum is 1. Not yet calibrated."""
    features: tuple[str, ...]
    shares: Floats
    """By feature and topic, what the feature adds beyond what it adds to an average topic."""

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


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by bucket and topic. ``scale`` turns the eight bits back; ``idf`` says how rare a feature is."""

    weights: npt.NDArray[np.int8]
    scale: Floats
    bias: Floats
    idf: npt.NDArray[np.float16]
    slope: float
    offset: float

    def judge(self, weighed: Weighed) -> Judged | None:
        """Return the chances of the topics; ``None`` for a text without a feature."""
        if not weighed:
            return None
        features = tuple(weighed)
        rows = np.fromiter((bucket(feature) for feature in features), np.int64, len(features))
        amounts = np.log1p(np.fromiter(weighed.values(), np.float32, len(features))) * self.idf[rows]
        amounts /= np.sqrt(np.square(amounts).sum())
        shares = self.weights[rows] * self.scale * amounts[:, None]
        scores = shares.sum(axis=0) + self.bias
        chances = np.exp(scores - scores.max())
        return Judged(chances / chances.sum(), features, shares - shares.mean(axis=1, keepdims=True))

    def confidence(self, chance: float) -> int:
        """Return the calibrated chance that a topic is right, in per cent."""
        return sure(chance, self.slope, self.offset)


def sure(chance: float, slope: float, offset: float) -> int:
    """Platt scaling: a logistic curve over the log-odds, fitted on articles that the model was not trained on."""
    bounded = min(max(chance, 1e-6), 1 - 1e-6)
    return round(100 / (1 + math.exp(-(slope * math.log(bounded / (1 - bounded)) + offset))))


def load_model(weights: Path = WEIGHTS, facts: Path = FACTS) -> Model:
    """Read the model."""
    told: Mapping[str, Any] = json.loads(facts.read_text(encoding="utf-8"))
    with np.load(weights, allow_pickle=False) as arrays:
        parts = {name: arrays[name] for name in ("weights", "scale", "bias", "idf")}
    return Model(**parts, slope=told["calibration"]["slope"], offset=told["calibration"]["offset"])
