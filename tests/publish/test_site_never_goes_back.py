"""Whatever order a story's revisions come in, and however often, no surface of the site ever goes back behind a kill.

Random histories are delivered in random orders, with repeats, by projectors that come and go; after every step all that
readers and machines are served over HTTP is held against what the revisions, taken together, say.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.publish.site.web import site_app
from services.publish.store.database import Database
from services.publish.store.standing import revision_of, settle
from services.publish.store.writing import Store
from shared.article import Article, Change, Kind, PubStatus, Tag
from tests.publish.reading_pages import SYDNEY, story_page
from tests.publish.serving import serving
from tests.publish.written import START, article
from tests.waiting import wait_until_sync

pytestmark = pytest.mark.heavy

LISTS = (
    *("/", "/local", "/person/ana-lind", "/topic/20000337", "/archive/2024-03-05"),
    *("/feed.xml", "/atom.xml", "/feed.json", "/local/feed.xml", "/topic/20000337/feed.json"),
    *("/sitemap.xml", "/sitemap/1.xml", "/sitemap/2.xml", "/news-sitemap.xml"),
    *("/search?q=ferry", "/search?q=ferry&sort=newest", "/api/v1/articles"),
)
TAGS = (
    Tag(scheme="name", name="Ana Lind", kind=Kind.PERSON, enricher="names", confidence=80),
    Tag(scheme="mediatopic", code="medtop:20000337", name="tourism", enricher="topics", confidence=80),
)
examples = itertools.count(1)


@pytest.fixture
def site(store_url: str) -> Iterator[tuple[str, httpx.Client]]:
    database = Database(store_url)
    with serving(site_app(database, SYDNEY, checks={}, cached_pages=64, watch_every=0)) as client:
        yield store_url, client
    database.close()


def told(example: int, revision: int) -> str:
    """Return a word that stands in one revision of one story and nowhere else."""
    return f"Marker{example}x{revision}y"


def history_of(example: int, changes: list[Change]) -> list[Article]:
    return [
        article(
            f"s{example}",
            revision=number,
            change=change,
            headline=f"Ferry {told(example, number)} sails",
            summary=f"Summary {told(example, number)}.",
            body=f"<p>Body {told(example, number)}.</p>",
            first_created=START + timedelta(days=1, seconds=example),
            newsroom={"tags": TAGS},
        )
        for number, change in enumerate(changes, start=1)
    ]


def hold_against(client: httpx.Client, example: int, delivered: list[Article]) -> None:
    """Hold everything that is served against what was delivered so far."""
    standing = settle(map(revision_of, delivered))
    story_id, mine = f"s{example}", f"Marker{example}x"
    allowed = told(example, standing.current) if standing.status is PubStatus.USABLE else None
    for path in LISTS:
        answer = client.get(path)
        said = answer.text.replace(allowed, "") if allowed else answer.text
        assert mine not in said, (path, standing, answer.status_code)
        if allowed is None:
            assert f"-{story_id}" not in said, path
    page, api = story_page(client, story_id), client.get(f"/api/v1/articles/{story_id}")
    expected = {PubStatus.USABLE: (200, 200), PubStatus.WITHHELD: (404, 404), PubStatus.CANCELED: (410, 410)}
    assert (page.status_code, api.status_code) == expected[standing.status]
    if allowed:
        assert allowed in page.text
        assert allowed in api.text
        assert allowed in client.get("/").text
    else:
        assert mine not in page.text + api.text
    before_the_kill = {told(example, n) for n in killed_revisions(delivered)}
    versions = client.get(f"/story/{story_id}/history")
    assert not any(word in versions.text for word in before_the_kill)


def killed_revisions(delivered: list[Article]) -> list[int]:
    kills = [a.newsroom.revision for a in delivered if revision_of(a).status is PubStatus.CANCELED]
    return [a.newsroom.revision for a in delivered if kills and a.newsroom.revision <= max(kills)]


changes = st.lists(st.sampled_from(list(Change)), min_size=1, max_size=6)


@settings(
    max_examples=max(8, settings().max_examples // 10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=changes, data=st.data())
def test_no_surface_ever_goes_back(site: tuple[str, httpx.Client], changes: list[Change], data: st.DataObject) -> None:
    url, client = site
    example = next(examples)
    articles = history_of(example, changes)
    repeats = data.draw(st.lists(st.sampled_from(articles), max_size=3))
    waiting = data.draw(st.permutations([*articles, *repeats]))
    delivered: list[Article] = []
    while waiting:
        size = data.draw(st.integers(1, 3))
        projector = Database(url)  # one that has just been started
        Store(projector).apply(waiting[:size])
        projector.close()
        delivered += waiting[:size]
        waiting = waiting[size:]
        hold_against(client, example, delivered)


def test_a_kill_empties_the_memory_of_every_replica_within_a_second(store_url: str) -> None:
    first, second = Database(store_url), Database(store_url)
    Store(first).apply(history_of(9_000, [Change.NEW]))
    one = site_app(first, SYDNEY, checks={}, cached_pages=64, watch_every=0.2)
    other = site_app(second, SYDNEY, checks={}, cached_pages=64, watch_every=0.2)
    with serving(one) as here, serving(other) as there:
        replicas = (here, there)
        for client in replicas:
            assert all("Marker9000x1y" in client.get(path).text for path in ("/", "/feed.xml", "/local"))
        Store(first).apply(history_of(9_000, [Change.NEW, Change.KILL])[1:])

        def is_gone() -> bool:
            answers = [client.get(path) for client in replicas for path in LISTS]
            return not any("Marker9000x" in answer.text for answer in answers)

        wait_until_sync(is_gone, timeout=1)
        assert [story_page(client, "s9000").status_code for client in replicas] == [410, 410]
    first.close()
    second.close()
