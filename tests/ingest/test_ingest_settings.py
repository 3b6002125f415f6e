"""The configuration that ingest takes, and what it says of one that it cannot take."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from services.ingest.pushing.tokens import token_variable
from services.ingest.settings import IngestSettings, Sources
from shared.settings import ConfigError, read_newsroom

ROOT = Path(__file__).parents[2]


def read(tmp_path: Path, text: str) -> Sources:
    path = tmp_path / "newsroom.yaml"
    path.write_text(text)
    return read_newsroom(path, "sources", Sources)


def test_repository_comes_with_a_source_to_push_to() -> None:
    assert read_newsroom(ROOT / "newsroom.yaml", "sources", Sources).root["demo"].push


def test_no_configuration_is_no_sources(tmp_path: Path) -> None:
    assert read_newsroom(tmp_path / "none.yaml", "sources", Sources).root == {}


def test_source_says_what_copy_may_leave_out(tmp_path: Path) -> None:
    source = read(tmp_path, "sources:\n  harbour: {provider: Harbour Weekly, timezone: Australia/Sydney}\n").root
    assert (source["harbour"].provider, source["harbour"].timezone) == ("Harbour Weekly", "Australia/Sydney")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("fede: https://harbour.example/feed", "fede"),
        ("timezone: Mars/Olympus", "Mars/Olympus"),
        ("timezone: ../../etc/passwd", "time zone"),
        ("feed: file:///etc/passwd", "feed"),
        ("every: 0", "every"),
        ("language: not a language", "language"),
        ("section: ../x", "section"),
    ],
)
def test_wrong_key_is_refused_with_its_line(tmp_path: Path, line: str, why: str) -> None:
    with pytest.raises(ConfigError, match=rf"newsroom\.yaml:4: .*{why}"):
        read(tmp_path, f"sources:\n  harbour:\n    provider: Harbour Weekly\n    {line}\n")


@pytest.mark.parametrize("name", ["Harbour", "har/bour", "..", "har_bour", "-x"])
def test_source_name_must_be_fit_for_a_file_and_a_variable(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"newsroom\.yaml:2"):
        read(tmp_path, f"sources:\n  {name}: {{provider: Harbour Weekly}}\n")


def test_names_that_differ_have_variables_that_differ() -> None:
    assert token_variable("north-wire") == "INGEST_TOKEN_NORTH_WIRE"


def test_private_networks_are_given_as_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGEST_ALLOW_PRIVATE", "10.1.0.0/16, ::1/128")
    assert IngestSettings().allow_private == (ip_network("10.1.0.0/16"), ip_network("::1/128"))


def test_no_private_network_is_allowed_by_default() -> None:
    assert IngestSettings().allow_private == ()


@pytest.mark.parametrize("value", ["10.1.0.1/16", "localhost", "0.0.0.0/33"])
def test_network_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("INGEST_ALLOW_PRIVATE", value)
    with pytest.raises(ValueError, match="INGEST_ALLOW_PRIVATE"):
        IngestSettings()
