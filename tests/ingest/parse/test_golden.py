from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.parse.golden import FIXTURES, difference, pairs


@pytest.mark.parametrize("copy", pairs(), ids=lambda path: str(path.relative_to(FIXTURES)))
def test_copy_gives_what_is_written_beside_it(copy: Path) -> None:
    found = difference(copy)
    assert not found, found


def test_every_expectation_has_its_copy() -> None:
    expected = {path.name.removesuffix(".expected.json") for path in FIXTURES.rglob("*.expected.json")}
    assert expected == {path.stem for path in pairs()}
