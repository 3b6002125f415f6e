from __future__ import annotations

import pytest
from pydantic import ValidationError

from services.enrich.settings import EnrichSettings

NAMES = {"ENRICH_PORT": "port", "ENRICH_BUDGET_MS": "budget_ms", "ENRICH_BATCH": "batch"}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("member", "value"), [("port", 8090), ("budget_ms", 500), ("batch", 8)])
def test_nothing_need_be_set(member: str, value: int) -> None:
    assert getattr(EnrichSettings(), member) == value


@pytest.mark.parametrize(("name", "member"), NAMES.items())
def test_a_variable_is_read(name: str, member: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "33")
    assert getattr(EnrichSettings(), member) == 33


@pytest.mark.parametrize("name", NAMES)
def test_a_value_that_makes_no_sense_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "-1")
    with pytest.raises(ValidationError, match=name):
        EnrichSettings()
