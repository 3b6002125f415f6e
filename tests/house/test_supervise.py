from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.waiting import wait_until_sync

pytestmark = pytest.mark.heavy

# A process that says when it was told to stop.
POLITE = "trap 'echo told to stop; exit 0' TERM; touch {ready}; while :; do sleep 0.05; done"
DEAF = "trap '' TERM; while :; do sleep 0.05; done"
BRIEF = "sleep 0.5; exit 3"


class Start(Protocol):
    def __call__(self, commands: dict[str, str], *drain: str) -> Run: ...


class Run:
    def __init__(self, folder: Path, commands: dict[str, str], *drain: str) -> None:
        ready = folder / "ready"
        script = json.dumps({name: command.format(ready=ready) for name, command in commands.items()})
        self.log = folder / "log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.house.run_pipeline", str(ready), script, *drain],
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.log.read_text()

    def wait_for(self, words: str) -> None:
        wait_until_sync(lambda: words in self.text)

    def pids(self) -> list[int]:
        return [int(pid) for pid in re.findall(r"started \(pid=(\d+)\)", self.text)]

    def line_of(self, words: str) -> int:
        return next(n for n, line in enumerate(self.text.splitlines()) if words in line)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    runs: list[Run] = []

    def begin(commands: dict[str, str], *drain: str) -> Run:
        runs.append(Run(tmp_path, commands, *drain))
        return runs[-1]

    yield begin
    for run in runs:
        run.process.kill()
        run.process.wait()


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def test_the_first_is_started_before_the_others(start: Start) -> None:
    run = start({"other": POLITE, "first": f"sleep 0.3; {POLITE}"})
    run.wait_for("all started")
    run.wait_for("other started")
    assert run.line_of("first started") < run.line_of("other started")


def test_the_first_is_told_to_stop_when_the_others_have_stopped(start: Start) -> None:
    run = start({"first": POLITE, "other": POLITE})
    run.wait_for("all started")
    run.wait_for("other started")
    run.process.send_signal(signal.SIGINT)
    run.process.wait(timeout=10)
    assert run.line_of("other stopped") < max(
        n for n, line in enumerate(run.text.splitlines()) if "told to stop" in line
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_being_told_to_stop_is_no_failure(start: Start, number: signal.Signals) -> None:
    run = start({"first": POLITE, "other": POLITE})
    run.wait_for("all started")
    # To the whole group, as a terminal does.
    os.killpg(run.process.pid, number)
    assert run.process.wait(timeout=10) == 0


def test_a_process_that_does_not_stop_is_killed_within_ten_seconds(start: Start) -> None:
    run = start({"first": POLITE, "deaf": DEAF})
    run.wait_for("all started")
    run.wait_for("deaf started")
    began = time.monotonic()
    run.process.send_signal(signal.SIGINT)
    run.process.wait(timeout=20)
    assert time.monotonic() - began < 10


def test_having_to_kill_a_process_is_a_failure(start: Start) -> None:
    run = start({"first": POLITE, "deaf": DEAF}, "0.2")
    run.wait_for("all started")
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(timeout=20) == 1


def test_a_process_that_ends_by_itself_is_named(start: Start) -> None:
    run = start({"first": POLITE, "brief": BRIEF})
    run.process.wait(timeout=10)
    assert "brief ended by itself (exit code 3)" in run.text


def test_a_process_that_ends_by_itself_ends_the_run_with_a_failure(start: Start) -> None:
    run = start({"first": POLITE, "brief": "sleep 0.5; exit 0"})
    assert run.process.wait(timeout=10) == 1


def test_nothing_else_is_started_when_the_first_fails(start: Start) -> None:
    run = start({"first": "exit 4", "other": POLITE})
    run.process.wait(timeout=10)
    assert "other started" not in run.text


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux alone ends orphans")
def test_no_process_outlives_a_killed_run(start: Start) -> None:
    run = start({"first": POLITE, "deaf": DEAF})
    run.wait_for("deaf started")
    pids = run.pids()
    run.process.kill()
    wait_until_sync(lambda: all(gone(pid) for pid in pids))
