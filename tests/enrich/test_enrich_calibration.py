from __future__ import annotations

from collections import Counter

from services.enrich.naming.evidence import CONFIDENCE, Proof
from tools.evaluate.calibration import Tally, estimate, rows


def test_a_class_of_many_tags_is_worth_what_is_seen() -> None:
    assert round(estimate(900, 1000, 1, 10)) == 90


def test_a_class_of_few_tags_is_drawn_towards_the_other_set() -> None:
    assert estimate(1, 1, 50, 100) == 100 * (1 + 2.5) / 6


def test_a_class_that_the_other_set_does_not_show_is_drawn_towards_one_half() -> None:
    assert estimate(0, 2, 0, 0) == 25.0


def test_the_table_has_the_constant_in_use_beside_what_is_seen() -> None:
    ours: Tally = Counter({(Proof.ACRONYM, True): 3, (Proof.ACRONYM, False): 1})
    theirs: Tally = Counter({(Proof.ACRONYM, True): 5})
    (row,) = [row for row in rows(CONFIDENCE, ours, theirs) if row[0] == Proof.ACRONYM]
    assert row[1:] == [3, 4, 5, 5, 100 * (3 + 5) / 9, CONFIDENCE[Proof.ACRONYM]]
