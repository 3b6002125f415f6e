"""What the model of topics is trained on and how sure it is allowed to be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from services.enrich.topics.model import sure
from tools.evaluate.labelled import SETS, read_set
from tools.topic_training import texts
from tools.topic_training.curves import Scored, accuracy, curve
from tools.topic_training.texts import Example, huffpost_rows, own, phrased
from tools.train_topics import TAUGHT


@pytest.fixture
def headlines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two hundred headlines, each of them twice, and one without a fair match."""
    monkeypatch.setattr(texts, "TESTED", 50)
    monkeypatch.setattr(texts, "CALIBRATED", 50)
    rows = [{"raw": f"headline {n % 200}", "label": 11} for n in range(400)] + [{"raw": "odd", "label": 15}]
    path = tmp_path / "headlines.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_no_headline_is_in_two_parts_of_the_split(headlines: Path) -> None:
    parts = [{raw for raw, _ in rows} for rows in huffpost_rows(headlines).values()]
    assert [len(part) for part in parts] == [50, 50, 100]
    assert len(set.union(*parts)) == 200


def test_the_split_is_the_same_every_time(headlines: Path) -> None:
    assert huffpost_rows(headlines) == huffpost_rows(headlines)


def test_headlines_without_a_fair_match_are_left_out(headlines: Path) -> None:
    assert "odd" not in {raw for rows in huffpost_rows(headlines).values() for raw, _ in rows}


def test_every_topic_is_written_about_for_training() -> None:
    assert {topic for example in own(TAUGHT) for topic in example.topics} == set(range(17))
    assert {topic for example in phrased() for topic in example.topics} == set(range(17))


def test_no_article_for_training_is_in_the_held_out_set() -> None:
    held = read_set(SETS / "test")
    taught = own(TAUGHT)
    assert not {example.headline for example in taught} & {article.headline for article in held}
    assert not {example.outlet for example in taught} & {article.outlet for article in held}


def examples(count: int) -> list[Example]:
    return [Example({f"word {n}": 1.0}, (n % 3,)) for n in range(count)]


def test_a_model_that_is_often_wrong_may_not_be_sure() -> None:
    draw = np.random.default_rng(1)
    some, scores = examples(300), draw.normal(0, 1, (300, 3))
    good = scores + 3 * np.eye(3)[[example.topics[0] for example in some]]
    bad, fine = (curve(Scored(some, each), Scored([], np.zeros((0, 3)))) for each in (8 * scores, good))
    assert sure(0.9, 10, bad) < sure(0.9, 10, fine)
    assert bad.sharpness < fine.sharpness


def test_accuracy_among_a_sets_labels_leaves_out_the_topics_that_it_lacks() -> None:
    one = Scored([Example({}, (1,))], np.array([[9.0, 2.0, 1.0]]))
    assert (accuracy(one), accuracy(one, among_its_labels=True)) == (0.0, 1.0)
