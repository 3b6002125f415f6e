"""Train the model of the top-level Media Topics.

    python -m tools.train_topics --huffpost FILE --own DIRECTORY [--unseen MASAKHANEWS]

It learns from headlines of the News Category Dataset (R. Misra, CC BY 4.0), the labels and definitions of the Media
Topics (© IPTC, CC BY 4.0), our word lists and our own labelled articles. ``--unseen`` is an outlet that it is measured
on; it learns no weight from it, and the two numbers that turn a chance into a confidence only where there are no own
articles. The same input gives the same bytes; their digests, the licences and what was measured stand
beside the weights in ``topics.json``. services/enrich/data/README.md tells more.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp  # type: ignore[import-untyped]
import sklearn  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from services.enrich.topics.features import BUCKETS, HEADLINE, LEAD, READ, REST, Weighed, bucket, weigh
from services.enrich.topics.model import FACTS, WEIGHTS
from services.enrich.topics.vocabulary import load_vocabulary
from services.enrich.topics.words import read_words

SEED = 20
HELD_OUT = 3_000
PSEUDO = 500
"""Texts made of each topic's own words: they teach what no outlet of the data writes about (disasters, weather)."""
LEXICON = 10.0
"""Weight of our word lists beside what was learnt."""
OWN = 5.0
"""Weight of an own article beside a headline."""
SHARPNESS = 0.25
"""What weights are multiplied by: a sum of hundreds of them is far surer of itself than it is right. Without it, the
fitted slope was 0.2 on articles never seen."""
FOLDS = 4

HUFFPOST = {
    **dict.fromkeys((2, 10, 21, 32, 35, 39), 1),
    **dict.fromkeys((20,), 2),
    **dict.fromkeys((9, 31), 4),
    **dict.fromkeys((37, 40), 5),
    **dict.fromkeys((23, 36), 6),
    **dict.fromkeys((1, 6), 7),
    **dict.fromkeys((22, 34), 8),
    **dict.fromkeys((3, 4, 8, 13, 26, 29), 10),
    **dict.fromkeys((0,), 11),
    **dict.fromkeys((25,), 12),
    **dict.fromkeys((27, 30), 13),
    **dict.fromkeys((5, 7, 12, 14, 16, 17, 19, 33, 38), 14),
    **dict.fromkeys((11,), 15),
}
"""The data's numbered labels as numbers of the top level; those without a fair match are left out."""
UNSEEN = {"business": 4, "entertainment": 1, "health": 7, "politics": 11, "sports": 15, "technology": 13}
LICENCES = {
    "huffpost": "News Category Dataset, R. Misra, arXiv:2209.11429, CC BY 4.0; headlines",
    "mediatopics": "IPTC Media Topics, © IPTC, CC BY 4.0; labels and definitions",
    "words": "our own, Apache-2.0",
    "own": "our own look-alike articles, CC0",
    "unseen": "MasakhaNEWS, English, development part; measured on, never learnt from: its licences disagree",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A text and its top-level topics, as columns; the first is the one to learn."""

    weighed: Weighed
    topics: tuple[int, ...]


def article(headline: str, body: Sequence[str], *topics: int) -> Example:
    """Weigh an article as the enricher does."""
    rest = "\n".join(body[1:])[:READ]
    lead = body[0] if body else ""
    return Example(weigh([(HEADLINE, headline), (LEAD, lead), (REST, rest)]), tuple(topic - 1 for topic in topics))


def huffpost(path: Path) -> list[Example]:
    """Read headlines with a number for a label."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [article(row["raw"], [], HUFFPOST[row["label"]]) for row in rows if row["label"] in HUFFPOST]


def unseen(path: Path) -> list[Example]:
    """Read articles of MasakhaNEWS."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["category"] in UNSEEN]
    return [article(row["headline"], row["text"].split("\n"), UNSEEN[row["category"]]) for row in rows]


def own(directory: Path) -> list[Example]:
    """Read our labelled articles: header lines, a blank one, the headline, then a paragraph a line."""
    found = []
    for path in sorted(directory.glob("*.txt")):
        for block in re.split(r"^----+\s*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            header, _, text = block.strip().partition("\n\n")
            topics = re.findall(r"medtop:(\d\d)000000", header)
            lines = [re.sub(r"\[(?:PER|ORG|LOC) ([^\]]*)\]", r"\1", line) for line in text.splitlines() if line.strip()]
            if topics and lines:
                found.append(article(lines[0], lines[1:], *map(int, topics)))
    return found


def definitions() -> list[Example]:
    """Return every Media Topic as an article: its label is the headline."""
    vocabulary = load_vocabulary()
    concepts = vocabulary.concepts.values()
    return [article(c.name, ["", c.definition], int(vocabulary.top(c.code)[:2])) for c in concepts]


def pseudo() -> list[Example]:
    """Return texts drawn from our word lists."""
    draw = random.Random(SEED)  # noqa: S311 - drawn for training, and the same every time
    found = []
    for code, words in read_words().items():
        for _ in range(PSEUDO):
            drawn = draw.choices(list(words), list(words.values()), k=draw.randint(6, 30))
            weighed = {word: draw.choice([1.0, 1.0, 2.0, 3.0]) for word in drawn}
            found.append(Example(weighed, (int(code[:2]) - 1,)))
    return found


def lexicon() -> Any:
    """Return the word lists as weights; a word of several topics counts less for each."""
    weights = np.zeros((BUCKETS, 17))
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


def scaled(matrix: Any, idf: Any) -> Any:
    """Return TF-IDF with rows of length 1."""
    weighed = matrix.multiply(idf).tocsr()
    norms = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    return sp.diags(1 / np.maximum(norms, 1e-9)) @ weighed


def fit(matrix: Any, labels: Any, emphasis: Any) -> tuple[Any, Any]:
    """Return weights by bucket and topic, and a bias by topic, the word lists' weights among them."""
    sizes = np.bincount(labels, minlength=17)
    balance = np.sqrt(np.median(sizes) / sizes[labels]) * emphasis
    learnt = LogisticRegression(C=3, max_iter=150, tol=1e-3, random_state=SEED)
    learnt.fit(matrix, labels, sample_weight=balance)
    return SHARPNESS * (learnt.coef_.T + LEXICON * lexicon()), SHARPNESS * learnt.intercept_


def chances(matrix: Any, weights: Any, bias: Any) -> Any:
    """Return the chances of the topics, a row an example."""
    scores = matrix @ weights + bias
    exps = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


def hits(probabilities: Any, examples: Sequence[Example]) -> Any:
    """Return for each example whether the likeliest topic is one of its own."""
    best = probabilities.argmax(axis=1)
    return np.array([topic in example.topics for topic, example in zip(best, examples, strict=True)])


def platt(top: Any, right: Any) -> tuple[float, float]:
    """Fit the curve from the model's chance to how often it is right."""
    odds = np.log(top / (1 - top + 1e-9) + 1e-9).reshape(-1, 1)
    curve = LogisticRegression(C=1.0).fit(odds, right)
    return round(float(curve.coef_[0, 0]), 4), round(float(curve.intercept_[0]), 4)


def train(given: argparse.Namespace) -> None:
    """Learn, measure and write."""
    headlines = huffpost(given.huffpost)
    random.Random(SEED).shuffle(headlines)  # noqa: S311 - a split, the same every time
    held, headlines = headlines[:HELD_OUT], headlines[HELD_OUT:]
    ours = own(given.own) if given.own else []
    base = [*headlines, *definitions(), *pseudo()]
    plain = counts(base)
    seen = np.bincount(plain[: len(base) - 17 * PSEUDO].indices, minlength=BUCKETS)
    idf = np.minimum(np.log((1 + len(base)) / (1 + seen)) + 1, 9).astype(np.float16).astype(float)
    matrix = scaled(plain, idf)
    labels = np.array([example.topics[0] for example in base])

    def learn(extra: Sequence[Example]) -> tuple[Any, Any]:
        more = sp.vstack([matrix, *([scaled(counts(extra), idf)] if extra else [])]).tocsr()
        emphasis = np.concatenate([np.ones(len(base)), np.full(len(extra), OWN)])
        return fit(more, np.concatenate([labels, [e.topics[0] for e in extra]]).astype(int), emphasis)

    measured: dict[str, Any] = {}
    slope, offset = 1.0, 0.0
    if ours:
        top, right = np.zeros(len(ours)), np.zeros(len(ours), bool)
        for fold in range(FOLDS):
            tested = list(range(fold, len(ours), FOLDS))
            weights, bias = learn([e for number, e in enumerate(ours) if number % FOLDS != fold])
            found = chances(scaled(counts([ours[n] for n in tested]), idf), weights, bias)
            top[tested], right[tested] = found.max(axis=1), hits(found, [ours[n] for n in tested])
        slope, offset = platt(top, right)
        measured["own, four folds"] = {"articles": len(ours), "accuracy": round(float(right.mean()), 3)}
    weights, bias = learn(ours)
    scale = np.abs(weights).max(axis=0) / 127
    packed = np.rint(weights / scale).astype(np.int8)
    sets = {"huffpost, held out (headlines alone)": held}
    if given.unseen:
        sets["masakhanews, never seen"] = unseen(given.unseen)
        if not ours:
            found = chances(scaled(counts(sets["masakhanews, never seen"]), idf), packed * scale, bias)
            slope, offset = platt(found.max(axis=1), hits(found, sets["masakhanews, never seen"]))
    for name, examples in sets.items():
        found = chances(scaled(counts(examples), idf), packed * scale, bias)
        measured[name] = {"articles": len(examples), "accuracy": round(float(hits(found, examples).mean()), 3)}
        among = found * np.isin(np.arange(17), sorted({e.topics[0] for e in examples}))
        measured[name]["accuracy among its labels"] = round(float(hits(among, examples).mean()), 3)
    floats = {"scale": scale.astype(np.float32), "bias": bias.astype(np.float32), "idf": idf.astype(np.float16)}
    np.savez_compressed(given.out, weights=packed, **floats)
    write_facts(given, {"slope": slope, "offset": offset}, measured)


def write_facts(given: argparse.Namespace, calibration: dict[str, float], measured: dict[str, Any]) -> None:
    """Write what the weights came from and what they are worth."""
    inputs = [given.huffpost, *sorted(given.own.glob("*.txt") if given.own else []), given.unseen]
    document = {
        "calibration": calibration,
        "measured": measured,
        "licences": LICENCES,
        "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in inputs if path},
        "seed": SEED,
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "weights_sha256": hashlib.sha256(given.out.read_bytes()).hexdigest(),
    }
    given.facts.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(measured, indent=1))
    print(f"{given.out}: {given.out.stat().st_size:,} bytes")


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description="Train the model of the top-level Media Topics.")
    parser.add_argument("--huffpost", type=Path, required=True)
    parser.add_argument("--own", type=Path, help="directory of our labelled articles")
    parser.add_argument("--unseen", type=Path, help="MasakhaNEWS, to be measured on")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--facts", type=Path, default=FACTS)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
