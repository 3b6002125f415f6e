"""The search page, as a reader without JavaScript uses it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from shared.article import Change
from tests.publish.reading_pages import Publish, parsed, words
from tests.publish.written import article


def headlines(response: httpx.Response) -> list[str]:
    return [words(heading) for heading in parsed(response).xpath("//article[@class='card']/h2")]


def one(response: httpx.Response, path: str) -> Any:
    (found,) = parsed(response).xpath(path)
    return found


def test_every_page_has_a_form_that_leads_to_the_search(site: httpx.Client) -> None:
    form = one(site.get("/"), "//header//form[@role='search']")
    assert (form.get("action"), form.get("method"), form.xpath(".//input")[0].get("name")) == ("/search", None, "q")


def test_a_story_is_found_with_its_words_marked(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    page = parsed(site.get("/search", params={"q": "noon ferries"}))
    assert [words(mark) for mark in page.xpath("//article[@class='card']//mark")] == ["ferry", "ferry", "noon"]
    assert page.xpath("//article[@class='card']/h2/a")[0].get("href").endswith("-ferry1")


def test_what_the_copy_says_is_escaped_between_the_marks(site: httpx.Client, publish: Publish) -> None:
    publish(article(headline="Ferry <script>alert(1)</script>", body="<p>A ferry &lt;img src=x onerror=y&gt;.</p>"))
    response = site.get("/search", params={"q": "ferry"})
    assert "<script>alert" not in response.text
    assert not parsed(response).xpath("//article[@class='card']//img")
    assert "<img src=x" in words(one(response, "//p[@class='snippet']"))


def test_whatever_is_typed_gets_a_page(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    for typed in ('"><script>x</script>', "' OR 1=1 --", '"', "-", "\x00", "a" * 4_000, "%zz", "&#0;"):
        response = site.get("/search", params={"q": typed})
        assert response.status_code == 200
        assert "<script>x" not in response.text


def test_the_question_stands_in_the_form_again_with_its_filters(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    asked = {"q": 'ferry "at dawn"', "from": "2024-03-01", "section": "local", "source": "Coastline Radio"}
    form = one(site.get("/search", params=asked), "//main//form")
    chosen = {option.getparent().get("name"): option.get("value") for option in form.xpath(".//option[@selected]")}
    typed = {field.get("name"): field.get("value") for field in form.xpath(".//input") if field.get("value")}
    assert {**typed, **chosen} == asked


def test_filters_are_of_the_site_s_days_sections_and_sources(site: httpx.Client, publish: Publish) -> None:
    publish(article())  # at 20:00 in Sydney
    holding = [
        {"from": "2024-03-04", "to": "2024-03-04"},
        {"from": "no day"},
        {"to": "9999-99-99"},
        {"source": "Coastline Radio"},
    ]
    excluding = [{"from": "2024-03-05"}, {"to": "2024-03-03"}, {"section": "sport"}, {"source": "Quay Wire"}]
    for filters in (*holding, *excluding):
        found = headlines(site.get("/search", params={"q": "ferry", **filters}))
        assert len(found) == (filters in holding), filters


def test_pages_go_on_by_links_until_all_is_shown_once(site: httpx.Client, publish: Publish) -> None:
    publish(*(article(f"s{n}", headline=f"Ferry number {n}") for n in range(45)))
    for order in ("", "&sort=newest"):
        seen: list[str] = []
        address: str | None = f"/search?q=ferry{order}"
        while address:
            response = site.get(address)
            seen += headlines(response)
            more = parsed(response).xpath("//a[starts-with(@rel, 'next')]")
            address = more[0].get("href") if more else None
        assert seen == [f"Ferry number {n}" for n in reversed(range(45))]


def test_a_mistyped_word_shows_what_was_meant(site: httpx.Client, publish: Publish) -> None:
    publish(article(headline="Quillport regatta begins"))
    response = site.get("/search", params={"q": "quilport regatta"})
    assert words(one(response, "//p[@class='meant']/a")) == "quillport regatta"
    assert headlines(response) == ["Quillport regatta begins"]


def test_nothing_is_said_in_words_when_nothing_is_found(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    assert "Nothing is found for zeppelin" in words(one(site.get("/search?q=zeppelin"), "//p[@class='meant']"))


def test_search_engines_are_asked_to_leave_it_out(site: httpx.Client) -> None:
    assert one(site.get("/search?q=ferry"), "//meta[@name='robots']").get("content") == "noindex"


@pytest.mark.parametrize("change", [Change.KILL, Change.WITHHOLD])
def test_a_story_that_was_found_is_not_found_once_it_is_off(
    site: httpx.Client, publish: Publish, change: Change
) -> None:
    publish(article())
    assert headlines(site.get("/search?q=ferry"))
    publish(article(revision=2, change=change))
    response = site.get("/search?q=ferry")
    assert not headlines(response)
    assert "Harbour ferry" not in response.text
    assert not parsed(site.get("/search?q=ferru")).xpath("//p[@class='meant']/a"), (
        "a killed story's words are not proposed"
    )


def test_no_search_stays_in_memory(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    first = site.get("/search?q=ferry").headers["surrogate-key"]
    assert first.split() == ["latest", "story:ferry1"]


def test_a_section_named_as_the_archive_keeps_an_address(site: httpx.Client, publish: Publish) -> None:
    publish(article(newsroom={"section": "Archive"}))
    assert site.get("/archive-news").status_code == 200
