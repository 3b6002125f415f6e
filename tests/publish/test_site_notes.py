"""What readers are told of a note to editors. Pure."""

from __future__ import annotations

import pytest

from services.publish.site.notes import correction_note, update_note


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("Corrects the mayor's name to Haverkamp.", "Corrects the mayor's name to Haverkamp."),
        ("(Corrects the year in paragraph 3)", "Corrects the year in paragraph 3."),
        ("Eds: CORRECTS spelling of Ardmere. Call the desk at 5550 1234.", "CORRECTS spelling of Ardmere."),
        ("EDITOR'S NOTE: Clarifies who paid", "Clarifies who paid."),
        ("Corrects the name; please do not use the earlier one.", "Corrects the name."),
        ("Recasts. Corrects the sum.", "Corrects the sum."),
    ],
)
def test_what_was_corrected_is_told(note: str, told: str) -> None:
    assert correction_note(note) == told


@pytest.mark.parametrize(
    "note",
    [
        None,
        "",
        "Eds: desk only",
        "Call for the corrected version.",
        "Corrects the name, please do not use the earlier one.",
        "Corrects what the desk sent.",
        "Corrects, questions to night@wire.example.",
        "Corrects " + "a long list " * 60,
    ],
)
def test_what_is_for_desks_is_not_told(note: str | None) -> None:
    assert correction_note(note) == ""


def test_what_is_new_is_no_correction() -> None:
    note = "UPDATES: Adds the minister's answer."
    assert (update_note(note), correction_note(note)) == ("UPDATES: Adds the minister's answer.", "")
