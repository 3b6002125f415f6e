from __future__ import annotations

import pytest

from tests.ingest.parse.reading import one

COPY = "Three schools shut on Monday after a storm. More may follow."
BODY = f"<p>{COPY}</p>"
HEADLINE = "Storm shuts three schools"
HEADS = {
    "site, headline, date": f"Coastal FM\n\n{HEADLINE}\n\n3 June 2024",
    "no blank lines": f"Coastal FM\n{HEADLINE}\n3 June 2024",
    "crumbs first": f"Home / News / World\nCoastal FM\n{HEADLINE}\n3 June 2024",
    "a section between": f"Coastal FM\n\nWorld\n\n{HEADLINE}\n\n3 June 2024",
    "buttons first": f"Skip to content\nMenu\nCoastal FM\n\n{HEADLINE}\n\n3 June 2024",
    "byline and date": f"Coastal FM\n\n{HEADLINE}\n\nBy Sam Lee | 3 June 2024",
    "date then byline": f"Coastal FM\n\n{HEADLINE}\n\n3 June 2024\nBy Sam Lee",
    "two dates": f"Coastal FM\n\n{HEADLINE}\n\nPublished 3 June 2024\nUpdated 4 June 2024",
}


@pytest.mark.parametrize("head", HEADS)
def test_a_head_is_read_whatever_its_order(head: str) -> None:
    item = one(f"{HEADS[head]}\n\n{COPY}\n")
    found = (item.provider, item.headline, str(item.published), item.body_html)
    assert found == ("Coastal FM", HEADLINE, "2024-06-03 00:00:00+10:00", BODY)


def test_a_byline_is_read_with_the_date_beside_it() -> None:
    assert one(f"{HEADS['byline and date']}\n\n{COPY}").by == "Sam Lee"


def test_a_sentence_below_the_headline_is_the_summary() -> None:
    assert one(f"Coastal FM\n\n{HEADLINE}\n\nA fourth is next.\n\n3 June 2024\n\n{COPY}").summary == "A fourth is next."


def test_a_headline_may_ask() -> None:
    assert one(f"Is the bridge closing?\n\n3 June 2024\n\n{COPY}").headline == "Is the bridge closing?"


def test_without_a_date_a_short_first_line_is_taken_for_the_site_and_said_to_be() -> None:
    item = one(f"Coastal FM\n\n{HEADLINE}\n\n{COPY}")
    assert (item.provider, item.assumptions[-1].code) == ("Coastal FM", "site_name_assumed")


def test_one_line_above_the_copy_is_the_headline() -> None:
    item = one(f"{HEADLINE}\n\n{COPY}")
    assert (item.provider, item.headline, item.body_html) == (None, HEADLINE, BODY)


def test_copy_with_no_address_has_no_identity() -> None:
    assert one(f"{HEADLINE}\n\n{COPY}").identity is None


def test_furniture_in_the_middle_of_copy_stays() -> None:
    assert "<p>Advertisement</p>" in one(f"{HEADLINE}\n\n{COPY}\n\nAdvertisement\n\n{COPY}\n\nShare").body_html
