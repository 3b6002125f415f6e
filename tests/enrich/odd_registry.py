"""Enrichers that misbehave, where worker processes can import them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from services.enrich.additions import Additions, Cost, Enrich, Enricher, each
from services.enrich.copy import Copy
from tests.enrich.stories import enricher

__all__ = ["ABSENT", "BASIC", "DEADLY", "LABOUR", "NAPS", "SLOW", "SLOW_LAST"]


def count(copy: Copy) -> Additions:
    return Additions(word_count=len(copy.text.split()))


def fail(copy: Copy) -> Additions:
    if "bad" in copy.headline:
        raise ValueError(copy.headline)
    return Additions(keywords=("good",))


def sleep(_: Copy) -> Additions:
    time.sleep(0.6)
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


def nap(_: Copy) -> Additions:
    time.sleep(0.1)
    return Additions(keywords=("rested",))


def mark(copy: Copy) -> Additions:
    """Leave a trace where the headline says."""
    if copy.headline.startswith("/"):
        Path(copy.headline).touch()
    return Additions()


def labour(_: Copy) -> Additions:
    end = time.perf_counter() + 0.3
    while time.perf_counter() < end:
        pass
    return Additions(keywords=("done",))


NAPS = (enricher("early", each(count)), enricher("nap", each(nap)), enricher("mark", each(mark)))
SLOW_LAST = (enricher("early", each(count)), enricher("slow", each(sleep)), enricher("mark", each(mark)))
LABOUR = (enricher("labour", each(labour)),)
