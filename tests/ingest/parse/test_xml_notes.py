from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.article import Change, PubStatus
from tests.ingest.parse.reading import one
from tests.ingest.parse.wires import newsml_1, newsml_g2, nitf


def in_newsml_g2(note: str) -> str:
    return newsml_g2(f"<edNote>{note}</edNote>")


def in_nitf(note: str) -> str:
    return nitf(f'<doc-id regsrc="TIDE" id-string="1"/><ed-msg info="{note}"/>')


def in_newsml_1(note: str) -> str:
    return newsml_1(f'<Status FormalName="Usable"/><Property FormalName="EdNote" Value="{note}"/>')


CARRIERS = pytest.mark.parametrize("carry", [in_newsml_g2, in_nitf, in_newsml_1])


@CARRIERS
@pytest.mark.parametrize(
    "note", ["KILL", "KILL: the age is wrong", "BULLETIN KILL", "The story is wrong. A kill is mandatory."]
)
def test_usable_copy_whose_note_kills_is_a_kill(carry: Callable[[str], str], note: str) -> None:
    assert one(carry(note)).pub_status is PubStatus.CANCELED


@CARRIERS
def test_usable_copy_whose_note_withholds_is_withheld(carry: Callable[[str], str]) -> None:
    assert one(carry("WITHHOLD: lawyers are reading")).pub_status is PubStatus.WITHHELD


@CARRIERS
@pytest.mark.parametrize(
    "note",
    ["Kill Bill is reviewed apart.", "STORMS KILL 4: map to follow", "Disregard the first version.", "KILLS ADDED"],
)
def test_a_note_about_something_else_kills_nothing(carry: Callable[[str], str], note: str) -> None:
    assert one(carry(note)).pub_status is PubStatus.USABLE


@CARRIERS
@pytest.mark.parametrize("note", ["CORRECTION: the age.", "Corrects the age", "(Corrected) spelling"])
def test_a_note_that_says_correction_makes_it_one(carry: Callable[[str], str], note: str) -> None:
    assert one(carry(note)).change is Change.CORRECTION


def test_a_kill_by_note_is_looked_for_by_every_name_it_has() -> None:
    assert one(in_newsml_g2("KILL")).by_reference
