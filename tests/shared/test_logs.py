"""Logs: one JSON object a line, whatever copy from outside holds."""

from __future__ import annotations

import json
import logging

import pytest

from shared.logs import configure_logs, get_logger


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_break_in_copy_makes_no_second_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("enrich")
    get_logger("t").info("article_enriched", headline='x\n{"level": "critical"}\r\x1b[31m')
    (line,) = lines(capsys)
    assert line["headline"] == 'x\n{"level": "critical"}\r\x1b[31m'


def test_a_line_names_its_service_its_level_and_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("enrich")
    get_logger("t").warning("article_late")
    (line,) = lines(capsys)
    assert (line["service"], line["level"], line["event"]) == ("enrich", "warning", "article_late")
    assert str(line["time"]).endswith("Z")


def test_a_value_too_long_for_a_log_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("enrich")
    get_logger("t").info("long", body="x" * 1_000_000)
    (line,) = lines(capsys)
    assert len(str(line["body"])) < 9_000


def test_what_is_not_known_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("enrich")
    get_logger("t").info("short", code=None)
    (line,) = lines(capsys)
    assert "code" not in line


def test_lines_of_libraries_take_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("enrich")
    logging.getLogger("another.package").warning("it is %s", "late")
    (line,) = lines(capsys)
    assert (line["event"], line["service"]) == ("it is late", "enrich")
