from __future__ import annotations

import pytest

from services.ingest.parse.blocks import from_text
from services.ingest.parse.furniture import trim

COPY = "The boats are late, the yard says."


def left(*lines: str) -> list[str]:
    return [block.text for block in trim([from_text(line) for line in lines]).blocks]


@pytest.mark.parametrize(
    "line",
    [
        "Facebook Comment", "Facebook Comments", "top", "Top", "Back to top", "↑ Back to top", "Leave a comment",
        "Leave a Reply", "Share this article", "Share", "Facebook | Twitter | Email", "Tweet", "3 comments",
        "Comments (12)", "Subscribe to our newsletter", "Follow us on Facebook", "© 2024 Coastal FM",
        "Copyright 2024 Coastal FM. All rights reserved.", "Privacy policy", "Advertisement", "Read more on our site",
        "Tags: boats, ferries", "Previous article: Whale seen", "Powered by PressThing",
    ],
)  # fmt: skip
def test_furniture_goes_from_the_end(line: str) -> None:
    assert left(COPY, line) == [COPY]


@pytest.mark.parametrize(
    "line",
    [
        "Top of the list is a new engine.",
        "Share prices fell in Sydney.",
        "Reporting by Jo Tran",
        "AAP",
        "Comments by the minister were not reported.",
        "She has the copyright to the song.",
        "Home prices rose again.",
    ],
)
def test_copy_that_looks_a_little_like_furniture_stays(line: str) -> None:
    assert left(COPY, line) == [COPY, line]


def test_nothing_goes_from_the_middle() -> None:
    assert left(COPY, "Share", "top", COPY) == [COPY, "Share", "top", COPY]


def test_a_list_of_other_stories_goes_with_its_title() -> None:
    assert left(COPY, "Related stories", "Whale seen in harbour", "Pool to stay open", "top") == [COPY]


def test_the_copyright_line_is_kept_apart() -> None:
    assert trim([from_text(COPY), from_text("© 2024 Coastal FM"), from_text("top")]).copyright_notice is not None


def test_a_page_of_nothing_but_furniture_is_empty() -> None:
    assert left("Menu", "Share", "top") == []
