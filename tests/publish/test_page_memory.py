"""Pages in memory: given as long as nothing in them has moved, and not a moment longer."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from starlette.requests import Request

from services.publish.site.answer import Answer
from services.publish.site.assets import load_assets
from services.publish.site.page_cache import Page, PageCache
from services.publish.site.pages import Pages
from services.publish.site.render import Renderer
from services.publish.site.serve_pages import PageServer
from services.publish.site.watch import Watch
from services.publish.site.web import site_app
from services.publish.store.changes import Changes, changes_since
from services.publish.store.database import Database
from services.publish.store.reading import Cursor, Reader
from services.publish.store.writing import Store
from shared.article import Change, Kind, Tag
from tests.publish.reading_pages import SYDNEY, Publish, story_page
from tests.publish.serving import serving
from tests.publish.written import article
from tests.waiting import wait_until_sync

HOME = ("http://site", "/")
STORY = ("http://site", "/story/a")


def page(text: str, *keys: str, max_age: float = 60) -> Page:
    return Page(text.encode(), keys=frozenset(keys), max_age=max_age)


def body(answer: Answer | None) -> bytes | None:
    return answer.page.body if answer else None


@pytest.fixture
def cache() -> PageCache:
    cache = PageCache(2)
    cache.clear(1)
    return cache


def test_a_page_stands_while_other_stories_move(cache: PageCache) -> None:
    cache.put(1, STORY, page("a", "story:a"))
    cache.advance(2, {"story:b"})
    assert body(cache.get(STORY)) == b"a"


def test_a_page_goes_with_what_it_shows(cache: PageCache) -> None:
    cache.put(1, STORY, page("a", "story:a", "story:b"))
    cache.advance(2, {"story:b"})
    assert cache.get(STORY) is None


def test_a_page_that_was_begun_before_the_move_is_not_kept(cache: PageCache) -> None:
    cache.advance(2, {"story:a"})
    cache.put(1, STORY, page("a", "story:a"))
    assert cache.get(STORY) is None


def test_a_page_that_was_begun_before_another_move_is_kept(cache: PageCache) -> None:
    cache.advance(2, {"story:b"})
    cache.put(1, STORY, page("a", "story:a"))
    assert body(cache.get(STORY)) == b"a"


def test_a_page_begun_before_what_is_remembered_is_not_kept(cache: PageCache) -> None:
    cache.clear(5)
    cache.put(1, STORY, page("a", "story:a"))
    assert cache.get(STORY) is None


def test_moves_beyond_memory_count_as_moves_of_everything(cache: PageCache) -> None:
    for edition in range(2, 1_100):
        cache.advance(edition, {"story:b"})
    cache.put(1, STORY, page("a", "story:a"))
    assert cache.get(STORY) is None


def test_a_page_whose_time_is_over_is_given_only_where_nothing_better_is() -> None:
    now = 0.0
    cache = PageCache(2, clock=lambda: now)
    cache.clear(1)
    cache.put(1, STORY, page("a", "story:a", max_age=10))
    now = 11
    assert (cache.get(STORY), body(cache.get(STORY, aged=True))) == (None, b"a")


def test_the_page_used_least_goes_first(cache: PageCache) -> None:
    cache.put(1, ("a",), page("a"))
    cache.put(1, ("b",), page("b"))
    cache.get(("a",))
    cache.put(1, ("c",), page("c"))
    assert (body(cache.get(("a",))), cache.get(("b",)), len(cache)) == (b"a", None, 2)


def test_a_page_that_is_pushed_out_leaves_nothing_behind(cache: PageCache) -> None:
    for name in "abcdef":
        cache.put(1, (name,), page(name, f"story:{name}"))
    assert len(cache._by_name) == 2  # noqa: SLF001 - what it must not hold cannot be seen from outside


def test_changes_name_the_story_and_the_pages_that_list_it(store: Store, database: Database) -> None:
    edition = changes_since(database, None).edition
    tag = Tag(scheme="mediatopic", code="medtop:20000337", name="tourism", enricher="topics", confidence=70)
    place = Tag(scheme="geonames", code="2147714", name="Sydney", kind=Kind.PLACE, enricher="places", confidence=90)
    store.apply([article(newsroom={"tags": (tag, place)})])
    (moved,) = changes_since(database, edition).moved
    assert (moved.story_id, moved.change, moved.section, moved.is_new) == ("ferry1", Change.NEW, "local", True)
    assert set(moved.labels) == {("topic", "20000337"), ("place", "sydney-2147714")}


def test_a_killed_story_is_told_without_its_words(store: Store, database: Database) -> None:
    store.apply([article()])
    edition = changes_since(database, None).edition
    store.apply([article(revision=2, change=Change.KILL)])
    (moved,) = changes_since(database, edition).moved
    assert (moved.change, moved.headline, moved.slug, moved.labels) == (Change.KILL, "", "", ())


def test_more_changes_than_can_be_told_are_told_as_one(store: Store, database: Database) -> None:
    edition = changes_since(database, None).edition
    store.apply([article(f"s{n}") for n in range(5)])
    assert changes_since(database, edition, at_once=4).complete is False


def test_a_store_that_was_put_back_changes_everything(store: Store, database: Database) -> None:
    store.apply([article()])
    assert changes_since(database, 99).complete is False


def test_a_watch_tells_each_change_once() -> None:
    editions = iter([3, 3, 4, 4])
    heard: list[int] = []
    watch = Watch(lambda _: Changes(next(editions)), every=0)
    watch.tell(lambda changes: heard.append(changes.edition))
    for _ in range(4):
        watch.look()
    assert heard == [3, 4]


@pytest.fixture
def watched_site(site_database: Database) -> Iterator[httpx.Client]:
    with serving(site_app(site_database, SYDNEY, checks={}, cached_pages=8, watch_every=0.05)) as client:
        yield client


def test_a_kill_reaches_a_page_in_memory(watched_site: httpx.Client, publish: Publish) -> None:
    publish(article())
    wait_until_sync(lambda: story_page(watched_site).status_code == 200)
    publish(article(revision=2, change=Change.KILL))
    wait_until_sync(lambda: story_page(watched_site).status_code == 410, timeout=1)


def test_a_new_story_reaches_the_home_page_in_memory(watched_site: httpx.Client, publish: Publish) -> None:
    assert "Harbour ferry" not in watched_site.get("/").text
    publish(article())
    wait_until_sync(lambda: "Harbour ferry" in watched_site.get("/").text, timeout=1)


def test_a_killed_story_leaves_the_pages_beside_which_it_stood(watched_site: httpx.Client, publish: Publish) -> None:
    publish(article(), article("ferry2", headline="Second ferry ordered"))
    wait_until_sync(lambda: "Second ferry" in story_page(watched_site).text)
    publish(article("ferry2", revision=2, change=Change.KILL))
    wait_until_sync(lambda: "Second ferry" not in story_page(watched_site).text, timeout=1)


def test_pages_in_memory_are_served_with_the_store_away_and_say_so(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    Store(database).apply([article()])
    away = False

    class Absent(Database):
        def reading(self):  # type: ignore[no-untyped-def] # noqa: ANN202 - the base's own
            if away:
                raise OperationalError("SELECT", {}, OSError("away"))
            return super().reading()

    with serving(site_app(Absent(sqlite_url), SYDNEY, checks={}, cached_pages=8, watch_every=0.05)) as client:
        assert client.get("/").status_code == 200
        away = True
        wait_until_sync(lambda: "cache-status" in client.get("/").headers, timeout=5)
        assert (client.get("/").status_code, client.get("/local").status_code) == (200, 503)
        away = False
        wait_until_sync(lambda: "cache-status" not in client.get("/").headers, timeout=5)
        assert client.get("/local").status_code == 200
    database.close()


def test_a_page_goes_out_packed_to_whoever_takes_it(watched_site: httpx.Client, publish: Publish) -> None:
    publish(article())
    wait_until_sync(lambda: "Harbour ferry" in watched_site.get("/").text)
    with watched_site.stream("GET", "/", headers={"Accept-Encoding": "gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
    plain = watched_site.get("/", headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert "content-encoding" not in plain.headers


def test_a_page_in_memory_is_not_sent_again_to_whoever_has_it(watched_site: httpx.Client, publish: Publish) -> None:
    publish(article())
    wait_until_sync(lambda: "Harbour ferry" in watched_site.get("/").text)
    first = watched_site.get("/")
    again = watched_site.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" in again.headers


def test_a_head_request_has_the_headers_of_the_page_and_no_body(watched_site: httpx.Client, publish: Publish) -> None:
    publish(article())
    wait_until_sync(lambda: "Harbour ferry" in watched_site.get("/").text)
    got = watched_site.get("/", headers={"Accept-Encoding": "identity"})
    head = watched_site.head("/", headers={"Accept-Encoding": "identity"})
    assert (head.content, head.headers["content-length"]) == (b"", str(len(got.content)))


def test_a_page_names_what_it_shows(watched_site: httpx.Client, publish: Publish) -> None:
    publish(article())
    wait_until_sync(lambda: story_page(watched_site).status_code == 200)
    assert "story:ferry1" in story_page(watched_site).headers["surrogate-key"].split()


def test_a_page_past_the_end_of_a_list_is_not_kept(site_database: Database, publish: Publish) -> None:
    publish(article(), article("ferry2", headline="Second ferry ordered"))
    pages = Pages(Reader(site_database), Renderer(SYDNEY, load_assets(SYDNEY)), SYDNEY)
    assert [pages.home("http://site", Cursor(number)).kept for number in (2, 999)] == [True, False]


def test_a_page_that_many_ask_for_at_once_is_made_once() -> None:
    made: list[str] = []

    def make(base: str) -> Page:
        made.append(base)
        time.sleep(0.1)
        return page("a", "story:a")

    server = PageServer(SYDNEY, PageCache(8), Watch(lambda _: Changes(1), every=60), NoFallbacks())
    request = Request({"type": "http", "scheme": "http", "path": "/", "headers": [(b"host", b"site")]})
    with ThreadPoolExecutor(8) as readers:
        answers = list(readers.map(lambda _: server.serve(request, make), range(8)))
    assert ([answer.status_code for answer in answers], len(made)) == ([200] * 8, 1)


class NoFallbacks:
    def bad_request(self) -> Page:
        raise AssertionError("the request is good")

    def unavailable(self) -> Page:
        raise AssertionError("there is no store that could be away")
