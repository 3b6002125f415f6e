"""A story's history, as its page tells it, and what it must not tell."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import httpx

from services.publish.store.database import Database
from services.publish.store.history import HistoryReader, versions_of
from services.publish.store.writing import Store
from shared.article import Change
from tests.publish.reading_pages import Publish, parsed, story_page, words
from tests.publish.written import article

HISTORY = "/story/ferry1/history"


def entries(response: httpx.Response) -> list[Any]:
    found: list[Any] = parsed(response).xpath("//ol[@class='revisions']/li[h2]")
    return found


def kinds(response: httpx.Response) -> list[str]:
    return [words(entry.find("h2")) for entry in entries(response)]


def tag(name: str) -> dict[str, Any]:
    return {"tags": [{"scheme": "name", "name": name, "kind": "place", "enricher": "test", "confidence": 90}]}


def numbers(database: Database) -> list[int]:
    return [shown.revision for shown in HistoryReader(database).shown("ferry1", 50)]


def test_each_revision_stands_there_newest_first_and_what_it_was(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    publish(article(revision=2, change=Change.UPDATE, headline="Ferry full at noon"))
    publish(article(revision=3, change=Change.CORRECTION, headline="Ferry nearly full at noon"))
    publish(article(revision=4, change=Change.AMEND, headline="Ferry nearly full at noon", newsroom=tag("Quillport")))
    assert kinds(site.get(HISTORY)) == ["Tags changed", "Corrected", "Updated", "First published"]


def test_a_change_says_in_words_and_by_marks_what_came_and_what_went(site: httpx.Client, publish: Publish) -> None:
    publish(article(body="<p>The ferry sailed at dawn. It was full.</p><p>Nobody was hurt.</p>"))
    publish(
        article(
            revision=2,
            change=Change.CORRECTION,
            body="<p>The ferry sailed at dawn. It was empty.</p><p>Nobody was hurt.</p>",
        )
    )
    corrected = entries(site.get(HISTORY))[0]
    assert [words(ins) for ins in corrected.xpath(".//ins")] == ["Added: It was empty."]
    assert [words(removed) for removed in corrected.xpath(".//del")] == ["Removed: It was full."]
    assert "One paragraph unchanged" in words(corrected)
    assert [words(part) for part in corrected.xpath("h3")] == ["Text"]


def test_tags_that_came_and_went_are_named(site: httpx.Client, publish: Publish) -> None:
    publish(article(newsroom=tag("Quillport")))
    publish(article(revision=2, change=Change.AMEND, newsroom=tag("Reedmouth")))
    amended = entries(site.get(HISTORY))[0]
    assert (words(amended.xpath(".//ins")[0]), words(amended.xpath(".//del")[0])) == ("Reedmouth", "Quillport")


def test_a_revision_that_changed_nothing_that_is_shown_says_so(site: httpx.Client, publish: Publish) -> None:
    publish(article(), article(revision=2, change=Change.AMEND))
    assert "No word and no tag that is shown has changed." in words(entries(site.get(HISTORY))[0])


def test_copy_in_a_history_is_escaped(site: httpx.Client, publish: Publish) -> None:
    publish(article(), article(revision=2, change=Change.UPDATE, headline="<script>x</script> & <b>more</b>"))
    response = site.get(HISTORY)
    assert "<script>x" not in response.text
    assert "<script>x</script> & <b>more</b>" in words(entries(response)[0])


def test_an_address_with_a_headline_leads_to_the_one_without(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    response = site.get("/story/any-words-ferry1/history")
    assert (response.status_code, response.headers["location"]) == (301, HISTORY)


def test_a_story_that_is_off_the_site_has_no_history(site: httpx.Client, publish: Publish) -> None:
    publish(article(), article(revision=2, change=Change.UPDATE))
    assert site.get(HISTORY).status_code == 200
    publish(article(revision=3, change=Change.WITHHOLD))
    assert site.get(HISTORY).status_code == 404
    publish(article(revision=4, change=Change.KILL))
    killed = site.get(HISTORY)
    assert killed.status_code == 410
    assert "Harbour ferry" not in killed.text
    assert site.get("/story/nobody1/history").status_code == 404


def test_search_engines_are_asked_to_leave_what_was_wrong_out(site: httpx.Client, publish: Publish) -> None:
    publish(article(), article(revision=2, change=Change.CORRECTION))
    assert parsed(site.get(HISTORY)).xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_a_story_without_changes_does_not_lead_to_a_history(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    assert not parsed(story_page(site)).xpath(f"//a[@href='{HISTORY}']")


def test_a_story_that_changed_leads_to_its_history_and_says_how_often(site: httpx.Client, publish: Publish) -> None:
    publish(article(), article(revision=2, change=Change.UPDATE), article(revision=3, change=Change.AMEND))
    (link,) = parsed(story_page(site)).xpath(f"//a[@href='{HISTORY}']")
    assert words(link) == "3 versions"


def test_a_long_history_goes_on_on_another_page(site: httpx.Client, publish: Publish) -> None:
    publish(article(), *(article(revision=n, change=Change.UPDATE, headline=f"Take {n}") for n in range(2, 26)))
    first = site.get(HISTORY)
    rest = site.get(parsed(first).xpath("//a[@rel='next']/@href")[0])
    assert kinds(first) == ["Updated"] * 20
    assert kinds(rest) == [*["Updated"] * 4, "First published"]
    assert "Take 5" in words(entries(first)[-1]), "the last of a page is compared with the one after it"


def test_what_a_kill_took_away_stays_away_after_a_reinstatement(database: Database) -> None:
    Store(database).apply([article(headline="Wrong"), article(revision=2, change=Change.UPDATE, headline="Wrong too")])
    Store(database).apply([article(revision=3, change=Change.KILL)])
    Store(database).apply([article(revision=4, change=Change.UPDATE), article(revision=5, change=Change.REINSTATE)])
    Store(database).apply([article(revision=6, change=Change.UPDATE)])
    assert numbers(database) == [6, 5]
    assert versions_of(database, "ferry1") == 2


def test_a_history_is_the_same_whatever_order_its_revisions_came_in(database: Database) -> None:
    found = set()
    for number, order in enumerate(permutations([1, 2, 3, 4])):
        changes = {1: Change.NEW, 2: Change.KILL, 3: Change.REINSTATE, 4: Change.CORRECTION}
        story = f"order{number}"
        Store(database).apply([article(story, revision, changes[revision]) for revision in order])
        found.add(tuple(shown.revision for shown in HistoryReader(database).shown(story, 9)))
    assert found == {(4, 3)}
