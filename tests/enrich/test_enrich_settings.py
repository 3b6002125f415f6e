from __future__ import annotations

import pytest
from pydantic import ValidationError

from services.enrich.__main__ import reading
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


def test_no_more_is_read_at_a_time_than_the_workers_begin_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENRICH_WORKERS", "2")
    assert reading(EnrichSettings()).batch == 2 * EnrichSettings().batch
    monkeypatch.setenv("DELIVERY_BATCH", "5")
    assert reading(EnrichSettings()).batch == 5
