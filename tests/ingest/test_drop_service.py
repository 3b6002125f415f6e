"""The service as it is run, fed by files: with the configuration that the repository comes with."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.ingest.desk import Desk
from tests.ingest.making import ninjs
from tests.ingest.test_ingest_service import ROOT, environment, run
from tests.waiting import wait_until_sync

PULLED = """sources:
  agency:
    provider: Agency
    pull: {url: https://api.example.org/feed, items: items, next: next, headers: {x-api-key: INGEST_AGENCY_KEY}}
"""


def test_file_in_the_inbox_of_the_demo_source_is_a_story(tmp_path: Path, redis_url: str, desk: Desk) -> None:
    inbox = tmp_path / "inbox" / "demo"
    with run(tmp_path, redis_url):
        wait_until_sync((inbox / "rejected").is_dir)
        aside = inbox / ".ferry.json"
        aside.write_bytes(ninjs())
        written = time.time() - 1
        os.utime(aside, (written, written))
        aside.rename(inbox / "ferry.json")
        wait_until_sync((inbox / "done" / "ferry.json").exists)
    assert [event.data.newsroom.source for event in desk.ingested] == ["demo"]


def test_interface_whose_key_is_not_set_ends_with_78_and_the_variable(tmp_path: Path, redis_url: str) -> None:
    (tmp_path / "newsroom.yaml").write_text(PULLED)
    ended = subprocess.run(
        [sys.executable, "-m", "services.ingest"],
        cwd=ROOT,
        env=environment(tmp_path, redis_url, NEWSROOM_CONFIG=str(tmp_path / "newsroom.yaml")),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (ended.returncode, b"set INGEST_AGENCY_KEY" in ended.stderr) == (78, True)
