"""How the site looks and behaves in a browser: for every reader, on every kind of page, in light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it says nothing of its types
from playwright.sync_api import Browser, Page, Response, Route, expect

from services.publish.site.web import site_app
from shared.article import Change
from shared.branding import Comments
from tests.browser.conftest import Served
from tests.browser.edition import LEADING, edition
from tests.publish.reading_pages import SYDNEY
from tests.publish.serving import serving
from tests.publish.written import article

STORY = f"/story/x-{LEADING}"
PAGES = {
    "home": "/",
    "older": "/?before=6",
    "section": "/world",
    "topic": "/topic/20000426",
    "place": "/place/brayhaven-900000001",
    "person": "/person/ilse-haverkamp",
    "organisation": "/organisation/association-of-outer-ports",
    "story": STORY,
    "search": "/search?q=sea",
    "archive": "/archive",
    "day": "/archive/2026-06-17",
    "history": f"/story/{LEADING}/history",
    "missing": "/no-such-page",
    "killed": "/story/x-killed",
}
LARGEST_HTML = 60_000
LARGEST_WHOLE = 100_000


@pytest.fixture(autouse=True)
def paper(served: Served) -> None:
    served.publish(*edition(), article("killed", 2, Change.KILL))


@pytest.fixture
def visitor(chromium: Browser, served: Served) -> Iterator[Any]:
    """Opens pages as different readers do: with another width, other colours, another time zone, without scripts."""
    contexts = []

    def visit(path: str, *, width: int = 1280, **preferences: Any) -> Page:
        context = chromium.new_context(base_url=served.url, viewport={"width": width, "height": 800}, **preferences)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
@pytest.mark.parametrize(("colours", "width"), [("light", 1280), ("dark", 1280), ("light", 320)])
def test_axe_finds_no_violation(visitor: Any, path: str, colours: str, width: int) -> None:
    results = Axe().run(visitor(path, width=width, color_scheme=colours))
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_a_narrow_screen_is_enough(visitor: Any, path: str) -> None:
    """320 px is a small telephone, and also 1280 px at a zoom of 400 % (WCAG 1.4.10)."""
    page = visitor(path, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_a_page_is_light_and_asks_nobody_else(page: Page, path: str) -> None:
    """The fixture looks at whom it asked, and at its scripts."""
    answers: list[Response] = []
    complaints: list[str] = []

    def note(answer: Response) -> None:
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):  # which has no end
            answers.append(answer)

    page.on("response", note)
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(path, wait_until="load")
    sizes = {answer.url: len(answer.body()) for answer in answers if answer.status == 200 or answer.url == page.url}
    assert sizes[page.url] < LARGEST_HTML
    assert sum(sizes.values()) < LARGEST_WHOLE
    assert [told for told in complaints if "status of 4" not in told] == []  # a browser notes that a page is missing


SHIFT = """() => new Promise(resolve => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve(sum), 400);
})"""


@pytest.mark.parametrize("path", ["/", STORY], ids=["home", "story"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_moves_while_a_page_loads(visitor: Any, path: str, width: int) -> None:
    assert visitor(path, width=width, timezone_id="America/Halifax").evaluate(SHIFT) == 0


def test_a_reader_elsewhere_sees_his_own_time_beside_the_sites(visitor: Any) -> None:
    when = visitor(STORY, timezone_id="Europe/Berlin").locator(".when")
    expect(when).to_contain_text("17 June 2026, 14:28 AEST (06:28 your time)")


def test_a_reader_for_whom_it_is_another_day_is_told_the_day(visitor: Any) -> None:
    when = visitor("/story/x-ferry2", timezone_id="Pacific/Honolulu").locator(".when")
    expect(when).to_contain_text("17 June 2026, 15:16 AEST (16 June, 19:16 your time)")


def test_a_reader_in_the_sites_zone_sees_one_time(visitor: Any) -> None:
    when = visitor(STORY, timezone_id="Australia/Sydney").locator(".when")
    assert "your time" not in when.inner_text()


def test_the_address_of_a_story_is_copied(visitor: Any) -> None:
    page = visitor(STORY, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".share [role=status]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_the_whole_paper_can_be_read_with_a_keyboard(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".lead a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("article h1")).to_contain_text("Eleven harbour towns")


def test_what_has_the_focus_is_outlined(page: Page) -> None:
    page.goto(STORY)
    unseen = []
    for _ in range(page.locator("a:visible, button:visible").count()):
        page.keyboard.press("Tab")
        outline, name = page.evaluate(
            "[getComputedStyle(document.activeElement).outlineStyle, document.activeElement.textContent]"
        )
        unseen += [name] if outline == "none" else []
    assert unseen == []


def test_without_scripts_nothing_is_missing_that_is_needed_to_read(visitor: Any) -> None:
    page = visitor(STORY, java_script_enabled=False)
    expect(page.locator(".body")).to_contain_text("84 kilometres")
    expect(page.locator(".when")).to_contain_text("17 June 2026, 14:28 AEST")
    expect(page.get_by_role("button", name="Copy link")).to_be_hidden()


def test_the_dark_is_dark_and_the_light_is_light(visitor: Any) -> None:
    ground = "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)"
    assert max(visitor("/", color_scheme="dark").evaluate(ground)) < 40
    assert min(visitor("/", color_scheme="light").evaluate(ground)) > 240


def test_paper_gets_the_story_and_its_address_and_no_menus(visitor: Any) -> None:
    page = visitor(STORY)
    page.emulate_media(media="print")
    expect(page.locator(".printed")).to_have_text(page.url)
    for hidden in (".masthead nav", ".share", ".more", "body > footer"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_at_twice_the_size_of_text_no_line_is_cut_off(visitor: Any) -> None:
    page = visitor(STORY, width=640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    boxes = [line.bounding_box() for line in page.locator("article h1, .byline, .body > p").all()]
    assert all(box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 640 for box in boxes)
    tops = [box["y"] for box in boxes if box is not None]
    assert all(upper < lower for upper, lower in pairwise(tops))


def test_comments_are_asked_for_by_a_click_and_not_before(chromium: Browser, served: Served) -> None:
    talk = Comments.model_validate(
        {"provider": "Talkboard", "script": "https://talk.example/embed.js", "attributes": {"class": "talk"}}
    )
    site = SYDNEY.model_copy(update={"comments": talk})
    with serving(site_app(served.database, site, checks={}, cached_pages=8, watch_every=0)) as client:
        context = chromium.new_context(base_url=str(client.base_url))
        asked: list[str] = []

        def answer(route: Route) -> None:
            asked.append(route.request.url)
            route.fulfill(content_type="text/javascript", body="document.querySelector('.talk').textContent = 'First!'")

        context.route("https://talk.example/**", answer)
        page = context.new_page()
        page.goto(STORY, wait_until="load")
        assert asked == []
        page.get_by_role("button", name="Load comments from Talkboard").click()
        expect(page.locator(".talk")).to_have_text("First!")
        context.close()
