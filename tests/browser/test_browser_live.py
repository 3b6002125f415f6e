"""What an open page is told, as its reader sees it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from services.publish.slug import slug_of, story_path
from shared.article import Change
from tests.browser.conftest import Served
from tests.publish.written import article

FERRY = story_path(slug_of("Harbour ferry returns to service after winter refit"), "ferry1")


def bar(page: Page) -> Locator:
    return page.locator("#live")


def story(page: Page) -> Locator:
    return page.locator("main .story")


def correction(body: str = "<p>The ferry sailed at noon.</p>", revision: int = 2, **members: Any) -> Any:
    return article(revision=revision, change=Change.CORRECTION, body=body, **members)


@pytest.fixture
def reading(served: Served, page: Page) -> Page:
    """A tab that shows the ferry's story."""
    served.publish(article())
    page.goto(FERRY)
    expect(story(page)).to_contain_text("sailed at dawn")
    return page


@pytest.fixture
def browsing(served: Served, page: Page) -> Page:
    """A tab that shows the home page, with two stories."""
    served.publish(article(), article("bridge1", headline="Bridge closes for painting"))
    page.goto("/")
    return page


def shifts(page: Page) -> float:
    """Return how much of the page has moved by itself so far (the browser's cumulative layout shift)."""
    found = page.evaluate(
        """() => new Promise((done) => {
          const all = new PerformanceObserver((list) => done(list.getEntries().reduce((sum, e) => sum + e.value, 0)));
          all.observe({ type: "layout-shift", buffered: true });
          setTimeout(() => done(0), 300);
        })"""
    )
    return float(found)


def test_new_stories_are_counted_in_a_bar(served: Served, browsing: Page) -> None:
    served.publish(article("a1", headline="Tram line opens"))
    expect(bar(browsing)).to_have_text("1 new story")
    served.publish(article("a2", headline="Market moves"), article("a3", headline="Pool reopens"))
    expect(bar(browsing)).to_have_text("3 new stories")
    expect(bar(browsing)).to_have_attribute("role", "status")
    expect(browsing.locator("main")).not_to_contain_text("Tram line")


def test_the_bar_moves_nothing_and_takes_no_focus(served: Served, browsing: Page) -> None:
    link = browsing.get_by_role("link", name="Bridge closes").first
    link.focus()
    before = shifts(browsing)
    served.publish(article("a1", headline="Tram line opens"))
    expect(bar(browsing)).to_have_text("1 new story")
    expect(link).to_be_focused()
    assert shifts(browsing) == before


def test_the_bar_brings_the_new_stories_in_without_a_reload(served: Served, browsing: Page) -> None:
    browsing.evaluate("window.same = true")
    served.publish(article("a1", headline="Tram line opens"))
    browsing.get_by_role("button", name="1 new story").click()
    expect(browsing.locator("main")).to_contain_text("Tram line opens")
    expect(bar(browsing)).to_be_empty()
    expect(browsing.locator("main")).to_be_focused()
    assert browsing.evaluate("window.same") is True


def test_the_bar_is_used_by_keyboard(served: Served, browsing: Page) -> None:
    served.publish(article("a1", headline="Tram line opens"))
    button = browsing.get_by_role("button", name="1 new story")
    button.focus()
    served.publish(article("a2", headline="Market moves"))
    expect(bar(browsing)).to_have_text("2 new stories")
    browsing.keyboard.press("Enter")
    expect(browsing.locator("main")).to_contain_text("Market moves")


def test_a_list_counts_what_belongs_in_it(served: Served, page: Page) -> None:
    served.publish(article("b1", newsroom={"section": "sport"}))
    page.goto("/sport")
    served.publish(article("b2", headline="Budget passes", newsroom={"section": "politics"}))
    served.publish(article("b3", headline="Rowers win", newsroom={"section": "sport"}))
    expect(bar(page)).to_have_text("1 new story")


def test_a_corrected_headline_is_corrected_where_it_stands(served: Served, browsing: Page) -> None:
    served.publish(correction(headline="Harbour ferry returns after spring refit"))
    expect(browsing.get_by_role("link", name="after spring refit").first).to_be_visible()
    expect(browsing.locator("main")).not_to_contain_text("winter refit")
    expect(bar(browsing)).to_be_empty()


def test_a_killed_story_leaves_an_open_list_at_once(served: Served, browsing: Page) -> None:
    expect(browsing.locator("main")).to_contain_text("Harbour ferry")
    before = shifts(browsing)
    served.publish(article(revision=2, change=Change.KILL))
    expect(browsing.locator("main")).not_to_contain_text("Harbour ferry", timeout=1_000)
    expect(browsing.locator("main")).to_contain_text("Bridge closes")
    assert shifts(browsing) == before


def test_an_open_story_that_is_corrected_says_so_and_shows_it_when_asked(served: Served, reading: Page) -> None:
    served.publish(correction())
    expect(bar(reading)).to_contain_text("This story has been corrected.")
    expect(story(reading)).to_contain_text("sailed at dawn")
    reading.get_by_role("button", name="Show the new version").click()
    expect(story(reading)).to_contain_text("sailed at noon")
    expect(story(reading)).to_contain_text("Correction")
    expect(bar(reading)).to_be_empty()


def test_an_open_story_that_is_updated_says_so(served: Served, reading: Page) -> None:
    served.publish(article(revision=2, change=Change.UPDATE, body="<p>It sailed again.</p>"))
    expect(bar(reading)).to_contain_text("There is a new version of this story.")


def test_a_new_version_has_the_address_that_goes_with_its_headline(served: Served, reading: Page) -> None:
    served.publish(correction(headline="Harbour ferry returns after spring refit"))
    reading.get_by_role("button", name="Show the new version").click()
    expect(reading).to_have_url(f"{served.url}/story/harbour-ferry-returns-after-spring-refit-ferry1")
    expect(reading).to_have_title("Harbour ferry returns after spring refit \u2013 The Harbour Wire")


def test_tags_that_come_late_disturb_nobody(served: Served, reading: Page) -> None:
    served.publish(article(revision=2, change=Change.AMEND))
    reading.wait_for_timeout(1_000)  # longer than a page waits before it looks
    expect(bar(reading)).to_be_empty()


def test_a_killed_story_is_covered_while_it_is_read(served: Served, reading: Page) -> None:
    committed = time.monotonic()
    served.publish(article(revision=2, change=Change.KILL))
    expect(reading.get_by_role("heading", level=1)).to_have_text("Story withdrawn", timeout=1_000)
    assert time.monotonic() - committed < 1
    left = reading.content()
    assert [word for word in ("dawn", "Harbour ferry", "forty passengers") if word in left] == []
    expect(reading).to_have_title("Story withdrawn")
    expect(bar(reading)).to_have_text("Story withdrawn")


def test_a_withheld_story_is_covered_while_it_is_read_and_comes_back_when_asked(served: Served, reading: Page) -> None:
    served.publish(article(revision=2, change=Change.WITHHOLD))
    expect(reading.get_by_role("heading", level=1)).to_have_text("Not available", timeout=1_000)
    assert "dawn" not in reading.content()
    served.publish(article(revision=3, change=Change.REINSTATE))
    reading.get_by_role("button", name="Show the new version").click()
    expect(story(reading)).to_contain_text("sailed at dawn")


def test_a_killed_story_does_not_come_back_with_the_back_button(served: Served, reading: Page) -> None:
    reading.get_by_role("link", name="The Harbour Wire").first.click()
    expect(reading).to_have_url(f"{served.url}/")
    served.publish(article(revision=2, change=Change.KILL))
    reading.wait_for_timeout(300)
    reading.go_back()
    expect(reading.get_by_role("heading", level=1)).to_have_text("Story withdrawn")
    assert "dawn" not in reading.content()


def hidden(page: Page, *, is_hidden: bool) -> None:
    page.evaluate(
        """(hidden) => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )


def test_a_tab_out_of_sight_is_quiet_and_learns_all_when_it_is_looked_at(served: Served, browsing: Page) -> None:
    hidden(browsing, is_hidden=True)
    served.publish(article("a1"), article(revision=2, change=Change.KILL))
    browsing.wait_for_timeout(500)
    expect(bar(browsing)).to_be_empty()
    hidden(browsing, is_hidden=False)
    expect(bar(browsing)).to_have_text("1 new story")
    expect(browsing.locator("main")).not_to_contain_text("Harbour ferry")


def test_more_than_can_be_told_is_found_out_by_looking(served: Served, browsing: Page) -> None:
    served.publish(
        article(revision=2, change=Change.KILL),
        *(article(f"n{n}", headline=f"Notice {n} of the board") for n in range(60)),
    )
    expect(browsing.locator("main")).not_to_contain_text("Harbour ferry", timeout=1_000)
    expect(bar(browsing)).to_contain_text("new stories", timeout=8_000)


def test_without_scripts_there_is_all_to_read_and_nothing_live(served: Served, chromium: Browser) -> None:
    served.publish(article())
    context = chromium.new_context(base_url=served.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(FERRY)
    expect(story(page)).to_contain_text("sailed at dawn")
    expect(bar(page)).to_be_empty()
    served.publish(article(revision=2, change=Change.KILL))
    page.wait_for_timeout(500)
    answer = page.reload()
    assert answer is not None
    assert answer.status == 410
    context.close()
