"""Dropped files: which are complete, and what one delivery is called."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from services.ingest.folders.dropfile import (
    Mark,
    Place,
    Seen,
    Sighting,
    is_ignored,
    printable,
    receipt_of,
    settle,
    with_receipt,
)

WRITTEN = Mark(is_file=True, device=1, inode=7, links=1, size=100, mtime_ns=5_000_000_000, ctime_ns=5_000_000_000)
RENAMED = replace(WRITTEN, ctime_ns=5_000_900_000)


def complete_after(seconds: float, *marks: Mark, trust_renames: bool = True, claim: str | None = None) -> list[str]:
    """Look once for each mark, ``seconds`` apart, and return what is complete at the last look."""
    sightings: dict[Place, Sighting] = {}
    complete: list[Seen] = []
    for number, mark in enumerate(marks):
        seen = [Seen("story.xml", mark, claim)]
        now = number * seconds
        sightings, complete = settle(sightings, seen, now=now, stable_seconds=2, trust_renames=trust_renames)
    return [file.name for file in complete]


def test_file_that_was_just_written_is_not_complete() -> None:
    assert complete_after(0, WRITTEN) == []


def test_file_that_stood_still_for_long_enough_is_complete() -> None:
    assert complete_after(2, WRITTEN, WRITTEN) == ["story.xml"]


def test_file_that_grew_begins_to_stand_still_anew() -> None:
    assert complete_after(1.5, WRITTEN, replace(WRITTEN, size=150), replace(WRITTEN, size=150)) == []


def test_file_of_the_same_size_that_was_written_to_begins_anew() -> None:
    assert complete_after(2, WRITTEN, replace(WRITTEN, mtime_ns=5_100_000_000, ctime_ns=5_100_000_000)) == []


def test_file_that_was_renamed_into_place_is_complete_at_once() -> None:
    assert complete_after(0, RENAMED) == ["story.xml"]


def test_renames_are_not_told_on_a_file_system_whose_times_are_not_trusted() -> None:
    assert complete_after(0, RENAMED, trust_renames=False) == []


def test_file_that_we_renamed_ourselves_has_to_stand_still() -> None:
    assert complete_after(0, RENAMED, claim="a1") == []


def test_empty_file_that_was_renamed_has_to_stand_still() -> None:
    assert complete_after(0, replace(RENAMED, size=0)) == []


def test_file_with_two_names_has_to_stand_still() -> None:
    """A sender that links into place has two names for a moment."""
    assert complete_after(0, replace(RENAMED, links=2)) == []


@pytest.mark.parametrize(
    "name", [".story.xml", "story.tmp", "story.xml.part", "STORY.XML.FILEPART", "done", "rejected"]
)
def test_name_that_is_not_for_us_is_ignored(name: str) -> None:
    assert is_ignored(name)


@pytest.mark.parametrize("name", ["story.xml", "done.xml", "part", "tmp", "a\nb.txt", "-rf", "~"])
def test_every_other_name_is_taken(name: str) -> None:
    assert not is_ignored(name)


def test_receipt_is_the_same_for_the_same_delivery() -> None:
    assert receipt_of("demo", "a.xml", WRITTEN, "f" * 64) == receipt_of("demo", "a.xml", RENAMED, "f" * 64)


@pytest.mark.parametrize(
    ("source", "name", "mark", "sha256"),
    [
        ("other", "a.xml", WRITTEN, "f" * 64),
        ("demo", "b.xml", WRITTEN, "f" * 64),
        ("demo", "a.xml", replace(WRITTEN, mtime_ns=5_000_000_001), "f" * 64),
        ("demo", "a.xml", WRITTEN, "e" * 64),
    ],
    ids=["source", "name", "time", "bytes"],
)
def test_receipt_differs_with_each(source: str, name: str, mark: Mark, sha256: str) -> None:
    assert receipt_of(source, name, mark, sha256) != receipt_of("demo", "a.xml", WRITTEN, "f" * 64)


@pytest.mark.parametrize("mtime_ns", [-(10**18), 2**62, 0])
def test_receipt_has_its_shape_whatever_the_time(mtime_ns: int) -> None:
    assert len(receipt_of("demo", "a.xml", replace(WRITTEN, mtime_ns=mtime_ns), None)) == 32


@pytest.mark.parametrize("name", ["a" * 255, "é" * 127, os.fsdecode(b"\xff" * 255)])
def test_longest_name_still_takes_a_receipt(name: str, tmp_path: Path) -> None:
    place = tmp_path / with_receipt(name, "0" * 32)
    place.touch()
    assert len(os.fsencode(place.name)) == 255


def test_name_with_a_line_end_stays_on_one_line_of_the_log() -> None:
    assert printable("a\nb\x1b[2J" + os.fsdecode(b"\xff")) == "a\\nb\\x1b[2J\\udcff"
