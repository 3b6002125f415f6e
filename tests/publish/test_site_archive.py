"""The archive by day, in the zone of the site: here Sydney, where midnight is at 13:00 or 14:00 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from services.publish.store.archive import ArchiveReader
from services.publish.store.database import Database
from services.publish.store.writing import Store
from shared.article import Article, Assumption, Change
from tests.publish.reading_pages import Publish, parsed, words
from tests.publish.written import article


def dated(story_id: str, moment: datetime, **members: Any) -> Article:
    newsroom = {"received": moment, **members.pop("newsroom", {})}
    return article(story_id, first_created=moment, version_created=moment, newsroom=newsroom, **members)


def at(day: int, hour: int, month: int = 3, year: int = 2024) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def day_alone(story_id: str, day: int) -> Article:
    """A story of which the copy gave a day: midnight UTC stands for it."""
    assumed = (Assumption(code="time_of_day_assumed", detail="no time"),)
    return dated(story_id, at(day, 0), newsroom={"assumptions": assumed, "received": at(day + 1, 0)})


def ids(response: httpx.Response) -> list[str]:
    links = parsed(response).xpath("//article[@class='card']/h2/a")
    return [link.get("href").rpartition("-")[2] for link in links]


def test_a_day_has_the_stories_of_the_site_s_day_newest_first(site: httpx.Client, publish: Publish) -> None:
    publish(
        dated("before1", at(3, 12)), dated("early1", at(3, 13)), dated("late1", at(4, 12)), dated("after1", at(4, 13))
    )
    assert ids(site.get("/archive/2024-03-04")) == ["late1", "early1"]


def test_a_story_without_a_time_of_day_is_on_its_day(database: Database) -> None:
    Store(database).apply([day_alone("day1", 4), dated("timed1", at(4, 12))])
    in_honolulu = ArchiveReader(database, ZoneInfo("Pacific/Honolulu"))  # where midnight UTC is 14:00 on the day before
    day = at(4, 0).date()
    assert [t.story_id for t in in_honolulu.of_day(day, 9)] == ["timed1", "day1"]
    assert in_honolulu.of_day(day - timedelta(days=1), 9) == []
    assert in_honolulu.days(day.replace(day=1)) == [day]


def test_a_day_leads_to_the_days_beside_it_that_have_stories(site: httpx.Client, publish: Publish) -> None:
    publish(dated("a1", at(1, 5)), dated("b1", at(10, 5)), dated("c1", at(2, 5, month=6)))
    links = parsed(site.get("/archive/2024-03-10")).xpath("//nav[@aria-label='Archive']/a")
    assert [link.get("href") for link in links] == ["/archive/2024-03-01", "/archive/2024-03", "/archive/2024-06-02"]


def test_a_month_lists_its_days(site: httpx.Client, publish: Publish) -> None:
    publish(dated("a1", at(1, 5)), dated("b1", at(10, 13)), dated("c1", at(2, 5, month=6)))
    days = parsed(site.get("/archive/2024-03")).xpath("//ul[@class='days']//a")
    assert [words(day) for day in days] == ["Friday, 1 March", "Monday, 11 March"]


def test_the_archive_lists_months_by_years(site: httpx.Client, publish: Publish) -> None:
    publish(dated("a1", at(1, 5)), dated("b1", at(31, 14, month=12)), dated("c1", at(2, 5, month=6, year=2019)))
    page = parsed(site.get("/archive"))
    assert [words(year) for year in page.xpath("//section[@class='months']/h2")] == ["2025", "2024", "2019"]
    assert [a.get("href") for a in page.xpath("//section[@class='months']//a")] == [
        "/archive/2025-01",
        "/archive/2024-03",
        "/archive/2019-06",
    ]


def test_an_empty_archive_is_a_page(site: httpx.Client) -> None:
    assert site.get("/archive").status_code == 200


def test_what_has_no_stories_or_is_no_day_is_not_found(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    wrong = ["2024-03-05", "2024-02", "2024-13", "2024-02-30", "0000-01-01", "9999-12-31", "2024", "today", "2024-3-4"]
    assert {when: site.get(f"/archive/{when}").status_code for when in wrong} == dict.fromkeys(wrong, 404)


def test_pages_of_a_day_keep_their_place_while_stories_arrive(site: httpx.Client, publish: Publish) -> None:
    publish(*(dated(f"s{n:02}", at(4, 2) + timedelta(minutes=n)) for n in range(25)))
    first = site.get("/archive/2024-03-04")
    publish(dated("new1", at(4, 9)))
    rest = site.get(parsed(first).xpath("//a[@rel='next']")[0].get("href"))
    assert [*ids(first), *ids(rest)] == [f"s{n:02}" for n in reversed(range(25))]


def test_a_killed_story_leaves_its_day(site: httpx.Client, publish: Publish) -> None:
    publish(article(), dated("stays1", at(4, 8)))
    assert len(ids(site.get("/archive/2024-03-04"))) == 2
    publish(article(revision=2, change=Change.KILL))
    assert ids(site.get("/archive/2024-03-04")) == ["stays1"]


def test_a_day_that_lost_its_only_story_is_not_found(site: httpx.Client, publish: Publish) -> None:
    publish(article())
    assert site.get("/archive/2024-03-04").status_code == 200
    publish(article(revision=2, change=Change.KILL))
    assert site.get("/archive/2024-03-04").status_code == 404
    assert not parsed(site.get("/archive")).xpath("//section[@class='months']//a")
