"""The bearer tokens of the sources."""

from __future__ import annotations

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.ingest.pushing.tokens import Tokens
from shared.settings import ConfigError

TOKEN = "a-token-of-thirty-two-characters"


def load(folder: Path, **environ: str) -> Tokens:
    return Tokens.load(["demo"], environ=environ, folder=folder)


def test_token_from_the_environment_is_the_sources(tmp_path: Path) -> None:
    assert load(tmp_path, INGEST_TOKEN_DEMO=TOKEN).source_of(TOKEN) == "demo"


def test_token_is_made_when_none_is_given(tmp_path: Path) -> None:
    tokens = load(tmp_path / "secrets")
    assert tokens.source_of((tmp_path / "secrets" / "demo.token").read_text().strip()) == "demo"


def test_token_that_was_made_is_for_its_owner_alone(tmp_path: Path) -> None:
    load(tmp_path)
    assert stat.S_IMODE((tmp_path / "demo.token").stat().st_mode) == 0o600


def test_token_stays_over_a_restart(tmp_path: Path) -> None:
    load(tmp_path)
    before = (tmp_path / "demo.token").read_text()
    load(tmp_path)
    assert (tmp_path / "demo.token").read_text() == before


def test_replicas_that_start_together_agree_on_the_token(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: load(tmp_path), range(8)))
    token = (tmp_path / "demo.token").read_text().strip()
    assert {tokens.source_of(token) for tokens in made} == {"demo"}


def test_nothing_is_left_beside_the_token(tmp_path: Path) -> None:
    load(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo.token", "demo.token.sha256"]


def test_token_is_known_by_its_digest_once_the_copy_is_taken_away(tmp_path: Path) -> None:
    load(tmp_path)
    token = (tmp_path / "demo.token").read_text().strip()
    (tmp_path / "demo.token").unlink()
    assert load(tmp_path).source_of(token) == "demo"


def test_copy_that_was_taken_away_is_not_made_again(tmp_path: Path) -> None:
    load(tmp_path)
    (tmp_path / "demo.token").unlink()
    load(tmp_path)
    assert not (tmp_path / "demo.token").exists()


def test_token_is_changed_by_writing_another(tmp_path: Path) -> None:
    load(tmp_path)
    (tmp_path / "demo.token").write_text(TOKEN)
    load(tmp_path)
    (tmp_path / "demo.token").unlink()
    assert load(tmp_path).source_of(TOKEN) == "demo"


@pytest.mark.parametrize("form", ["{}", "sha256:{}", " {}\n"])
def test_digest_from_the_environment_is_enough(tmp_path: Path, form: str) -> None:
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    assert load(tmp_path, INGEST_TOKEN_HASH_DEMO=form.format(digest)).source_of(TOKEN) == "demo"


def test_digest_from_the_environment_leaves_no_token_here(tmp_path: Path) -> None:
    load(tmp_path / "secrets", INGEST_TOKEN_HASH_DEMO=hashlib.sha256(TOKEN.encode()).hexdigest())
    assert not (tmp_path / "secrets").exists()


def test_digest_is_no_token(tmp_path: Path) -> None:
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    assert load(tmp_path, INGEST_TOKEN_HASH_DEMO=digest).source_of(digest) is None


def test_digest_that_is_none_is_refused_by_its_variable(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="INGEST_TOKEN_HASH_DEMO"):
        load(tmp_path, INGEST_TOKEN_HASH_DEMO=TOKEN)


def test_tokens_of_all_sources_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []

    def compare(given: bytes, digest: bytes) -> bool:
        compared.append(digest)
        return given == digest

    tokens = Tokens({"a": TOKEN, "b": TOKEN.upper(), "c": TOKEN[::-1]})
    monkeypatch.setattr("services.ingest.pushing.tokens.hmac.compare_digest", compare)
    tokens.source_of(TOKEN)
    assert len(compared) == 3


@pytest.mark.parametrize("token", ["", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "\ud800"])
def test_other_token_is_nobodys(tmp_path: Path, token: str) -> None:
    assert load(tmp_path, INGEST_TOKEN_DEMO=TOKEN).source_of(token) is None


@pytest.mark.parametrize("token", ["short", "with a space in the midst of it", "mit-Umläuten-geht-es-auch-nicht"])
def test_token_that_cannot_serve_is_refused(tmp_path: Path, token: str) -> None:
    with pytest.raises(ConfigError, match="demo"):
        load(tmp_path, INGEST_TOKEN_DEMO=token)


def test_two_sources_may_not_share_a_token() -> None:
    with pytest.raises(ConfigError, match="same token"):
        Tokens({"a": TOKEN, "b": TOKEN})


def test_refusal_does_not_repeat_the_token(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refusal:
        load(tmp_path, INGEST_TOKEN_DEMO="short-secret")
    assert "short-secret" not in str(refusal.value)


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match=r"demo\.token"):
        load(tmp_path / "file")
