from __future__ import annotations

import pytest

from services.ingest.parse.addresses import absolute, canonical, names_a_page


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("HTTPS://News.Example:443/a?utm_source=x&id=7&fbclid=y#top", "https://news.example/a?id=7"),
        ("http://news.example:80", "http://news.example/"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://news.example/a?b=%20c&d", "https://news.example/a?b=%20c&d"),
        ("https://[::1]:443/a", "https://[::1]/a"),
    ],
)
def test_a_canonical_address_names_the_page_and_nothing_else(address: str, expected: str) -> None:
    assert canonical(address) == expected


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "/relative", "https://", "http://[bad", "https://u:p@x.example/", "",
     None, "https://x.example:99999/", "https://x.example/" + "a" * 3_000],
)  # fmt: skip
def test_what_a_reader_could_not_follow_is_no_address(address: str | None) -> None:
    assert absolute(address, None) is None


def test_relative_addresses_are_resolved() -> None:
    assert absolute("../b", "https://x.example/a/c/d") == "https://x.example/a/b"


@pytest.mark.parametrize(("address", "names"), [("https://x.example/", False), ("https://x.example/a", True)])
def test_a_front_page_names_no_story(address: str, names: bool) -> None:  # noqa: FBT001 - a column of the table
    assert names_a_page(address) is names
