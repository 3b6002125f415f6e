"""Names derive from ``shared/topics.py``, and so does what is generated."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from shared.topics import TOPICS, Lane, Topic
from tools.generate import ROOT, main, stale
from tools.topic_table import BEGIN, END, put_between, table

READERS = [(topic, group) for topic in TOPICS for group in topic.readers]
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if (path / "__init__.py").exists())


def topic_id(value: object) -> str:
    return value.name if isinstance(value, Topic) else str(value)


@pytest.mark.parametrize("topic", TOPICS, ids=topic_id)
def test_a_topic_is_named_after_its_event(topic: Topic) -> None:
    assert topic.event.event_type in {f"newsroom.{topic.name}.v1", "newsroom.stage.outcome.v1"}


@pytest.mark.parametrize(("topic", "group"), READERS, ids=topic_id)
def test_a_group_is_the_service_that_reads(topic: Topic, group: str) -> None:
    assert group in SERVICES, f"{topic.name} is read by {group}"


@pytest.mark.parametrize(("topic", "group"), READERS, ids=topic_id)
def test_dead_letters_are_named_after_topic_and_reader(topic: Topic, group: str) -> None:
    assert topic.dead_letters(group) == f"{topic.name}.{group}.dead"


@pytest.mark.parametrize("topic", [t for t in TOPICS if len(t.lanes) > 1], ids=topic_id)
def test_the_urgent_lane_is_a_stream_of_its_own(topic: Topic) -> None:
    assert topic.stream(Lane.URGENT) == f"{topic.name}.urgent"


@pytest.mark.parametrize("topic", [t for t in TOPICS if len(t.lanes) == 1], ids=topic_id)
def test_urgent_events_of_a_topic_with_one_lane_go_into_it(topic: Topic) -> None:
    assert topic.stream(Lane.URGENT) == topic.name


def test_no_two_streams_share_a_name() -> None:
    dead = [topic.dead_letters(group) for topic, group in READERS]
    streams = [stream for topic in TOPICS for stream in topic.streams] + dead
    assert len(set(streams)) == len(streams)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "services").rglob("*.py")), ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_no_service_spells_a_streams_name(path: Path) -> None:
    names = {stream for topic in TOPICS for stream in topic.streams} | {t.dead_letters(g) for t, g in READERS}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    literals = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    assert not literals & names


def test_what_is_generated_is_current() -> None:
    assert stale(ROOT) == []


def test_the_readme_shows_the_table() -> None:
    assert f"{BEGIN}\n{table()}\n{END}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("topic", TOPICS, ids=topic_id)
def test_the_table_has_a_row_for_each_topic(topic: Topic) -> None:
    assert sum(line.startswith(f"| `{topic.streams[0]}`") for line in table().splitlines()) == 1


def test_a_document_without_markers_is_left_alone() -> None:
    assert put_between("# Wireroom\n") == "# Wireroom\n"


def test_only_what_is_between_the_markers_is_replaced() -> None:
    document = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert put_between(document) == f"before\n{BEGIN}\n{table()}\n{END}\nafter\n"


def test_writing_brings_everything_up_to_date(tmp_path: Path) -> None:
    main([], root=tmp_path)
    assert main(["--check"], root=tmp_path) == 0


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    main([], root=tmp_path)
    once = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for path in once:
        path.unlink()
    main([], root=tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == once


@pytest.mark.parametrize("old", ["docs/asyncapi.yaml", "docs/schemas/newsroom.article.ingested.v1.json"])
def test_the_check_names_a_stale_file_and_fails(old: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([], root=tmp_path)
    (tmp_path / old).write_text("{}\n")
    assert (main(["--check"], root=tmp_path), f"stale: {old}\n" in capsys.readouterr().err) == (1, True)


def test_the_schema_of_an_event_that_is_gone_is_stale(tmp_path: Path) -> None:
    main([], root=tmp_path)
    (tmp_path / "docs/schemas/newsroom.article.printed.v1.json").write_text("{}\n")
    assert stale(tmp_path) == ["docs/schemas/newsroom.article.printed.v1.json"]


def test_the_check_writes_nothing(tmp_path: Path) -> None:
    main(["--check"], root=tmp_path)
    assert list(tmp_path.iterdir()) == []
