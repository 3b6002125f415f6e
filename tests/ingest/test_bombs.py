"""Copy that is made to cost: refused with its code, or taken, within two seconds of processor time and 200 MB."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.ingest.parse import parse
from tests.ingest.bombs import HINTS, bombs

CODES = {**{name: bomb.code for name, bomb in bombs().items()}, "gzip": "too_large"}
SECONDS, MIB = 2, 190


@pytest.fixture(scope="module")
def costs() -> dict[str, tuple[str, float, float]]:
    told = subprocess.run(
        [sys.executable, "-m", "tests.ingest.bombs"], cwd=Path(__file__).parents[2], capture_output=True, check=True
    )
    return {name: (code, seconds, mib) for name, (code, seconds, mib) in json.loads(told.stdout).items()}


@pytest.mark.parametrize("name", CODES)
def test_bomb_comes_to_what_it_should_at_little_cost(costs: dict[str, tuple[str, float, float]], name: str) -> None:
    code, seconds, mib = costs[name]
    assert (code, seconds < SECONDS, mib < MIB) == (CODES[name], True, True), costs[name]


def test_ten_thousand_unfinished_lines_are_read_at_once() -> None:
    lines = "</p><p>".join(["the words go on and on " * 4] * 10_000)
    began = time.process_time()
    read = parse(
        json.dumps({"uri": "a:1", "headline": "x", "body_html": f"<p>{lines}</p>"}).encode(),
        content_type="application/json",
        hints=HINTS,
    )
    assert (len(read.items), time.process_time() - began < SECONDS) == (1, True)
