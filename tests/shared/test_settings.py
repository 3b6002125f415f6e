"""Configuration: what is wrong is said in one line, with where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from shared.settings import ConfigError, ServiceSettings, SiteIdentity, load, read_newsroom


@pytest.mark.parametrize(("given", "used"), [("", "redis://:hush@bus:6379/0"), ("redis://other:6379/0", None)])
def test_a_secret_may_come_as_a_file_and_gives_way_to_one_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, used: str | None
) -> None:
    secret = tmp_path / "redis-url"
    secret.write_text("redis://:hush@bus:6379/0\n")
    monkeypatch.setenv("REDIS_URL", given)
    monkeypatch.setenv("REDIS_URL_FILE", str(secret))
    assert load(ServiceSettings).redis_url == (used or given)


def test_another_programs_file_variable_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOOL_CONFIG_FILE", "/does/not/exist")
    load(ServiceSettings)


def test_a_secret_file_that_cannot_be_read_exits_78_and_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDIS_URL_FILE", "/does/not/exist")
    with pytest.raises(SystemExit) as ended:
        load(ServiceSettings)
    assert ended.value.code == 78
    said = capsys.readouterr().err
    assert "REDIS_URL_FILE=/does/not/exist cannot be read by uid" in said
    assert said.count("\n") == 1


def test_a_bad_setting_exits_78_and_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(SystemExit) as ended:
        load(ServiceSettings)
    assert ended.value.code == 78
    assert "LOG_FORMAT" in capsys.readouterr().err


def test_an_absent_file_gives_the_defaults(tmp_path: Path) -> None:
    assert read_newsroom(tmp_path / "none.yaml", "site", SiteIdentity) == SiteIdentity()


def test_an_unknown_key_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "newsroom.yaml"
    path.write_text("site:\n  name: Harbour News\n  colour: blue\n")
    with pytest.raises(ConfigError, match=r"newsroom\.yaml:3: site\.colour: Extra inputs are not permitted"):
        read_newsroom(path, "site", SiteIdentity)


def test_a_value_deep_in_a_list_is_found_by_its_line(tmp_path: Path) -> None:
    class Ports(BaseModel):
        model_config = ConfigDict(extra="forbid")
        ports: list[int] = []

    path = tmp_path / "newsroom.yaml"
    path.write_text("other: 1\nnet:\n  ports:\n    - 1\n    - two\n")
    with pytest.raises(ConfigError, match=r"newsroom\.yaml:5: net\.ports\.1"):
        read_newsroom(path, "net", Ports)


def test_what_is_not_yaml_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "newsroom.yaml"
    path.write_text("site: [unclosed\n")
    with pytest.raises(ConfigError, match="line 2"):
        read_newsroom(path, "site", SiteIdentity)
