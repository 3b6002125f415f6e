"""The service as it is run, fed by files: with the configuration that the repository comes with."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import services.ingest.__main__ as service
from tests.ingest.desk import Desk
from tests.ingest.making import ninjs
from tests.ingest.test_ingest_service import run
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


def test_interface_whose_key_is_not_set_ends_with_78_and_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "newsroom.yaml").write_text(PULLED)
    monkeypatch.setenv("NEWSROOM_CONFIG", str(tmp_path / "newsroom.yaml"))
    monkeypatch.setenv("WIREROOM_DATA", str(tmp_path))
    # The logging of the process that runs the tests is theirs.
    monkeypatch.setattr(service, "configure_logs", lambda *_, **__: None)
    monkeypatch.setattr("sys.argv", ["ingest"])
    with pytest.raises(SystemExit) as ended:
        service.main()
    assert (ended.value.code, "set INGEST_AGENCY_KEY" in capsys.readouterr().err) == (78, True)
