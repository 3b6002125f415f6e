"""The secrets of a first start: made once, whole, and never again."""

from __future__ import annotations

from pathlib import Path

from shared.first_secrets import make_missing


def test_a_first_start_makes_a_password_and_the_address_that_it_opens(tmp_path: Path) -> None:
    assert make_missing(tmp_path) == ["postgres_password", "database_url"]
    password = (tmp_path / "postgres_password").read_text().strip()
    assert len(password) > 30
    assert f":{password}@" in (tmp_path / "database_url").read_text()


def test_what_is_there_stays(tmp_path: Path) -> None:
    make_missing(tmp_path)
    before = (tmp_path / "postgres_password").read_text()
    assert make_missing(tmp_path) == []
    assert (tmp_path / "postgres_password").read_text() == before


def test_a_password_of_ones_own_is_taken(tmp_path: Path) -> None:
    (tmp_path / "postgres_password").write_text("mine\n")
    assert make_missing(tmp_path) == ["database_url"]
    assert ":mine@" in (tmp_path / "database_url").read_text()


def test_a_start_that_was_cut_short_is_made_good(tmp_path: Path) -> None:
    (tmp_path / "postgres_password.new").write_text("ha")
    make_missing(tmp_path)
    assert (tmp_path / "postgres_password").read_text() != "ha"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["database_url", "postgres_password"]
