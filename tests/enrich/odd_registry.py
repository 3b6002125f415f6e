"""Enrichers that misbehave, where worker processes can import them."""

from __future__ import annotations

import os
import signal
import time

from services.enrich.additions import Additions, Cost, Enrich, Enricher, each
from services.enrich.copy import Copy
from tests.enrich.stories import enricher

__all__ = ["ABSENT", "BASIC", "DEADLY", "SLOW"]


def count(copy: Copy) -> Additions:
    return Additions(word_count=len(copy.text.split()))


def fail(copy: Copy) -> Additions:
    if "bad" in copy.headline:
        raise ValueError(copy.headline)
    return Additions(keywords=("good",))


def sleep(_: Copy) -> Additions:
    time.sleep(1.5)
    return Additions(keywords=("slow",))


def die(copy: Copy) -> Additions:
    if "deadly" in copy.headline:
        os.kill(os.getpid(), signal.SIGKILL)
    return Additions(keywords=("alive",))


def gone() -> Enrich:
    raise FileNotFoundError("/models/that.bin")


COUNTS = enricher("counts", each(count), cost=Cost.INSTANT)
BASIC = (COUNTS, enricher("picky", each(fail)))
SLOW = (COUNTS, enricher("slow", each(sleep)))
DEADLY = (COUNTS, enricher("deadly", each(die)))
ABSENT = (COUNTS, Enricher(name="absent", version="1", adds=(), load=gone))
