"""``make run``, twice on the same data, as somebody who tries the project would."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.waiting import wait_until_sync
from tools.feed_samples import in_words, media_type
from tools.local_stack import LocalStack, local_stack
from tools.ports import DEFAULTS, Ports
from tools.run_local import ROOT, InUse, hold, service_environment

# The whole newsroom starts for the first of them, on a machine that is busy with other tests.
pytestmark = [pytest.mark.heavy, pytest.mark.timeout(150)]

HEADLINE = "Flooded library lends from a boat while its shelves dry"
SAMPLES = sorted(path.name for path in (ROOT / "samples").iterdir() if path.suffix in {".txt", ".html", ".xml"})


@dataclass
class Run:
    home: str
    log: str
    site: str
    pasted: str
    exit_code: int
    seconds_to_stop: float


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # A space, as in a home folder that is named for a person.
    return tmp_path_factory.mktemp("two runs")


@pytest.fixture(scope="module")
def first_run(folder: Path) -> Run:
    return run(folder)


@pytest.fixture(scope="module")
def second_run(folder: Path, first_run: Run) -> Run:
    assert first_run.exit_code == 0
    return run(folder)


def run(folder: Path) -> Run:
    with local_stack(folder, samples=True) as stack:
        home = home_page_when_fed(stack)
        pasted = paste(stack.log.read_text())
        began = time.monotonic()
        stack.process.send_signal(signal.SIGINT)
        code = stack.process.wait(timeout=20)
        return Run(home, stack.log.read_text(), stack.site, pasted, code, time.monotonic() - began)


def paste(log: str) -> str:
    """Do what the banner invites to: run its command, without the log's prefix, and return the answer."""
    line = next(line for line in log.splitlines() if "| curl" in line)
    command = line[line.index("printf") :]
    return subprocess.run(command, shell=True, capture_output=True, text=True, timeout=30, check=False).stdout  # noqa: S602 - our own line


def home_page_when_fed(stack: LocalStack) -> str:
    with httpx.Client(timeout=10, trust_env=False) as client:
        stack.wait_until_ready(client)
        wait_until_sync(lambda: "Ctrl-C stops everything" in stack.log.read_text(), timeout=30)
        wait_until_sync(lambda: HEADLINE in client.get(f"{stack.site}/").text, timeout=30)
        return client.get(f"{stack.site}/").text


def test_the_samples_are_on_the_site(first_run: Run) -> None:
    assert HEADLINE in first_run.home


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_taken_in(first_run: Run, name: str) -> None:
    line = next(line for line in first_run.log.splitlines() if f"sample {name}:" in line)
    assert line.endswith("taken in")


def test_the_addresses_are_printed(first_run: Run) -> None:
    assert f"site   {first_run.site}/" in first_run.log


@pytest.mark.skipif(shutil.which("curl") is None, reason="the printed command needs curl")
def test_the_printed_command_makes_a_story_as_it_stands(first_run: Run) -> None:
    assert ("202 Accepted" in first_run.pasted, '"outcome":"emitted"' in first_run.pasted) == (True, True)


def test_no_error_is_logged(first_run: Run) -> None:
    assert [line for line in first_run.log.splitlines() if "[error" in line or "Traceback" in line] == []


def test_ctrl_c_stops_everything_within_ten_seconds(first_run: Run) -> None:
    assert first_run.seconds_to_stop < 10


def test_ctrl_c_is_no_failure(first_run: Run) -> None:
    assert first_run.exit_code == 0


def test_a_second_run_still_has_the_stories_of_the_first(second_run: Run) -> None:
    assert HEADLINE in second_run.home


@pytest.mark.parametrize("name", SAMPLES)
def test_a_second_run_knows_every_sample_again(second_run: Run, name: str) -> None:
    line = next(line for line in second_run.log.splitlines() if f"sample {name}:" in line)
    assert line.endswith("already in")


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    with hold(tmp_path):
        yield tmp_path


def test_two_runs_cannot_share_a_data_folder(held: Path) -> None:
    with pytest.raises(InUse, match="WIREROOM_DATA"):
        hold(held)


def test_a_run_on_a_data_folder_in_use_ends_with_one_line(held: Path) -> None:
    command = [sys.executable, "-m", "tools.run_local"]
    environment = {**os.environ, "WIREROOM_DATA": str(held)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL_FILE"])
def test_another_projects_servers_are_not_written_to(name: str, tmp_path: Path) -> None:
    assert name not in service_environment({name: "elsewhere"}, Ports(DEFAULTS, ()), tmp_path)


def test_another_projects_redis_is_not_used(tmp_path: Path) -> None:
    environment = service_environment({"REDIS_URL": "redis://elsewhere"}, Ports(DEFAULTS, ()), tmp_path)
    assert environment["REDIS_URL"] == "redis://127.0.0.1:6390/0"


def test_an_atom_feed_is_declared_as_one() -> None:
    content = b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">'
    assert media_type(Path("x.xml"), content) == "application/atom+xml"


def test_an_rss_feed_is_declared_as_one() -> None:
    assert media_type(Path("x.xml"), b'<?xml version="1.0"?><rss version="2.0">') == "application/rss+xml"


def test_outcomes_are_counted_in_words() -> None:
    assert in_words(["emitted", "duplicate", "emitted"]) == "2 taken in, 1 already in"
