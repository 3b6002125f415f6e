"""What a reader sees in a browser, to begin with."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Served
from tests.publish.written import article


def test_a_reader_goes_from_the_front_page_to_a_story(served: Served, page: Page) -> None:
    served.publish(article())
    page.goto("/")
    page.get_by_role("link", name="Harbour ferry returns").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Harbour ferry returns")
